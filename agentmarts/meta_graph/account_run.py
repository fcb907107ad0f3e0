"""One account, collected: what is due is asked, kept and entered, until nothing is due or something stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agentmarts.meta_graph import ledger
from agentmarts.meta_graph.asking import REFUSES_SOME, Verdicts, ask_all
from agentmarts.meta_graph.bisection import dead_among
from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.gate import RefusedError
from agentmarts.meta_graph.keeping import QUARANTINE, Counts
from agentmarts.meta_graph.ledger import FOR_EVER, WHOLE, LedgerRow
from agentmarts.meta_graph.missing_objects import ASKED_AGAIN_AFTER, DELETED_AFTER, missing_since
from agentmarts.meta_graph.observations import GraphObject, LedgerState, Parsed, Question
from agentmarts.meta_graph.outgoing import GraphRequest
from agentmarts.meta_graph.paging import Page, pages
from agentmarts.meta_graph.parse_nodes import parse_item, parse_node
from agentmarts.meta_graph.parse_objects import parse_objects
from agentmarts.meta_graph.parser import parse_insights
from agentmarts.meta_graph.planner import Known, plan, sample_key, sample_slot
from agentmarts.meta_graph.plans import Call, Item, Urgency
from agentmarts.meta_graph.quarantined import Quarantined, is_quarantined
from agentmarts.meta_graph.requests import list_request, node_request
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.session import STOPPING, Duty, Session, StoppedError
from agentmarts.meta_graph.store_keys import known_keys
from agentmarts.meta_graph.store_objects import known_objects, store_objects
from agentmarts.meta_graph.too_few import too_few

Planner = Callable[[Known, Catalogue, datetime], Sequence[Call]]
"""Says what is due of an account."""


@dataclass
class Outcome:
    """How the collection of an account ended."""

    counts: Counts
    stopped_by: str | None = None
    """Why it ended before everything due was asked."""
    stops_app: bool = False
    """Whether no account of the app should be asked now."""
    token_is_invalid: bool = False
    failures: tuple[str, ...] = ()
    """Requests that failed for another reason; they are due again."""
    missing: tuple[str, ...] = ()
    """Posts and media that Meta says it does not have; after three days they count as deleted."""
    warnings: tuple[str, ...] = ()
    """What will stop the collection if nobody sees to it: a token that ends, a permission that is gone."""


class AccountRun:
    """Collects one account. `before`, `after`: what is asked beside the planned metrics.

    `planner` says what is due; planned again after lists were read, as they show more.
    """

    def __init__(self, session: Session, *, before: Sequence[Duty] = (), after: Sequence[Duty] = (), planner: Planner = plan) -> None:
        self._session = session
        self._before, self._after, self._plan = before, after, planner
        self._work = session.work
        self._gate = session.gate
        self._client = session.client
        self._account = session.account
        self._token = session.token
        self._catalogue = session.catalogue
        self._timezone = session.timezone
        self._clock = session.clock
        self._keeper = session.keeper
        self._tried: set[str] = set()
        self._dead: dict[Quarantined, Fault] = {}
        self._warnings: list[str] = []
        self._failures: list[str] = []
        self._missing: list[tuple[Call, Item, Fault]] = []

    def run(self) -> Outcome:
        """Ask for everything that is due now. Lists come first; what they show is due in the same run."""
        try:
            self._do(self._before)
            for lists_only in (True, False):
                known = self._known()
                for call in self._plan(known, self._catalogue, self._clock()):
                    if call.urgency == Urgency.LISTS or not lists_only:
                        self._execute(call, known)
            self._bury_deleted()
            self._do(self._after)
        except RefusedError as refused:
            with self._work.transaction():
                self._keeper.keep_responses(*self._session.asking, self._gate.take_attempts())
            return self._outcome(stopped_by=str(refused))
        except StoppedError as stop:
            fault = stop.fault
            return self._outcome(stopped_by=fault.message, stops_app=fault.stops_app, token_is_invalid=fault.kind == "token_invalid")
        return self._outcome()

    def _do(self, duties: Sequence[Duty]) -> None:
        for duty in duties:
            self._warnings += duty(self._session)

    def _outcome(self, *, stopped_by: str | None = None, stops_app: bool = False, token_is_invalid: bool = False) -> Outcome:
        return Outcome(
            self._keeper.counts,
            stopped_by=stopped_by,
            stops_app=stops_app,
            token_is_invalid=token_is_invalid,
            failures=tuple(self._failures),
            missing=self._missing_ids,
            warnings=tuple(self._warnings),
        )

    @property
    def _missing_ids(self) -> tuple[str, ...]:
        return tuple(item.question.object_id for _, item, _ in self._missing)

    def _known(self) -> Known:
        tenant_id, account_id, at = self._account.tenant_id, self._account.account_id, self._clock()
        with self._work.transaction():
            settled = ledger.settled(self._work, tenant_id, account_id)
            resting = ledger.resting_objects(self._work, tenant_id, account_id, at)
            quarantined = ledger.quarantined(self._work, tenant_id, account_id, at)
            return Known(
                account_id=account_id,
                platform=self._account.platform,
                graph_id=self._account.graph_id,
                timezone=self._timezone,
                day_boundary=self._account.ig_day_boundary or "utc",
                collect_from=self._account.collect_from or at.date(),
                by_facebook_login=self._account.login_kind == "facebook_login",
                objects=known_objects(self._work, tenant_id, account_id),
                settled=settled.items,
                parts=settled.parts,
                covered=ledger.settled_windows(self._work, tenant_id, account_id),
                quarantined=frozenset(quarantined),
                resting=frozenset((group, object_id) for group, object_id, metric in resting if metric == WHOLE),
            )

    def _execute(self, call: Call, known: Known) -> None:
        untried = [item for item in call.items if item.plan_key not in self._tried]
        self._tried.update(item.plan_key for item in untried)
        items = [self._living(item) for item in untried]
        if call.shape == "batch":
            items = self._without_lifeless(call, untried, items)
        elif call.shape != "list":
            items = [item for item in items if item.question.metrics]
        if not items:
            return
        self._session.asking = (items[0].plan_key, call.edge)
        if call.shape == "list":
            self._list(call, items[0], known)
        elif call.shape == "batch":
            self._batch(call, items)
        else:
            self._single(call, items[0])

    # One object, one request, or several where some of its metrics are refused.

    def _single(self, call: Call, item: Item) -> None:
        wanted = item.question.metrics
        is_whole = False

        def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
            nonlocal is_whole
            path, params = _request(call, item, metrics, metric_type)
            response = self._get(path, params)
            responses = self._gate.take_attempts()
            with self._work.transaction():
                response_id = self._keeper.keep_responses(item.plan_key, call.edge, responses)
                if response.fault is None and response_id is not None:
                    is_whole = set(metrics) == set(wanted)
                    question = replace(item.question, metrics=tuple(metrics))
                    parsed = self._parsed(call, question, response)
                    self._keeper.keep_values(question, parsed, response_id, response.fetched_at)
                    rows = self._metric_rows(call, item, question, parsed, response, responses)
                    if is_whole:
                        rows.append(self._whole_row(call, item, parsed, response, ()))
                    self._keeper.enter(rows)
            return response.fault

        verdicts = ask_all(wanted, send)
        if not is_whole:
            self._conclude(call, item, verdicts)

    def _conclude(self, call: Call, item: Item, verdicts: Verdicts) -> None:
        """Enter what was refused and how the item ended; raises StoppedError where nothing else would fare better."""
        at = self._clock()
        wanted, fault = item.question.metrics, verdicts.stopped_by
        rows = [self._refusal(call, item, metric, why, at) for metric, why in verdicts.refused.items()]
        if fault is None:
            answered = len(wanted) - len(verdicts.refused)
            worst = next(iter(verdicts.refused.values()), verdicts.refused_by)
            state = "ok" if answered or worst is None else worst.state
            rows.append(self._keeper.row(call, item, WHOLE, state, at, asked=len(wanted), answered=answered, fault=worst))
        else:
            rows.append(self._open_row(call, item, fault, at))
        with self._work.transaction():
            self._keeper.enter(rows)
        if fault is not None:
            self._note_failure(call, item, fault)

    def _open_row(self, call: Call, item: Item, fault: Fault, at: datetime) -> LedgerRow:
        """The row of an item that is due again: even one that a new token heals."""
        state: LedgerState = "throttled" if fault.is_throttle else "error"
        is_unavailable = fault.kind == "unavailable_object"
        return self._keeper.row(
            call,
            item,
            WHOLE,
            state,
            at,
            asked=len(item.question.metrics),
            fault=fault,
            retry_after=at + ASKED_AGAIN_AFTER if is_unavailable else None,
            of_object=is_unavailable,
        )

    def _note_failure(self, call: Call, item: Item, fault: Fault) -> None:
        if fault.kind in STOPPING:
            raise StoppedError(fault)
        if fault.kind == "unavailable_object" and item.graph_object is not None:
            self._missing.append((call, item, fault))
            return
        self._failures.append(f"{call.group.name} {item.question.object_id or call.edge}: {fault.message}")

    def _refusal(self, call: Call, item: Item, metric: str, fault: Fault, at: datetime) -> LedgerRow:
        """Why a metric has no answer. A dead one is left alone for a week, a medium older than its account's business side for ever."""
        is_of_object = fault.kind == "media_before_business"
        is_of_kind = fault.kind in REFUSES_SOME or fault.kind == "unsupported_breakdown"
        retry_after = FOR_EVER if is_of_object else at + QUARANTINE if is_of_kind else None
        row = self._keeper.row(call, item, metric, fault.state, at, fault=fault, retry_after=retry_after, of_object=is_of_object)
        if is_of_kind:
            self._dead[ledger.quarantine_of(row)] = fault
        return row

    def _living(self, item: Item) -> Item:
        """The item without metrics that this run has found dead: what was planned before need not be refused as well."""
        question = item.question
        metrics = tuple(metric for metric in question.metrics if not self._is_dead(question, metric))
        return item if metrics == question.metrics else replace(item, question=replace(question, metrics=metrics))

    def _is_dead(self, question: Question, metric: str) -> bool:
        return is_quarantined(question.group, question.media_product, metric, self._dead)

    def _without_lifeless(self, call: Call, planned: Sequence[Item], living: Sequence[Item]) -> list[Item]:
        """Samples that have a metric left. The others end here: a request without a metric would be refused as our mistake.

        A window, unlike a sample, stays due: it can be asked for when its metrics live again.
        """
        lifeless = [
            (item, self._why_dead(before.question))
            for before, item in zip(planned, living, strict=True)
            if before.question.metrics and not item.question.metrics
        ]
        if lifeless:
            with self._work.transaction():
                at = self._clock()
                self._keeper.enter([self._keeper.row(call, item, WHOLE, why.state, at, asked=0, fault=why) for item, why in lifeless])
        return [item for item in living if item.question.metrics]

    def _why_dead(self, question: Question) -> Fault:
        refusals = (
            fault for one, fault in self._dead.items() if is_quarantined(question.group, question.media_product, question.metrics[0], [one])
        )
        return next(refusals)

    # Up to 50 objects in one request.

    def _batch(self, call: Call, items: Sequence[Item]) -> None:
        """Send them together; those that fail for a dead metric are sent together once more, without it."""
        pending = list(items)
        while pending:
            requests = [GraphRequest(*_request(call, item, item.question.metrics, None)) for item in pending]
            refused: RefusedError | None = None
            try:
                self._client.batch(requests, self._token, self._account.api_version)
            except RefusedError as error:  # on sending some items again: the others have their answers
                refused = error
            troubled = self._keep_batch(call, pending, self._gate.take_attempts())
            if refused is not None:
                raise refused
            again = [(item, fault) for item, fault in troubled if fault.kind in REFUSES_SOME and len(item.question.metrics) > 1]
            for item, fault in troubled:
                if (item, fault) not in again:
                    self._conclude(call, item, _verdicts(item, fault))
            pending = self._without_dead(call, again)

    def _keep_batch(self, call: Call, items: Sequence[Item], attempts: Sequence[GraphResponse]) -> list[tuple[Item, Fault]]:
        """Keep what was answered; returns the items that were not, and why."""
        troubled: list[tuple[Item, Fault]] = []
        with self._work.transaction():
            keys = self._keys([item.question.object_id for item in items])
            for index, item in enumerate(items):
                own = [one for one in attempts if one.batch_index == index]
                response_id = self._keeper.keep_responses(item.plan_key, call.edge, own)
                if response_id is None:
                    continue
                answer = own[-1]
                if answer.fault is not None:
                    troubled.append((item, answer.fault))
                    if answer.fault.kind == "below_threshold":
                        kept_back = Parsed(too_few(item.question, answer.fetched_at))
                        self._keeper.keep_values(item.question, kept_back, response_id, answer.fetched_at)
                    continue
                known = keys.get(item.question.object_id, {})
                parsed = parse_insights(item.question, answer.body, self._catalogue, answer.fetched_at, known)
                self._keeper.keep_values(item.question, parsed, response_id, answer.fetched_at)
                self._keeper.enter([self._whole_row(call, item, parsed, answer, own)])
        return troubled

    def _without_dead(self, call: Call, refused: Sequence[tuple[Item, Fault]]) -> list[Item]:
        """Refused items, ready to be sent without the metrics that Meta blames; if it names none, one item is asked by halves."""
        named = {item.plan_key: fault.blamed(item.question.metrics) for item, fault in refused}
        for item, fault in refused if any(named.values()) else refused[:1]:
            if self._living(item) != item:
                continue  # the answer to another item said so already
            try:
                dead = named[item.plan_key] or self._dead_of(call, item, fault)
            except StoppedError as stop:
                self._conclude(call, item, _verdicts(item, stop.fault))
                return []
            self._bury(call, item, dead, fault)
        before = [item for item, _ in refused]
        return self._without_lifeless(call, before, [self._living(item) for item in before])

    def _bury(self, call: Call, item: Item, metrics: Iterable[str], fault: Fault) -> None:
        with self._work.transaction():
            self._keeper.enter([self._refusal(call, item, metric, fault, self._clock()) for metric in metrics])

    def _dead_of(self, call: Call, item: Item, fault: Fault) -> list[str]:
        """Which metrics of an item are dead: named by Meta, or found by asking for halves. Raises StoppedError."""
        metrics = item.question.metrics
        return list(fault.blamed(metrics)) or dead_among(metrics, lambda some: self._is_accepted(call, item, some, fault))

    def _is_accepted(self, call: Call, item: Item, metrics: Sequence[str], expected: Fault) -> bool:
        """Whether Meta answers these metrics. The answer itself is not kept: the batch asks for it once more."""
        response = self._get(*_request(call, item, metrics, None))
        with self._work.transaction():
            self._keeper.keep_responses(item.plan_key, call.edge, self._gate.take_attempts())
        if response.fault is not None and response.fault.kind != expected.kind:
            raise StoppedError(response.fault)
        return response.fault is None

    # A list, page by page.

    def _list(self, call: Call, item: Item, known: Known) -> None:
        fault = self._read_list(call, item, known)
        if fault is not None and fault.kind in REFUSES_SOME and item.question.metrics:
            try:
                self._bury(call, item, self._dead_of(call, item, fault), fault)
            except StoppedError as stop:
                fault = stop.fault
            else:
                item = self._living(item)
                fault = self._read_list(call, item, known)
        if fault is not None:
            self._conclude(call, item, _verdicts(item, fault))

    def _read_list(self, call: Call, item: Item, known: Known) -> Fault | None:
        """Keep a list and the samples it brings; returns the fault that ended it."""
        path, params = _request(call, item, item.question.metrics, None)
        seen: set[str] = set()
        for page in pages(self._client, path, params, self._token, self._account.api_version):
            fault = self._keep_page(call, item, known, page, seen)
            if fault is not None:
                return fault
        return None

    def _keep_page(self, call: Call, item: Item, known: Known, page: Page, seen: set[str]) -> Fault | None:
        responses, at = self._gate.take_attempts(), page.response.fetched_at
        with self._work.transaction():
            response_id = self._keeper.keep_responses(item.plan_key, call.edge, responses)
            if page.end == "failed" or response_id is None:
                return page.response.fault
            listing = parse_objects(call.edge, page.response.body)
            new = [one for one in listing.listed if one.object.object_id not in seen]
            seen.update(one.object.object_id for one in new)
            store_objects(self._work, self._account.tenant_id, self._account.account_id, [one.object for one in new], at)
            self._keeper.keep_values(item.question, Parsed(unreadable=listing.unreadable), response_id, at)
            rows: list[LedgerRow] = []
            keys = self._keys([one.object.object_id for one in new]) if item.question.metrics else {}
            for one in new if item.question.metrics else ():
                sample = self._sample(call, item, known, one.object, at)
                if sample is None:
                    continue
                parsed = parse_item(sample.question, one.item, self._catalogue, at, keys.get(one.object.object_id, {}))
                self._keeper.keep_values(sample.question, parsed, response_id, at)
                rows.append(self._whole_row(call, sample, parsed, page.response, ()))
            if page.end:
                is_complete = page.end == "complete"
                if not is_complete:
                    self._failures.append(f"{call.group.name} {call.edge}: Meta's pages lead nowhere")
                state: LedgerState = "ok" if is_complete else "error"
                rows.append(
                    self._keeper.row(call, item, WHOLE, state, at, answered=int(is_complete), responses=responses, response_id=response_id)
                )
            self._keeper.enter(rows)
        return None

    def _sample(self, call: Call, item: Item, known: Known, listed: GraphObject, at: datetime) -> Item | None:
        """What a listed object's sample is about; None if this slot has one."""
        slot = sample_slot(known, call.group, listed, at)
        key = sample_key(known, call.group, listed, slot)
        if key in known.settled:
            return None
        question = replace(
            item.question, object_type=listed.object_type, object_id=listed.object_id, media_product=listed.media_product, sample_slot=slot
        )
        return Item(key, item.path, item.params, question, listed)

    # Deleted objects.

    def _bury_deleted(self) -> None:
        """Mark objects as deleted that Meta has said for days it does not have.

        A throttle may say the same of all that is asked, so the account itself must be answered now.
        """
        if not self._missing:
            return
        at = self._clock()
        with self._work.transaction():
            since = missing_since(self._work, self._account.tenant_id, self._account.account_id, self._missing_ids)
        dead = [one for one in self._missing if at - since.get(one[1].question.object_id, at) >= DELETED_AFTER]
        if not dead:
            return
        self._session.asking = (dead[0][1].plan_key, "node")
        witness = self._get(*node_request(self._account.graph_id, ["id"]))
        with self._work.transaction():
            self._keeper.keep_responses(*self._session.asking, self._gate.take_attempts())
            if witness.fault is None:
                gone = [replace(item.graph_object, is_deleted=True) for _, item, _ in dead if item.graph_object]
                store_objects(self._work, self._account.tenant_id, self._account.account_id, gone, at)
                rows = [self._keeper.row(call, item, WHOLE, "deleted", at, fault=fault, of_object=True) for call, item, fault in dead]
                self._keeper.enter(rows)
        if witness.fault is not None:
            self._failures.append(f"{self._account.platform} {self._account.graph_id}: {witness.fault.message}")

    # Shared.

    def _get(self, path: str, params: dict[str, str | int]) -> GraphResponse:
        return self._client.get(path, params, self._token, self._account.api_version)

    def _keys(self, object_ids: Sequence[str]) -> dict[str, Any]:
        return dict(known_keys(self._work, self._account.tenant_id, self._account.account_id, object_ids))

    def _parsed(self, call: Call, question: Question, response: GraphResponse) -> Parsed:
        if call.shape == "node":
            return parse_node(question, response.body, self._catalogue, response.fetched_at)
        known = self._keys([question.object_id]).get(question.object_id, {})
        return parse_insights(question, response.body, self._catalogue, response.fetched_at, known)

    def _metric_rows(
        self, call: Call, item: Item, question: Question, parsed: Parsed, response: GraphResponse, responses: Sequence[GraphResponse]
    ) -> list[LedgerRow]:
        """A row per metric of an account; the calls are booked on the first."""
        rows: list[LedgerRow] = []
        for metric in question.metrics:
            state = _state(metric, parsed)
            answered = int(metric in parsed.answered)
            booked = responses if not rows else ()
            rows.append(self._keeper.row(call, item, metric, state, response.fetched_at, answered=answered, responses=booked))
        return rows

    def _whole_row(self, call: Call, item: Item, parsed: Parsed, response: GraphResponse, responses: Sequence[GraphResponse]) -> LedgerRow:
        return self._keeper.row(
            call,
            item,
            WHOLE,
            "ok" if parsed.answered else "empty",
            response.fetched_at,
            asked=len(item.question.metrics),
            answered=len(parsed.answered),
            responses=responses,
        )


def _state(metric: str, parsed: Parsed) -> LedgerState:
    """How one metric of an answer ended; `error` if all of it was unreadable."""
    states = {one.state for one in parsed.observations if one.metric == metric}
    if metric in parsed.missing or not states:
        return "empty" if metric in parsed.missing else "error"
    return "ok" if "ok" in states else "zero_provisional" if "zero_provisional" in states else "empty"


def _verdicts(item: Item, fault: Fault) -> Verdicts:
    """The verdict on an item of which one answer says all."""
    if fault.state in ("not_supported", "below_threshold", "not_permitted", "deprecated") and fault.kind != "token_invalid":
        return Verdicts(dict.fromkeys(item.question.metrics, fault), refused_by=fault)
    return Verdicts(unasked=item.question.metrics, stopped_by=fault)


def _request(call: Call, item: Item, metrics: Sequence[str], metric_type: str | None) -> tuple[str, dict[str, str | int]]:
    """The item's request for some of its metrics."""
    if call.shape == "node":
        return node_request(item.question.object_id, metrics)
    if call.shape == "list":
        return list_request(item.path.split("/")[1], call.group, metrics)
    params = {**item.params, "metric": ",".join(metrics)}
    return item.path, params | ({"metric_type": metric_type} if metric_type else {})

"""Asks Meta for each planned and each undecided metric alone, so that a dead or a new one shows before a whole request fails of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.api.requests import GraphRequest
from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.api.secrets import GraphSecretError
from agentmarts.meta_graph.catalogue import COLLECTED, CallGroup, Catalogue, Metric, load_catalogue
from agentmarts.meta_graph.collecting.asking import Answer, store_exchange
from agentmarts.meta_graph.collecting.collector import due_accounts
from agentmarts.meta_graph.collecting.session import IN_USE, OBJECTS, Session, StoppedError, check_group, open_session
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, GraphObject, Item, LedgerState, Question, Urgency
from agentmarts.meta_graph.planning.planner import BATCH_SIZE
from agentmarts.meta_graph.planning.requests import Request, insights_request, node_request, object_insights_request, window_parameters
from agentmarts.meta_graph.planning.slots import DAY, STORY_LIVES, plan_key
from agentmarts.meta_graph.planning.windows import calendar_of, last_closed_day, window
from agentmarts.meta_graph.rate_limit.limiter import RefusedError
from agentmarts.meta_graph.store.objects import known_objects
from agentmarts.settings import Settings, now

GROUP = "metric_probe"
Drift = Literal["dead", "alive"]


@dataclass(frozen=True)
class Verdict:
    """What Meta says of one metric."""

    question: ProbeQuestion
    state: LedgerState | None
    """As in the ledger; `empty`: accepted, but nothing to say. None: not asked."""
    is_alive: bool | None
    """None: the answer does not tell."""
    message: str = ""
    """Why there is no value."""

    @property
    def drift(self) -> Drift | None:
        """`dead`: the catalogue lets it be collected, Meta knows it no more. `alive`: the catalogue takes it for dead, Meta answers."""
        if self.is_alive is None or self.question.is_expected is None or self.is_alive == self.question.is_expected:
            return None
        return "alive" if self.is_alive else "dead"


@dataclass(frozen=True)
class Probed:
    """One account's probe. `error`: why it ended before all was asked."""

    account: Account
    verdicts: tuple[Verdict, ...]
    http_calls: int = 0
    error: str | None = None

    @property
    def drifted(self) -> tuple[Verdict, ...]:
        """Where Meta and the catalogue differ."""
        return tuple(one for one in self.verdicts if one.drift)


def probe(
    settings: Settings,
    *,
    accounts: Sequence[UUID] | None = None,
    clock: Callable[[], datetime] = now,
    sleep: Callable[[float], None] = time.sleep,
    run_id: str | None = None,
) -> list[Probed]:
    """Probe one active account of each platform, or these. Verdicts are in the ledger under the group `metric_probe`; no fact is kept.

    Up to 50 metrics go in one batch, each an item of its own; the budgets of the collector hold here too. Which account: the one that was
    collected last, as its objects are known. Raises GraphSecretError when there are accounts and the app is not configured.
    """
    catalogue, run = load_catalogue(), run_id or uuid4().hex
    done: list[Probed] = []
    for account, timezone in _chosen(due_accounts(settings, accounts, clock()), accounts is not None):
        try:
            with open_session(settings, account, timezone=timezone, catalogue=catalogue, run_id=run, clock=clock, sleep=sleep) as session:
                done.append(Probed(account, (), error=IN_USE) if session is None else _Probe(session).run())
        except GraphSecretError as error:
            done.append(Probed(account, (), error=str(error)))
    return done


def _chosen(accounts: Sequence[tuple[Account, str]], is_wish: bool) -> list[tuple[Account, str]]:
    if is_wish:
        return list(accounts)
    return list({account.platform: (account, timezone) for account, timezone in accounts}.values())


class _Probe:
    def __init__(self, session: Session) -> None:
        self._session = session

    def run(self) -> Probed:
        session = self._session
        account, at = session.account, session.clock()
        with session.work.transaction():
            objects = known_objects(session.work, account.tenant_id, account.account_id)
        questions = probe_questions(account, session.timezone, objects, session.catalogue, at)
        unasked = [Verdict(one, None, None, f"no {one.object_type} to ask") for one in questions if one.request is None]
        asked = [one for one in questions if one.request is not None]
        verdicts: list[Verdict] = []
        error = None
        for begin in range(0, len(asked), BATCH_SIZE):
            try:
                self._ask(asked[begin : begin + BATCH_SIZE], verdicts)
            except (RefusedError, StoppedError) as stop:
                error = str(stop)
                break
        answered = {id(one.question) for one in verdicts}
        unasked += [Verdict(one, None, None, "not asked") for one in asked if id(one) not in answered]
        return Probed(account, (*verdicts, *unasked), session.writer.counts.http_calls, error)

    def _ask(self, questions: Sequence[ProbeQuestion], verdicts: list[Verdict]) -> None:
        """Add a verdict for each that is answered. Raises StoppedError, RefusedError."""
        session = self._session
        at = session.clock()
        calls = [self._call(one, at) for one in questions]
        faults: list[Fault] = []

        def keep(answers: Mapping[int, Answer]) -> None:
            for place, answer in answers.items():
                verdicts.append(self._conclude(questions[place], calls[place], answer))
                if answer.response.fault is not None:
                    faults.append(answer.response.fault)

        exchange = session.batch([GraphRequest(*one.request) for one in questions if one.request is not None])
        store_exchange(session, exchange, [call.items[0].plan_key for call in calls], "insights", keep)
        stopping = next((fault for fault in faults if fault.policy.stops), None)
        if stopping is not None:
            raise StoppedError(stopping)

    def _call(self, one: ProbeQuestion, at: datetime) -> Call:
        account = self._session.account
        group = replace(check_group(account, GROUP, "insights", [one.metric], period=one.period), object=one.object_type)
        object_id, object_type, product = account.graph_id, one.object_type, None
        if one.asked is not None:
            object_id, object_type, product = one.asked.object_id, one.asked.object_type, one.asked.media_product
        slot = f"{one.object_type} {one.metric} {one.period} {at:%Y-%m-%d}"
        path, params = one.request or ("", {})
        question = Question(group, object_type, object_id, (one.metric,), product)
        item = Item(plan_key(account.account_id, GROUP, slot, [object_id]), path, params, question, one.asked)
        return Call(group, group.edge, "batch", Urgency.GAPS, (item,))

    def _conclude(self, one: ProbeQuestion, call: Call, answer: Answer) -> Verdict:
        writer, response = self._session.writer, answer.response
        verdict = _verdict(one, response)
        row = writer.row(
            call,
            call.items[0],
            one.metric,
            verdict.state or "error",
            response.fetched_at,
            answered=int(verdict.state == "ok"),
            fault=response.fault,
            response_id=answer.response_id,
        )
        writer.record([row])
        return verdict


def _verdict(question: ProbeQuestion, answer: GraphResponse) -> Verdict:
    fault = answer.fault
    if fault is None:
        has_value = any(_values(answer.body, question.metric))
        return Verdict(question, "ok" if has_value else "empty", True, "" if has_value else "accepted, without a value")
    return Verdict(question, fault.policy.state, fault.policy.metric_exists, fault.message)


def _values(body: Any, metric: str) -> Iterator[object]:
    """Values of the metric in an answer of insights, or the field of a node."""
    if not isinstance(body, dict):
        return
    if (value := body.get(metric.split(".", maxsplit=1)[0])) is not None:
        yield value
    data = body.get("data")
    for entry in data if isinstance(data, list) else ():
        if isinstance(entry, dict) and entry.get("name") == metric:
            yield from (one for one in entry.get("values") or () if isinstance(one, dict) and "value" in one)
            if entry.get("total_value"):
                yield entry["total_value"]


# What a probe asks: each metric alone, in the way its call group asks it, of one object that has it.

UNDECIDED = frozenset({"conflict", "valid_in_sdk"})
"""Statuses of metrics that are not collected because nobody knows whether Meta answers them."""
TIMEFRAME = "this_month"
"""Of demographics, which know no window."""
_EDGES = {"reel": "video_insights", "post": "insights", "ig_media": "insights", "story": "insights"}


@dataclass(frozen=True)
class ProbeQuestion:
    """One metric and how it is asked. `request` None: there is no object to ask."""

    object_type: str
    """As in the catalogue: page, post, reel, ig_user, ig_media."""
    metric: str
    period: str
    """As the call group sends it, so that an answer lifts the metric's quarantine."""
    status: str
    """Of the catalogue."""
    is_expected: bool | None
    """Whether the catalogue says that Meta answers it today; None: it has no opinion."""
    request: Request | None
    asked: GraphObject | None = None
    """None: the account itself."""


def probe_questions(
    account: Account, timezone: str, objects: Sequence[GraphObject], catalogue: Catalogue, at: datetime
) -> list[ProbeQuestion]:
    """All metrics of an account's platform that are planned or undecided, in the order of the catalogue.

    `objects`: what the lists showed; the newest of a kind is asked. `timezone`: the tenant's.
    """
    sight = _Sight(account, timezone, objects, catalogue, at)
    found: dict[tuple[str, str], ProbeQuestion] = {}
    for group in catalogue.groups:
        if group.platform == account.platform:
            for metric in group.metrics:
                found.setdefault((group.object, metric), sight.planned(group, metric))
    for row in catalogue.rows:
        if row.platform == account.platform and row.status in UNDECIDED and (row.object in _EDGES or row.object == OBJECTS[row.platform]):
            key = (row.object, row.metric) if (row.object, row.metric) not in found else (row.object, f"{row.metric} {row.period}")
            found.setdefault(key, sight.undecided(row))
    return list(found.values())


@dataclass(frozen=True)
class _Sight:
    """The account as a probe sees it."""

    account: Account
    timezone: str
    objects: Sequence[GraphObject]
    catalogue: Catalogue
    at: datetime

    def planned(self, group: CallGroup, metric: str) -> ProbeQuestion:
        rows = self.catalogue.rows_of(group, metric)
        collected = [row for row in rows if row.status in COLLECTED]
        is_expected = any(row.is_alive(self.at.date()) for row in collected) if collected else None
        status = (collected or list(rows))[0].status
        products = group.media_products & frozenset(product for row in rows for product in row.media_products) or group.media_products
        asked = self._newest(group.object, products)
        request = None
        if asked is not None or group.object == OBJECTS[group.platform]:
            request = self._request(group, metric, asked, is_field=any(row.period == "node" for row in rows))
        return ProbeQuestion(group.object, metric, group.period, status, is_expected, request, asked)

    def undecided(self, row: Metric) -> ProbeQuestion:
        # Where its date has passed the catalogue has an opinion after all.
        is_expected = None if row.is_alive(self.at.date()) else False
        asked = self._newest(row.object, row.media_products)
        request: Request | None = None
        if asked is not None:
            request = f"/{asked.object_id}/{_EDGES[row.object]}", {"metric": row.metric, "period": row.period}
        elif row.object == OBJECTS[row.platform]:
            request = f"/{self.account.graph_id}/insights", dict(self._parameters(row))
        return ProbeQuestion(row.object, row.metric, row.period, row.status, is_expected, request, asked)

    def _request(self, group: CallGroup, metric: str, asked: GraphObject | None, *, is_field: bool) -> Request:
        if is_field:
            return node_request(asked.object_id if asked else self.account.graph_id, [metric.split(".", maxsplit=1)[0]])
        if asked is None:
            path, params = insights_request(self.account.graph_id, group, [metric])
            return path, params | self._window(group)
        if group.edge == _EDGES[asked.object_type]:
            return object_insights_request(asked.object_id, group, [metric])
        return f"/{asked.object_id}/{_EDGES[asked.object_type]}", {"metric": metric, "period": group.period}

    def _parameters(self, row: Metric) -> Iterator[tuple[str, str | int]]:
        yield "metric", row.metric
        yield "period", row.period
        if row.metric_types:
            yield "metric_type", "time_series" if "time_series" in row.metric_types else min(row.metric_types)
        if row.period != "lifetime":
            yield from self._window(check_group(self.account, "", "insights", ())).items()
        elif row.breakdowns:
            yield "breakdown", min(row.breakdowns)
            yield "timeframe", TIMEFRAME

    def _window(self, group: CallGroup) -> dict[str, str | int]:
        """The last day that has ended."""
        calendar = calendar_of(self.account.platform, self.account.ig_day_boundary or "utc", self.timezone)
        last = last_closed_day(self.at, calendar)
        return window_parameters(group, window(last, last, calendar))

    def _newest(self, object_type: str, products: frozenset[str]) -> GraphObject | None:
        """The newest of a kind that people had a day to see; of stories, which live no longer, the oldest."""
        fitting = [one for one in self.objects if self._is_there(one) and _is_of(one, object_type, products)]
        begun = sorted((one for one in fitting if one.published_at is not None), key=lambda one: one.published_at or self.at)
        seen = [one for one in begun if one.published_at is not None and self.at - one.published_at >= DAY]
        return seen[-1] if seen else begun[0] if begun else None

    def _is_there(self, one: GraphObject) -> bool:
        is_over = one.object_type == "story" and one.published_at is not None and self.at - one.published_at >= STORY_LIVES
        return not one.is_deleted and not is_over


def _is_of(one: GraphObject, object_type: str, products: frozenset[str]) -> bool:
    if object_type != "ig_media":
        return one.object_type == object_type
    if products:
        return one.media_product in products
    return one.object_type == "ig_media"

"""One account, collected: what is due is asked, kept and entered, until nothing is due or something stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.collecting.insights_call import ask_batch, ask_single
from agentmarts.meta_graph.collecting.list_call import mark_deleted, read_list
from agentmarts.meta_graph.collecting.outcomes import with_metrics_left
from agentmarts.meta_graph.collecting.session import Check, RunState, Session, StoppedError
from agentmarts.meta_graph.model import Call, Item, Urgency
from agentmarts.meta_graph.planning.planner import Known, plan
from agentmarts.meta_graph.rate_limit.limiter import RefusedError
from agentmarts.meta_graph.store import ledger
from agentmarts.meta_graph.store.ledger import WHOLE
from agentmarts.meta_graph.store.objects import known_objects
from agentmarts.meta_graph.store.writer import Counts

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

    def __init__(self, session: Session, *, before: Sequence[Check] = (), after: Sequence[Check] = (), planner: Planner = plan) -> None:
        self._session = session
        self._before, self._after, self._plan = before, after, planner
        self._state = RunState(session)
        self._tried: set[str] = set()
        self._warnings: list[str] = []

    def run(self) -> Outcome:
        """Ask for everything that is due now. Lists come first; what they show is due in the same run."""
        session = self._session
        try:
            self._do(self._before)
            for lists_only in (True, False):
                known = self._known()
                for call in self._plan(known, session.catalogue, session.clock()):
                    if call.urgency == Urgency.LISTS or not lists_only:
                        self._execute(call, known)
            mark_deleted(self._state)
            self._do(self._after)
        except RefusedError as refused:
            return self._outcome(stopped_by=str(refused))
        except StoppedError as stop:
            fault = stop.fault
            return self._outcome(
                stopped_by=fault.message, stops_app=fault.policy.then == "stop_app", token_is_invalid=fault.kind == "token_invalid"
            )
        return self._outcome()

    def _do(self, checks: Sequence[Check]) -> None:
        for check in checks:
            self._warnings += check(self._session)

    def _outcome(self, *, stopped_by: str | None = None, stops_app: bool = False, token_is_invalid: bool = False) -> Outcome:
        return Outcome(
            self._session.writer.counts,
            stopped_by=stopped_by,
            stops_app=stops_app,
            token_is_invalid=token_is_invalid,
            failures=tuple(self._state.failures),
            missing=self._state.missing_ids,
            warnings=tuple(self._warnings),
        )

    def _known(self) -> Known:
        work, account, at = self._session.work, self._session.account, self._session.clock()
        tenant_id, account_id = account.tenant_id, account.account_id
        with work.transaction():
            settled = ledger.settled(work, tenant_id, account_id)
            resting = ledger.resting_objects(work, tenant_id, account_id, at)
            quarantined = ledger.quarantined(work, tenant_id, account_id, at)
            return Known(
                account_id=account_id,
                platform=account.platform,
                graph_id=account.graph_id,
                timezone=self._session.timezone,
                day_boundary=account.ig_day_boundary or "utc",
                collect_from=account.collect_from or at.date(),
                by_facebook_login=account.login_kind == "facebook_login",
                objects=known_objects(work, tenant_id, account_id),
                settled=settled.items,
                parts=settled.parts,
                covered=ledger.settled_windows(work, tenant_id, account_id, at),
                quarantined=frozenset(quarantined),
                resting=frozenset((group, object_id) for group, object_id, metric in resting if metric == WHOLE),
            )

    def _execute(self, call: Call, known: Known) -> None:
        """Send what of a call was not tried yet, without the metrics that the run has found deprecated."""
        state = self._state
        untried = [item for item in call.items if item.plan_key not in self._tried]
        self._tried.update(item.plan_key for item in untried)
        items = [state.deprecated.without_deprecated(item) for item in untried]
        if call.shape == "batch":
            items = with_metrics_left(state, call, untried, items)
        elif call.shape != "list":
            items = [item for item in items if item.question.metrics]
        if not items:
            return
        try:
            if call.shape == "list":
                read_list(state, call, items[0], known)
            elif call.shape == "batch":
                ask_batch(state, call, items)
            else:
                ask_single(state, call, items[0])
        except RefusedError:
            self._book_refused(call, items[0])
            raise

    def _book_refused(self, call: Call, item: Item) -> None:
        """Enter what the answers of a call have cost that may not be sent again now: nothing else tells of it."""
        session, writer = self._session, self._session.writer
        if writer.has_unbooked:
            with session.work.transaction():
                writer.record([writer.row(call, item, WHOLE, "throttled", session.clock(), asked=0)])

"""Measures the day rule of an Instagram account: when it is connected, then once in each month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from agentmarts.meta_graph.accounts import set_day_rule
from agentmarts.meta_graph.day_rule import days_to_compare, decide, points_in, total_in
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.gate import RefusedError
from agentmarts.meta_graph.ledger import WHOLE
from agentmarts.meta_graph.observations import LedgerState, Question
from agentmarts.meta_graph.outgoing import GraphRequest
from agentmarts.meta_graph.plan_key import plan_key
from agentmarts.meta_graph.plans import Call, Item, Urgency
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.session import STOPPING, Session, StoppedError, duty_group

GROUP = "ig_day_rule"
METRIC = "reach"
_MARGIN = timedelta(days=2)
"""Beyond the days, so that the stamps of both readings are there."""


@dataclass(frozen=True)
class DayRuleDuty:
    """One batch: the days as totals, and the series that has their points. A rule that a person set is not measured.

    Where the figures do not tell, the rule stays as it is.
    """

    def __call__(self, session: Session) -> Sequence[str]:
        """Ask if it is due and set the account's rule. Raises StoppedError, RefusedError."""
        account, at = session.account, session.clock()
        if account.platform != "instagram" or account.day_rule_source == "manual":
            return ()
        slot = f"month:{at:%Y-%m}"
        key = plan_key(account.account_id, GROUP, slot, [account.graph_id])
        if session.is_settled(key):
            return ()
        days = days_to_compare(at)
        requests = [_total(account.graph_id, day) for day in days] + [_series(account.graph_id, days)]
        session.asking = (key, "insights")
        refused: RefusedError | None = None
        try:
            session.client.batch(requests, session.token, account.api_version)
        except RefusedError as error:  # on sending some items again
            refused = error
        attempts = session.gate.take_attempts()
        last = {one.batch_index: one for one in attempts}
        if refused is not None and len(last) < len(requests):
            raise refused
        _conclude(session, key, slot, days, attempts, [last[index] for index in range(len(requests))])
        return ()


def _conclude(
    session: Session, key: str, slot: str, days: Sequence[date], attempts: Sequence[GraphResponse], answers: Sequence[GraphResponse]
) -> None:
    account, at = session.account, session.clock()
    fault = next((one.fault for one in answers if one.fault is not None), None)
    *totals, series = answers
    found = {day: total for day, one in zip(days, totals, strict=True) if (total := total_in(one.body, METRIC)) is not None}
    shift = decide(found, points_in(series.body, METRIC)) if fault is None else None
    group = duty_group(account, GROUP, "insights", [METRIC], period="day")
    item = Item(key, f"/{account.graph_id}/insights", {}, Question(group, group.object, account.graph_id, (METRIC,), sample_slot=slot))
    call = Call(group, group.edge, "insights", Urgency.GAPS, (item,))
    with session.work.transaction():
        response_id = session.keeper.keep_responses(key, group.edge, attempts)
        if shift is not None:
            set_day_rule(session.work, account, shift=shift, boundary=account.ig_day_boundary or "utc", source="calibrated", at=at)
        row = session.keeper.row(
            call,
            item,
            WHOLE,
            _state(fault, is_decided=shift is not None),
            at,
            answered=int(shift is not None),
            fault=fault,
            response_id=response_id,
        )
        session.keeper.enter([row])
    if fault is not None and fault.kind in STOPPING:
        raise StoppedError(fault)


def _state(fault: Fault | None, *, is_decided: bool) -> LedgerState:
    if fault is None:
        return "ok" if is_decided else "empty"
    return "error" if fault.kind == "token_invalid" else fault.state


def _total(graph_id: str, day: date) -> GraphRequest:
    return _request(graph_id, "total_value", day, day + timedelta(days=1))


def _series(graph_id: str, days: Sequence[date]) -> GraphRequest:
    return _request(graph_id, "time_series", days[0] - _MARGIN, days[-1] + _MARGIN)


def _request(graph_id: str, metric_type: str, first: date, end: date) -> GraphRequest:
    since, until = (str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())) for day in (first, end))
    params = {"metric": METRIC, "period": "day", "metric_type": metric_type, "since": since, "until": until}
    return GraphRequest(f"/{graph_id}/insights", params)

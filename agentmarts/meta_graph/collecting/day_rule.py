"""Which day the stamps of an Instagram account stand for: measured once a month by asking for the days as totals (graph_api.md, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from agentmarts.meta_graph.accounts import set_day_rule
from agentmarts.meta_graph.api.requests import GraphRequest
from agentmarts.meta_graph.collecting.asking import Answer, store_exchange
from agentmarts.meta_graph.collecting.session import Session, StoppedError, check_group
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, LedgerState, Question, Urgency
from agentmarts.meta_graph.parsing.values import NotReadableError, instant_of, number_of
from agentmarts.meta_graph.planning.slots import plan_key
from agentmarts.meta_graph.store.ledger import WHOLE

Shift = Literal[0, -1]
DAYS: Final = 3
"""How many days are compared."""
FINAL_AFTER: Final = timedelta(hours=72)
"""A day that ended so long ago is restated no more."""
AGREES_WITHIN = Decimal("0.01")
DIFFERS_BEYOND = Decimal("0.05")


def days_to_compare(at: datetime) -> list[date]:
    """The newest UTC days that are final at an instant, oldest first."""
    last = (at.astimezone(UTC) - FINAL_AFTER).date() - timedelta(days=1)
    return [last - timedelta(days=number) for number in reversed(range(DAYS))]


def decide(totals: Mapping[date, Decimal], stamped: Mapping[date, Decimal]) -> Shift | None:
    """Days from the UTC date of a stamp to its day; None if the figures do not tell.

    `totals`: reach of whole UTC days, asked as such. `stamped`: points of the series by the UTC date of their stamp. A shift is accepted
    when it agrees within 1 % on every day that both have, and on at least one of them the other shift differs by more than 5 %.
    """
    days = [day for day, total in totals.items() if total > 0]
    found = [shift for shift in _SHIFTS if _fits(days, totals, stamped, shift)]
    return found[0] if len(found) == 1 else None


_SHIFTS: tuple[Shift, ...] = (0, -1)


def _fits(days: list[date], totals: Mapping[date, Decimal], stamped: Mapping[date, Decimal], shift: Shift) -> bool:
    mine = {day: gap for day in days if (gap := _gap(day, totals, stamped, shift)) is not None}
    other = [gap for day in mine if (gap := _gap(day, totals, stamped, 0 if shift else -1)) is not None]
    return bool(mine) and max(mine.values()) <= AGREES_WITHIN and any(gap > DIFFERS_BEYOND for gap in other)


def _gap(day: date, totals: Mapping[date, Decimal], stamped: Mapping[date, Decimal], shift: Shift) -> Decimal | None:
    """By what part of the total the point differs that a shift takes for this day; None if there is none."""
    point = stamped.get(day - timedelta(days=shift))
    return None if point is None else abs(point - totals[day]) / totals[day]


def total_in(body: Any, metric: str) -> Decimal | None:
    """The figure of an answer with `total_value`; None if it has none that can be read."""
    for entry in _entries(body, metric):
        total = entry.get("total_value")
        if isinstance(total, dict) and "value" in total:
            return _number(total["value"])
    return None


def points_in(body: Any, metric: str) -> dict[date, Decimal]:
    """The points of a series by the UTC date of their stamp; what cannot be read is left out."""
    points: dict[date, Decimal] = {}
    for entry in _entries(body, metric):
        values = entry.get("values")
        for point in values if isinstance(values, list) else ():
            value = _number(point.get("value")) if isinstance(point, dict) else None
            if value is not None:
                try:
                    points[instant_of(point.get("end_time")).date()] = value
                except NotReadableError:
                    continue
    return points


def _entries(body: Any, metric: str) -> list[dict[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    return [entry for entry in data if isinstance(entry, dict) and entry.get("name") == metric] if isinstance(data, list) else []


def _number(value: Any) -> Decimal | None:
    try:
        return number_of(value)
    except NotReadableError:
        return None


# Measures the day rule of an Instagram account: when it is connected, then once in each month.

GROUP = "ig_day_rule"
METRIC = "reach"
_MARGIN = timedelta(days=2)
"""Beyond the days, so that the stamps of both readings are there."""


@dataclass(frozen=True)
class DayRuleCheck:
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
        group = check_group(account, GROUP, "insights", [METRIC], period="day")
        item = Item(key, f"/{account.graph_id}/insights", {}, Question(group, group.object, account.graph_id, (METRIC,), sample_slot=slot))
        call = Call(group, group.edge, "insights", Urgency.GAPS, (item,))
        fault: Fault | None = None

        def keep(answers: Mapping[int, Answer]) -> None:
            nonlocal fault
            if len(answers) == len(requests):
                fault = _conclude(session, call, days, [answers[place] for place in sorted(answers)])

        store_exchange(session, session.batch(requests), [key] * len(requests), group.edge, keep)
        if fault is not None and fault.policy.stops:
            raise StoppedError(fault)
        return ()


def _conclude(session: Session, call: Call, days: Sequence[date], answers: Sequence[Answer]) -> Fault | None:
    """Set the rule if the figures tell, and enter how it ended; inside the caller's transaction. Returns what was wrong."""
    account, at = session.account, session.clock()
    fault = next((one.response.fault for one in answers if one.response.fault is not None), None)
    *totals, series = answers
    found = {day: total for day, one in zip(days, totals, strict=True) if (total := total_in(one.response.body, METRIC)) is not None}
    shift = decide(found, points_in(series.response.body, METRIC)) if fault is None else None
    if shift is not None:
        set_day_rule(session.work, account, shift=shift, boundary=account.ig_day_boundary or "utc", source="calibrated", at=at)
    is_decided = shift is not None
    row = session.writer.row(
        call,
        call.items[0],
        WHOLE,
        _state(fault, is_decided=is_decided),
        at,
        answered=int(is_decided),
        fault=fault,
        response_id=series.response_id,
    )
    session.writer.record([row])
    return fault


def _state(fault: Fault | None, *, is_decided: bool) -> LedgerState:
    if fault is None:
        return "ok" if is_decided else "empty"
    return "error" if fault.kind == "token_invalid" else fault.policy.state


def _total(graph_id: str, day: date) -> GraphRequest:
    return _request(graph_id, "total_value", day, day + timedelta(days=1))


def _series(graph_id: str, days: Sequence[date]) -> GraphRequest:
    return _request(graph_id, "time_series", days[0] - _MARGIN, days[-1] + _MARGIN)


def _request(graph_id: str, metric_type: str, first: date, end: date) -> GraphRequest:
    since, until = (str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())) for day in (first, end))
    params = {"metric": METRIC, "period": "day", "metric_type": metric_type, "since": since, "until": until}
    return GraphRequest(f"/{graph_id}/insights", params)

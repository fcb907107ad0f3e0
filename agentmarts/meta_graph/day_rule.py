"""What the stamps of an Instagram account's series stand for: measured by asking for the same days as totals (graph_api.md, 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from agentmarts.meta_graph.parse_values import NotReadableError, instant_of, number_of

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

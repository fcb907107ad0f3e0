"""The SQL function `period_metrics`: any window, compared with another."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from .events import Event
from .ladder import Row
from .localtime import day_end, days_between, metric_date
from .metrics import columns, complete_days
from .percentiles import merge, merged_percentile
from .scores import Score
from .tenant import Tenant
from .world import World, build

SEVEN = (
    "total_conversations",
    "resolved_conversations",
    "escalated_conversations",
    "abandoned_conversations",
    "avg_response_time_ms",
    "total_messages",
    "unique_customers",
)
COMPARED_RATES = ("resolution", "escalation", "abandonment", "contained")


def growth(current: int | None, previous: int | None) -> tuple[float | None, str]:
    """(growth_rate, growth_status); the original rule: from nothing to something is 1.0."""
    if current is None or previous is None:
        return None, "no_previous"
    if previous == 0:
        return (1.0, "from_zero") if current > 0 else (0.0, "no_data")
    return (current - previous) / previous, "ok"


def percentage_points(current: float | None, previous: float | None) -> float | None:
    """Difference of two rates in percentage points; None if either is unknown."""
    return None if current is None or previous is None else (current - previous) * 100


def months_back(day: date, months: int) -> date:
    """The same day number so many months earlier, clamped to the month's end."""
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def previous_window(first: date, last: date, compare: str) -> tuple[date, date]:
    """The window to compare with; both dates inclusive."""
    if compare == "previous":
        length = timedelta(days=(last - first).days + 1)
        return first - length, last - length
    months = {"month": 1, "year": 12}[compare]
    return months_back(first, months), months_back(last, months)


def last_complete_day(world: World) -> date:
    """The last local day that has ended by as_of."""
    today = metric_date(world.tenant, world.as_of)
    return today if day_end(world.tenant, today) <= world.as_of else today - timedelta(days=1)


def period_metrics(
    events: Iterable[Event],
    scores: Iterable[Score],
    tenant: Tenant,
    as_of: datetime,
    date_from: date,
    date_to: date,
    compare: str = "previous",
) -> Row:
    """The row of period_metrics; both dates local and inclusive."""
    world = build(events, scores, tenant, as_of)
    days = set(days_between(date_from, date_to))
    row = columns(world, days)
    daily = merge(columns(world, {day})["response_time_hist"] for day in world.days if day in days)
    for percent in (50, 90, 95):
        row[f"p{percent}_response_time_ms"] = merged_percentile(daily, percent / 100)
    row["percentile_method"] = "histogram"
    row["complete_days"] = complete_days(world, days)
    row["is_partial"] = date_to > last_complete_day(world)
    row.update(_comparison(world, date_from, date_to, compare))
    return row


def _comparison(world: World, date_from: date, date_to: date, compare: str) -> Row:
    """reading: the window is cut at the last complete local day; with nothing left, or compare `none`, no comparison.

    Days before the first event count as zeros, they are not "no previous".
    reading: the lengths of `month` and `year` windows may differ after clamping; they are compared as they are.
    """
    compared_to = min(date_to, last_complete_day(world))
    if compare == "none" or compared_to < date_from:
        names = ["compared_from", "compared_to", "previous_from", "previous_to", *(f"previous_{n}" for n in SEVEN)]
        names += [f"previous_{rate}_rate" for rate in COMPARED_RATES]
        names += [f"{rate}_rate_change_pp" for rate in COMPARED_RATES]
        return {
            **dict.fromkeys(names),
            "growth_rate": None,
            "growth_status": "no_previous",
            "absolute_change": None,
        }
    previous_from, previous_to = previous_window(date_from, compared_to, compare)
    now = columns(world, set(days_between(date_from, compared_to)))
    then = columns(world, set(days_between(previous_from, previous_to)))
    growth_rate, growth_status = growth(now["total_conversations"], then["total_conversations"])
    result: Row = {
        "compared_from": date_from,
        "compared_to": compared_to,
        "previous_from": previous_from,
        "previous_to": previous_to,
        **{f"previous_{name}": then[name] for name in SEVEN},
        "growth_rate": growth_rate,
        "growth_status": growth_status,
        "absolute_change": now["total_conversations"] - then["total_conversations"],
    }
    for rate in COMPARED_RATES:
        result[f"previous_{rate}_rate"] = then[f"{rate}_rate"]
        result[f"{rate}_rate_change_pp"] = percentage_points(now[f"{rate}_rate"], then[f"{rate}_rate"])
    return result

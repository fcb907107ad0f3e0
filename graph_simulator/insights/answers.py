"""The shapes in which insights come: a series, a lifetime figure, a total value with breakdowns, a skeleton without any figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from graph_simulator.http.calls import Call
from graph_simulator.http.errors import parameter, too_long, too_old
from graph_simulator.insights.figures import Value
from graph_simulator.world.instants import DAY, TWO_YEARS, asked_instant, stamp

Json = dict[str, Any]


def point(value: Value, end_time: int, **beside: str) -> Json:
    """A value of a series."""
    return {"value": value, "end_time": stamp(end_time), **beside}


def series(object_id: str, metric: str, period: str, points: Sequence[Json]) -> Json:
    """Shape A: values with the instant at which each bucket ends."""
    return _named(object_id, metric, period) | {"values": list(points)}


def lifetime(object_id: str, metric: str, value: Value) -> Json:
    """Shape B: one value, without a time."""
    return _named(object_id, metric, "lifetime") | {"values": [{"value": value}]}


def total_value(object_id: str, metric: str, period: str, value: Value, breakdown: Json | None = None) -> Json:
    """Shape C: one value of the asked window."""
    figure: Json = {"value": value}
    if breakdown is not None:
        figure["breakdowns"] = [breakdown]
    return _named(object_id, metric, period) | {"total_value": figure}


def skeleton(object_id: str, metric: str, period: str) -> Json:
    """Shape D: the metric is there and says nothing."""
    return _named(object_id, metric, period) | {"total_value": {}}


def breakdown(dimensions: Sequence[str], results: Mapping[tuple[str, ...], int]) -> Json:
    """`breakdowns` of a total value."""
    rows = [{"dimension_values": list(values), "value": value} for values, value in results.items()]
    return {"dimension_keys": list(dimensions), "results": rows}


def _named(object_id: str, metric: str, period: str) -> Json:
    title = metric.replace("_", " ").capitalize()
    return {
        "name": metric,
        "period": period,
        "title": title,
        "description": f"{title} of the simulated world.",
        "id": f"{object_id}/insights/{metric}/{period}",
    }


# `since` and `until` of a request for insights, and the links to the windows before and after it.


def asked_window(params: Mapping[str, str], now: int, zone: ZoneInfo, *, default_days: int, max_days: int) -> tuple[int, int]:
    """`[since, until)` in seconds. Dates count from midnight in `zone`; what is missing is now, and `default_days` before the end.

    GraphError 100 if it is longer than `max_days`, begins more than two years back, ends before it begins or is no time at all.
    """
    given: dict[str, int] = {}
    for name in ("since", "until"):
        if params.get(name):
            try:
                given[name] = asked_instant(params[name], zone)
            except ValueError:
                raise parameter(f"{name} must be a UNIX timestamp or a date") from None
    until = given.get("until", now)
    since = given.get("since", until - default_days * DAY)
    if since >= until:
        raise parameter("since must be earlier than until")
    if until - since > max_days * DAY and not _is_longer_by_an_hour(params, since, until, max_days):
        raise too_long(max_days)
    if since < now - TWO_YEARS:
        raise too_old()
    return since, until


def _is_longer_by_an_hour(params: Mapping[str, str], since: int, until: int, max_days: int) -> bool:
    """Dates with the autumn clock change between them: no more days, only one more hour."""
    try:
        days = date.fromisoformat(params["until"]) - date.fromisoformat(params["since"])
    except (KeyError, ValueError):
        return False
    return days.days <= max_days and until - since <= max_days * DAY + 3_600


def time_links(call: Call, path: str, params: Mapping[str, str], since: int, until: int) -> Json:
    """`previous` and `next`: windows of the same length before and after, for ever, and with the token in them."""
    length = until - since
    return {
        "previous": call.link(path, params, since=str(since - length), until=str(since)),
        "next": call.link(path, params, since=str(until), until=str(until + length)),
    }

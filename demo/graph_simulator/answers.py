"""The shapes in which insights come: a series, a lifetime figure, a total value with breakdowns, a skeleton without any figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .figures import Value
from .instants import stamp

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

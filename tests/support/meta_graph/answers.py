"""Questions, and answers in the shapes that Meta gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.model import Observation, Parsed, Question
from agentmarts.meta_graph.parsing.insights import parse_insights

CATALOGUE = load_catalogue()
START = datetime(2026, 3, 9, tzinfo=UTC)
END = START + timedelta(days=1)
LATER = END + timedelta(days=30)
"""When everything is final."""
OBJECT_TYPES = {"fb_posts": "post", "fb_reels": "reel", "ig_stories": "story"}
SLOTS = {"age": "age:24h", "story": "age:4h", "daily": "day:2026-03-10"}
Json = Any


def question(group_name: str, *metrics: str, start: datetime | None = START, end: datetime | None = END, **more: Any) -> Question:
    """A question of a call group: a window where the group asks for one, else a sample."""
    group = CATALOGUE.group(group_name)
    is_sample = group.period in {"lifetime", "node"}
    return Question(
        group=group,
        object_type=OBJECT_TYPES.get(group_name, group.object),
        object_id="17",
        metrics=metrics or group.metrics,
        window_start=None if is_sample else start,
        window_end=None if is_sample else end,
        sample_slot=SLOTS[group.cadence] if is_sample else "",
        **more,
    )


def series(metric: str, *points: tuple[Json, str], period: str = "day", **beside: Json) -> Json:
    """Shape A. Points: (value, stamp)."""
    return {
        "name": metric,
        "period": period,
        "values": [{"value": value, "end_time": stamp, **beside} for value, stamp in points],
        "title": "Daily Something",
        "description": "Daily: what it says.",
        "id": f"17/insights/{metric}/{period}",
    }


def lifetime(metric: str, value: Json) -> Json:
    """Shape B."""
    return {"name": metric, "period": "lifetime", "values": [{"value": value}]}


def total(metric: str, value: Json = None, *breakdowns: Json, period: str = "day") -> Json:
    """Shape C; without arguments the skeleton of shape D."""
    inner = ({} if value is None else {"value": value}) | ({"breakdowns": list(breakdowns)} if breakdowns else {})
    return {"name": metric, "period": period, "total_value": inner}


def breakdown(names: list[str], *results: tuple[list[Json], Json]) -> Json:
    """Results: (values of the dimensions, number)."""
    return {"dimension_keys": names, "results": [{"dimension_values": values, "value": number} for values, number in results]}


def answer(*entries: Json) -> Json:
    """A body, with the endless links that hold the token."""
    link = "https://graph.example/v25.0/17/insights?access_token=TOKEN&since=1&until=2"
    return {"data": list(entries), "paging": {"previous": link, "next": link}}


def parse(asked: Question, *entries: Json, observed_at: datetime = LATER, **known_keys: set[str]) -> Parsed:
    """What the entries say to the question."""
    known = {metric: frozenset(keys) for metric, keys in known_keys.items()}
    return parse_insights(asked, answer(*entries), CATALOGUE, observed_at, known)


def values(parsed: Parsed) -> dict[tuple[str, ...], Decimal | None]:
    """Values by metric, and by dimension and stamp if there are any."""
    return {tuple(filter(None, (one.metric, one.dim_key, one.dim_value, one.raw_end_time))): one.value for one in parsed.observations}


def only(parsed: Parsed) -> Observation:
    """The one observation."""
    (observation,) = parsed.observations
    return observation


def reasons(parsed: Parsed) -> list[tuple[str, str]]:
    """Metric and reason of each unreadable part."""
    return [(part.metric, part.reason) for part in parsed.unreadable]

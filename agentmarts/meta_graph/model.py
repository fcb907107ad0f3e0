"""What the collector plans, asks and learns: the values that planner, parser and store hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any, Literal
from uuid import UUID, uuid5

from agentmarts.meta_graph.catalogue import CallGroup

ObservedState = Literal["ok", "empty", "zero_provisional", "below_threshold"]
LedgerState = Literal[
    "ok", "empty", "zero_provisional", "not_supported", "below_threshold", "not_permitted", "deprecated", "deleted", "throttled", "error"
]
UNSETTLED: frozenset[LedgerState] = frozenset({"throttled", "error"})
"""States after which the same item is sent again; any other is final for its plan key."""
FINAL_AFTER = timedelta(hours=72)
"""A window's value is final when it is observed this long after the window's end."""
PROVISIONAL_FOR = timedelta(hours=48)
"""A 0 seen within this time of the window's end may be a day that Meta has not counted yet."""
FACT_NAMESPACE = UUID("7a1cf0a6-2f0c-5c0e-9a43-3f1b6d7e9c55")


@dataclass(frozen=True)
class Question:
    """Metrics of one call group about one object, over one window or at one instant. One request may hold several."""

    group: CallGroup
    object_type: str
    """page, post, reel, ig_user, ig_media, story"""
    object_id: str
    metrics: tuple[str, ...]
    media_product: str | None = None
    window_start: datetime | None = None
    """Asked window, UTC, half open; None for samples and node fields."""
    window_end: datetime | None = None
    sample_slot: str = ""
    """`day:YYYY-MM-DD` or `age:24h`; empty for windows."""


@dataclass(frozen=True)
class Observation:
    """One value of one metric as Meta gave it: a row of raw.metric_observations without its revision."""

    group_name: str
    platform: str
    object_type: str
    object_id: str
    metric: str
    period: str
    value: Decimal | None
    state: ObservedState
    is_final: bool
    observed_at: datetime
    media_product: str | None = None
    dim_key: str = ""
    """Names of the dimensions, sorted and joined by `|`; `key` for a dictionary of values."""
    dim_value: str = ""
    window_start: datetime | None = None
    """Only of asked windows (`total_value`); a series has only its stamp."""
    window_end: datetime | None = None
    raw_end_time: str | None = None
    """The stamp as Meta wrote it."""
    sample_slot: str = ""

    def fact_id(self, account_id: UUID) -> UUID:
        """UUIDv5 of what the value is about: the same fact keeps its id when its value is restated."""
        parts = (
            str(account_id), self.group_name, self.object_type, self.object_id, self.metric, self.period, self.dim_key, self.dim_value,
            _instant(self.window_start), _instant(self.window_end), self.sample_slot,
        )  # fmt: skip
        return uuid5(FACT_NAMESPACE, "\x1f".join(parts))


@dataclass(frozen=True)
class GraphObject:
    """A post, reel or medium as a list edge shows it: a row of raw.graph_objects without its revision. `published_at` is UTC."""

    object_id: str
    object_type: str
    published_at: datetime | None
    media_product: str | None = None
    media_type: str | None = None
    permalink: str | None = None
    message: str | None = None
    is_deleted: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A part of an answer that no rule of the parser reads: it goes to raw.quarantine, the rest of the answer is kept."""

    metric: str
    reason: str
    fragment: Any


@dataclass(frozen=True)
class Parsed:
    """What one answer says to one question."""

    observations: tuple[Observation, ...] = ()
    answered: frozenset[str] = frozenset()
    """Asked metrics that came with at least one value, be it empty."""
    missing: frozenset[str] = frozenset()
    """Asked metrics of which the answer says nothing: the third outcome beside value and error."""
    unreadable: tuple[Unreadable, ...] = field(default=())


def _instant(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


# One planned request of the collector: what is sent, and which questions its answer answers.

Shape = Literal["node", "insights", "list", "batch"]
"""node: fields of one object; insights: one object's metrics; list: an edge, page by page; batch: up to 50 insights requests in one."""


class Urgency(IntEnum):
    """In which order an account's requests go out when a budget may end before they do."""

    LISTS = 1
    """What exists: later requests need to know."""
    STORIES = 2
    """They are gone after 24 hours."""
    DAYS = 3
    CHECKPOINTS = 4
    GAPS = 5
    """The past can wait."""


@dataclass(frozen=True)
class Item:
    """What one answer is for. With a final ledger row under its key it is never sent again."""

    plan_key: str
    path: str
    params: Mapping[str, str | int]
    question: Question
    graph_object: GraphObject | None = None


@dataclass(frozen=True)
class Call:
    """One planned request: one item, or up to 50 of a batch."""

    group: CallGroup
    edge: str
    shape: Shape
    urgency: Urgency
    items: tuple[Item, ...]

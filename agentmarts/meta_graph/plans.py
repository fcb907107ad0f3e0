"""One planned request of the collector: what is sent, and which questions its answer answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal
from uuid import UUID

from agentmarts.meta_graph.catalogue import CallGroup
from agentmarts.meta_graph.observations import GraphObject, Question

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
class Call:
    """One planned request. An item with a final ledger row under `plan_key` is not sent again."""

    plan_key: str
    account_id: UUID
    group: CallGroup
    shape: Shape
    path: str
    params: Mapping[str, str]
    urgency: Urgency
    questions: tuple[Question, ...]
    """Of a list: one, about the objects it will show; of a batch: one per item."""
    objects: Mapping[str, GraphObject] = field(default_factory=dict)
    """Of a batch: the objects of its items."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    sample_slot: str = ""

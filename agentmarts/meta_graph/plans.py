"""One planned request of the collector: what is sent, and which questions its answer answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

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

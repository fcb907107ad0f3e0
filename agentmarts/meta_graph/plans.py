"""One planned request of the collector: what is sent, and which questions its answer answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


def plan_key(
    account_id: UUID,
    group: str,
    edge: str,
    *,
    slot: str = "",
    window: tuple[datetime, datetime] | None = None,
    objects: Iterable[str] = (),
    restated_on: date | None = None,
) -> str:
    """32 hex digits that name an item of work: the same work has the same key in every run.

    `restated_on` is part of it where a window is asked again each day; a window of the past is asked once.
    """
    parts = [str(account_id), group, edge, slot, *(moment.isoformat() for moment in window or ()), *sorted(objects)]
    if restated_on:
        parts.append(f"restated {restated_on.isoformat()}")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

"""Splitting a conversation's events into episodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .events import Event


@dataclass
class Episode:
    """Events of one episode in order; reopen_reason is None for episode 1."""

    number: int
    reopen_reason: str | None
    events: list[Event] = field(default_factory=list)


@dataclass
class Conversation:
    """A conversation as it stands at as_of. next_event_at: the earliest event stamped after as_of, if any (UTC)."""

    conversation_id: str
    events: list[Event]
    episodes: list[Episode]
    next_event_at: datetime | None

    @property
    def customer_id(self) -> str | None:
        """Latest non-null customer_id; it counts for all events of the conversation."""
        return next((event.customer_id for event in reversed(self.events) if event.customer_id is not None), None)

    @property
    def channel(self) -> str | None:
        """reading: first non-null value of the whole conversation, the same for all its episodes."""
        return next((event.channel for event in self.events if event.channel is not None), None)

    @property
    def language(self) -> str | None:
        """reading: as channel."""
        return next((event.language for event in self.events if event.language is not None), None)

    @property
    def started(self) -> Event | None:
        """The first conversation_started wherever it stands; the others are ignored (but are counted as events)."""
        return next((event for event in self.events if event.event_type == "conversation_started"), None)


def gather(events: Iterable[Event], as_of: datetime) -> list[Conversation]:
    """Conversations that have an event at or before as_of, in order of id."""
    by_id: dict[str, list[Event]] = {}
    for event in events:
        by_id.setdefault(event.conversation_id, []).append(event)
    conversations = []
    for conversation_id in sorted(by_id, key=str.encode):
        ordered = sorted(by_id[conversation_id], key=lambda event: event.order)
        existing = [event for event in ordered if event.occurred_at <= as_of]
        later = [event.occurred_at for event in ordered if event.occurred_at > as_of]
        if existing:
            conversations.append(Conversation(conversation_id, existing, split(existing), min(later) if later else None))
    return conversations


def split(ordered: list[Event]) -> list[Episode]:
    """Episodes of a conversation. Only a resolution or an explicit abandonment ends one, never silence."""
    episodes = [Episode(1, None)]
    is_ended = False
    for event in ordered:
        reason = _reopen_reason(event) if is_ended else None
        if reason is not None:
            episodes.append(Episode(len(episodes) + 1, reason))
            is_ended = False
        episodes[-1].events.append(event)
        if event.event_type in ("conversation_resolved", "conversation_abandoned"):
            is_ended = True
    return episodes


def _reopen_reason(event: Event) -> str | None:
    """Why an event after the end opens a new episode; None if it belongs to the ended one."""
    if event.event_type == "conversation_reopened":
        return "explicit"
    if event.is_customer_word:
        return "customer_message"
    if event.event_type == "conversation_escalated":
        return "escalated"
    return None

"""Customer turns and the replies that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .durations import milliseconds
from .events import Event


@dataclass(frozen=True)
class Reply:
    """A public reply. turn_started_at: first message of the turn it answers (UTC), None if it answers none."""

    event: Event
    turn_started_at: datetime | None

    @property
    def is_explicit(self) -> bool:
        """The product sent the response time itself."""
        return self.event.response_time_ms is not None

    @property
    def response_ms(self) -> int | None:
        """The value this reply contributes in milliseconds; a sent one replaces the measured one."""
        if self.event.response_time_ms is not None:
            return self.event.response_time_ms
        if self.turn_started_at is None:
            return None
        return milliseconds(self.event.occurred_at - self.turn_started_at)


def walk(ordered: list[Event]) -> tuple[list[Reply], bool]:
    """All public replies of an episode, and whether a turn is left without reply at its end."""
    replies: list[Reply] = []
    turn_started_at: datetime | None = None
    for event in ordered:
        if event.is_customer_word:
            turn_started_at = turn_started_at or event.occurred_at
        elif event.is_public_reply:
            replies.append(Reply(event, turn_started_at))
            turn_started_at = None
    return replies, turn_started_at is not None

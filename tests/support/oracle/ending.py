"""How an episode ends: by event, or by silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .events import Event
from .tenant import Tenant

NOT_SOLVED_BY = ("timeout", "automation")


@dataclass(frozen=True)
class Ending:
    """outcome, abandon_kind and ended_at of an episode; window_ends_at is when silence ends it, None if it can't."""

    outcome: str
    abandon_kind: str | None
    ended_at: datetime | None
    window_ends_at: datetime | None


def first(ordered: list[Event], event_type: str) -> Event | None:
    """First event of a type."""
    return next((event for event in ordered if event.event_type == event_type), None)


def has_ai_answer_to_customer(ordered: list[Event]) -> bool:
    """The AI gave an answer after a customer message (reading: a message other than `closing`, of the same episode)."""
    return any(is_answer_to_customer(ordered, n) and event.agent_kind == "ai" for n, event in enumerate(ordered))


def is_answer_to_customer(ordered: list[Event], n: int) -> bool:
    """Event n is a public answer and the customer wrote before it."""
    event = ordered[n]
    return event.is_public_reply and event.message_kind == "answer" and any(earlier.is_customer_word for earlier in ordered[:n])


def ending(ordered: list[Event], tenant: Tenant, start_date: date, as_of: datetime) -> Ending:
    """The ending of an episode as it stands at as_of; windows are those in force on its start date."""
    handoff = first(ordered, "conversation_escalated")
    resolve = first(ordered, "conversation_resolved")
    abandon = first(ordered, "conversation_abandoned")

    # reading: the last word is the last customer message (not `closing`) or public reply of the episode, also after
    # its end; automatic replies, system messages and private notes are nobody's word. Without any word: `empty`.
    words = [n for n, event in enumerate(ordered) if event.is_customer_word or event.is_public_reply]
    is_answered = bool(words) and is_answer_to_customer(ordered, words[-1]) and abandon is None

    # reading: the window runs from the last public message of any kind (a `closing` or automatic one included), from
    # the last event of any type when the episode is `empty`.
    last_message_at = max((event.occurred_at for event in ordered if event.is_public_message), default=None)
    runs_from = last_message_at if words and last_message_at else ordered[-1].occurred_at
    hours = tenant.parameter("assume_after_hours" if is_answered else "abandon_after_hours", start_date)
    window_end = runs_from + timedelta(hours=hours)

    # reading: silence also ends an escalated episode (ended_at), though its outcome stays escalated.
    end_event = resolve or abandon
    ended_at = window_end if window_end <= as_of else None
    if end_event:
        ended_at = end_event.occurred_at

    if handoff:
        outcome = "escalated"
    elif resolve and resolve.closed_by not in NOT_SOLVED_BY:
        outcome = "resolved"
    elif ended_at is None:
        outcome = "open"
    else:
        outcome = "silent" if is_answered else "abandoned"

    abandon_kind = None
    if outcome == "abandoned":
        if abandon:
            abandon_kind = "explicit"
        elif not words:
            abandon_kind = "empty"
        else:
            # reading: an agent's last word that isn't an answer to a customer (also an unasked answer) leaves the
            # customer silent.
            abandon_kind = "unanswered" if ordered[words[-1]].is_customer_word else "customer_silent"
    return Ending(outcome, abandon_kind, ended_at, None if end_event else window_end)

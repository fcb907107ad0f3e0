"""What the outcomes rest on, as accepted: actions, signals, replies and changes of deal stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.support.oracle.events import parse_instant

Payload = dict[str, Any]
ReceivedAt = Callable[[str, str], datetime]
"""(stream, event_id) -> when the event first arrived."""

LISTED_WINDOWS = {"email_engagement": 24, "deal_progression": 720, "meeting_outcome": 168, "escalation_result": 168}
OTHER_WINDOW = 168


@dataclass(frozen=True)
class Action:
    """An agent acted and predicted."""

    action_id: str
    conversation_id: str | None
    action_type: str
    outcome_type: str
    rep_id: str | None
    predicted_confidence: float
    created_at: datetime
    given_window_hours: int | None
    event_data: Payload

    @property
    def window_hours(self) -> int:
        return self.given_window_hours or LISTED_WINDOWS.get(self.outcome_type, OTHER_WINDOW)

    @property
    def is_window_default(self) -> bool:
        """reading: true where nobody said how long: neither the action nor the list of outcome types."""
        return self.given_window_hours is None and self.outcome_type not in LISTED_WINDOWS

    @property
    def window_expires_at(self) -> datetime:
        return self.created_at + timedelta(hours=self.window_hours)

    def is_in_window(self, instant: datetime) -> bool:
        """Evidence counts in (created_at, window_expires_at]."""
        return self.created_at < instant <= self.window_expires_at


@dataclass(frozen=True)
class Arrived:
    """Something that happened and arrived, in the order in which it may decide."""

    event_id: str
    occurred_at: datetime
    received_at: datetime

    @property
    def order(self) -> tuple[datetime, bytes]:
        """Later is larger; ids compare bytewise."""
        return self.occurred_at, self.event_id.encode()


@dataclass(frozen=True)
class Signal(Arrived):
    """Evidence that names its action."""

    action_id: str
    outcome_status: str
    outcome_score: float | None
    is_human: bool


@dataclass(frozen=True)
class Reply(Arrived):
    """A message the customer sent."""

    conversation_id: str


@dataclass(frozen=True)
class StageChange(Arrived):
    """A deal reached a stage."""

    conversation_id: str
    stage: str


@dataclass(frozen=True)
class Facts:
    """All that exists at an instant."""

    actions: list[Action]
    signals: list[Signal]
    replies: list[Reply]
    stage_changes: list[StageChange]


def read_facts(streams: dict[str, list[Payload]], received_at: ReceivedAt, as_of: datetime) -> Facts:
    """Payloads by stream, in order of arrival; of one event_id the first wins, and only what happened up to as_of exists."""

    def existing(stream: str) -> Iterable[tuple[Payload, Payload, datetime]]:
        """(payload, fields beside event_data or in it, instant)"""
        seen = set()
        for payload in streams.get(stream, []):
            occurred_at = parse_instant(payload["occurred_at"])
            if payload["event_id"] not in seen and occurred_at <= as_of:
                yield payload, {**payload.get("event_data", {}), **payload}, occurred_at
            seen.add(payload["event_id"])

    actions = [
        Action(
            action_id=payload["event_id"],
            conversation_id=payload.get("conversation_id"),
            action_type=payload["action_type"],
            outcome_type=payload["outcome_type"],
            rep_id=payload.get("rep_id"),
            predicted_confidence=float(payload["predicted_confidence"]),
            created_at=at,
            given_window_hours=payload.get("window_hours"),
            event_data=fields,
        )
        for payload, fields, at in existing("agent_actions")
    ]
    signals = [
        Signal(
            event_id=payload["event_id"],
            occurred_at=at,
            received_at=received_at("outcome_signals", payload["event_id"]),
            action_id=payload["action_id"],
            outcome_status=payload["outcome_status"],
            outcome_score=payload.get("outcome_score"),
            is_human=payload["signal_source"] == "human_label",
        )
        for payload, _, at in existing("outcome_signals")
    ]
    replies, stage_changes = [], []
    for payload, fields, at in existing("conversation_events"):
        event_id, conversation_id = payload["event_id"], payload["conversation_id"]
        arrival = received_at("conversation_events", event_id)
        if payload["event_type"] == "message_received":
            replies.append(Reply(event_id, at, arrival, conversation_id))
        if payload["event_type"] == "deal_stage_changed":
            stage_changes.append(StageChange(event_id, at, arrival, conversation_id, fields["deal_stage"]))
    return Facts(actions, signals, replies, stage_changes)

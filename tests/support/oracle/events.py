"""Conversation events as accepted: aliases resolved, defaults filled, duplicates dropped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .tenant import Tenant

TYPE_ALIASES = {
    "started": "conversation_started",
    "resolved": "conversation_resolved",
    "escalated": "conversation_escalated",
    "abandoned": "conversation_abandoned",
}

# Order of events of one instant.
RANK = {
    event_type: rank
    for rank, event_type in enumerate(
        [
            "conversation_started",
            "conversation_reopened",
            "message_received",
            "knowledge_retrieved",
            "message_sent",
            "citation_clicked",
            "csat_submitted",
            "deal_stage_changed",
            "conversation_escalated",
            "conversation_resolved",
            "conversation_abandoned",
        ]
    )
}

CLOSED_BY_AGENT_KIND = {"ai": "ai_agent", "human": "human", "system": "automation"}
QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True)
class Event:
    """One accepted event; occurred_at in UTC. Fields the event doesn't have are None."""

    event_id: str
    conversation_id: str
    event_type: str
    occurred_at: datetime
    customer_id: str | None
    channel: str | None
    language: str | None
    agent_id: str | None
    agent_kind: str | None
    model: str | None
    text: str | None
    message_kind: str | None
    response_time_ms: int | None
    confidence: float | None
    initiated_by: str | None
    closed_by: str | None
    customer_confirmed: bool | None
    reason: str | None
    result_count: int | None
    rating: int | None

    @property
    def order(self) -> tuple[datetime, int, bytes]:
        """Place in the conversation: ids compare bytewise (COLLATE "C")."""
        return self.occurred_at, RANK[self.event_type], self.event_id.encode()

    @property
    def is_public_message(self) -> bool:
        """Somebody wrote something the other side could see, be it an automatic reply or a system's note."""
        return self.event_type == "message_received" or (self.event_type == "message_sent" and self.message_kind != "private_note")

    @property
    def is_public_reply(self) -> bool:
        """A reply that can answer a customer turn."""
        return (
            self.event_type == "message_sent"
            and self.agent_kind in ("ai", "human")
            and self.message_kind not in ("auto_reply", "private_note")
        )

    @property
    def is_customer_word(self) -> bool:
        """A customer message that opens or continues a turn, so not a thanks or goodbye."""
        return self.event_type == "message_received" and self.message_kind != "closing"


def parse_instant(text: str) -> datetime:
    """ISO 8601 to UTC; a timestamp without zone is UTC."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def accept(payloads: Iterable[dict[str, Any]], tenant: Tenant) -> list[Event]:
    """Valid payloads in order of arrival -> events; of one event_id the first wins, whatever the others hold."""
    accepted: dict[str, Event] = {}
    for payload in payloads:
        event = _event(payload, tenant)
        accepted.setdefault(event.event_id, event)
    return list(accepted.values())


def _event(payload: dict[str, Any], tenant: Tenant) -> Event:
    """Aliases, lifting and defaults."""
    # reading: a null is no value, so a null at top level doesn't hide a value in event_data.
    top = {name: value for name, value in payload.items() if value is not None}
    nested = {name: value for name, value in (top.pop("event_data", None) or {}).items() if value is not None}
    fields = {**nested, **top}
    event_type = TYPE_ALIASES.get(top["event_type"], top["event_type"])
    # reading: identity, type and time are taken from the top level only; of the names of the time occurred_at comes
    # before timestamp before created_at.
    occurred_at = parse_instant(top.get("occurred_at") or top.get("timestamp") or top["created_at"])
    agent_kind = fields.get("agent_kind")
    initiated_by = closed_by = None
    message_kind = fields.get("message_kind")
    text = fields.get("text")
    if event_type == "conversation_started":
        initiated_by = fields.get("initiated_by", "customer")
    if event_type == "conversation_resolved":
        closed_by = fields.get("closed_by") or CLOSED_BY_AGENT_KIND.get(agent_kind or "", "unknown")
    if event_type == "message_sent":
        agent_kind = agent_kind or "ai"
        # reading: white space after the question mark doesn't count; a message without text is an answer.
        message_kind = message_kind or ("question" if (text or "").rstrip().endswith(QUESTION_MARKS) else "answer")
    return Event(
        event_id=top.get("event_id") or top.get("id") or _made_up_id(tenant, event_type, occurred_at, payload),
        conversation_id=top["conversation_id"],
        event_type=event_type,
        occurred_at=occurred_at,
        customer_id=fields.get("customer_id"),
        channel=fields.get("channel"),
        language=fields.get("language"),
        agent_id=fields.get("agent_id"),
        agent_kind=agent_kind,
        model=fields.get("model"),
        text=text,
        message_kind=message_kind,
        response_time_ms=fields.get("response_time_ms"),
        confidence=fields.get("confidence"),
        initiated_by=initiated_by,
        closed_by=closed_by,
        customer_confirmed=fields.get("customer_confirmed"),
        reason=fields.get("reason"),
        result_count=fields.get("result_count"),
        rating=fields.get("rating"),
    )


def _made_up_id(tenant: Tenant, event_type: str, occurred_at: datetime, payload: dict[str, Any]) -> str:
    """sha256 in place of a missing id. Enough to drop repeats; the exact bytes are the loader's business."""
    body = json.dumps(payload, sort_keys=True)
    key = [tenant.tenant_id, payload["conversation_id"], event_type, occurred_at.isoformat(), body]
    return hashlib.sha256("\n".join(key).encode()).hexdigest()

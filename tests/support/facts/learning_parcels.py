"""An email and its reply: the smallest story of the learning domain, a tenant's clocks changing inside the action's window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.support.facts.delivery import Parcel
from tests.support.oracle import Tenant

BERLIN = Tenant("00000000-0000-4000-8000-000000000001", [(None, "Europe/Berlin")])
BERLIN_ID = UUID(BERLIN.tenant_id)
CREATED = datetime(2025, 3, 29, 10, tzinfo=UTC)  # the clocks change in its window
EMAIL: Parcel = (
    BERLIN_ID,
    "agent_actions",
    {
        "event_id": "a1",
        "occurred_at": CREATED.isoformat(),
        "conversation_id": "c1",
        "action_type": "send_email",
        "outcome_type": "email_engagement",
        "predicted_confidence": 0.7,
    },
)
REPLY: Parcel = (
    BERLIN_ID,
    "conversation_events",
    {
        "event_id": "e1",
        "occurred_at": (CREATED + timedelta(hours=24)).isoformat(),
        "conversation_id": "c1",
        "event_type": "message_received",
    },
)
UNCLEAR: Parcel = (
    BERLIN_ID,
    "outcome_signals",
    {
        "event_id": "s1",
        "occurred_at": (CREATED + timedelta(hours=2)).isoformat(),
        "action_id": "a1",
        "outcome_status": "ambiguous",
        "outcome_score": 0.5,
        "signal_source": "human_label",
    },
)

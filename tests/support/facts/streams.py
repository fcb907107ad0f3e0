"""What the tests of streams share: a tenant, plain events, and what is in raw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg

from agentmarts.settings import Settings
from agentmarts.streams.contract.validation import Recipient, Row, Validator
from agentmarts.tenancy.tenants import Tenant, create_tenant
from agentmarts.warehouse.connection import Role, connect

RECEIVED_AT = datetime(2025, 6, 10, 12, tzinfo=UTC)
SOMEBODY = Recipient(UUID("00000000-0000-4000-8000-000000000001"), "acme")


def a_tenant(settings: Settings, slug: str = "acme") -> Tenant:
    return create_tenant(settings, slug=slug, timezone="Europe/Berlin", currency="EUR")


def message(**changes: Any) -> dict[str, Any]:
    """A good message_sent; a change to None removes the field."""
    event = {
        "event_id": "e1",
        "conversation_id": "c1",
        "event_type": "message_sent",
        "occurred_at": "2025-06-10T09:00:00Z",
        "text": "It left yesterday.",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def score(**changes: Any) -> dict[str, Any]:
    """A good quality score; a change to None removes the field."""
    event = {
        "event_id": "s1",
        "stream": "quality_scores",
        "conversation_id": "c1",
        "occurred_at": "2025-06-10T09:00:00Z",
        "scorer_kind": "rule",
        "scorer": "reward",
        "accuracy": 0.5,
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def action(**changes: Any) -> dict[str, Any]:
    """A good agent action; a change to None removes the field."""
    event = {
        "event_id": "a1",
        "stream": "agent_actions",
        "conversation_id": "c1",
        "action_type": "follow_up_email",
        "outcome_type": "email_engagement",
        "predicted_confidence": 0.7,
        "occurred_at": "2025-06-10T09:00:00Z",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def signal(**changes: Any) -> dict[str, Any]:
    """A good outcome signal; a change to None removes the field."""
    event = {
        "event_id": "g1",
        "stream": "outcome_signals",
        "action_id": "a1",
        "outcome_status": "positive",
        "signal_source": "automatic",
        "occurred_at": "2025-06-10T10:00:00Z",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def rating(**changes: Any) -> dict[str, Any]:
    """Good feedback; a change to None removes the field."""
    event = {
        "event_id": "f1",
        "stream": "feedback",
        "source": "inline",
        "rating": -1,
        "target_type": "message",
        "target_id": "m1",
        "occurred_at": "2025-06-10T10:00:00Z",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def lines(*events: Mapping[str, Any]) -> list[bytes]:
    return [orjson.dumps(event) for event in events]


def numbered(payloads: list[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(payloads, start=1))


def validator() -> Validator:
    return Validator(SOMEBODY, "conversation_events", RECEIVED_AT)


def row_of(payload: bytes | Mapping[str, Any]) -> Row:
    return validator().check(payload if isinstance(payload, bytes) else orjson.dumps(payload))[1]


def raw_rows(settings: Settings, table: str = "conversation_events") -> list[tuple[Any, ...]]:
    """Everything in a raw table but when and in which transaction it came, in order of the key."""
    with connect(settings, Role.INGEST) as connection:
        columns = connection.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
            "where attrelid = %s::regclass and attnum > 0 and not attisdropped and attname not in ('ingest_xid', 'received_at')",
            [f"raw.{table}"],
        ).fetchone()
        assert columns is not None
        return connection.execute(f"select {columns[0]} from raw.{table} order by tenant_id, event_id").fetchall()


def quarantined(settings: Settings) -> list[tuple[Any, ...]]:
    """(event_id, reason, times_seen, source) of the quarantine, in order of arrival."""
    with connect(settings, Role.INGEST) as connection:
        return connection.execute("select event_id, reason, times_seen, source from raw.quarantine order by quarantine_id").fetchall()


def ingest_connection(settings: Settings) -> psycopg.Connection[tuple[Any, ...]]:
    """An idle connection as am_ingest that the caller closes."""
    from agentmarts.warehouse.connection import dsn

    return psycopg.connect(dsn(settings, Role.INGEST))

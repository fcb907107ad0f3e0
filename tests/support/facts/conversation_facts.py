"""Conversations written into raw directly, so that each case shows one reason to touch; deliveries are in `delivery.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect

TENANT = UUID(int=1)
NEIGHBOUR = UUID(int=2)
MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
EVENT_COLUMNS = (
    "tenant_id", "event_id", "conversation_id", "event_type", "occurred_at", "received_at", "customer_id", "agent_kind", "closed_by",
    "confidence", "text", "event_data",
)  # fmt: skip
Row = dict[str, Any]


def create_tenant(settings: Settings, tenant: UUID, slug: str) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, %s, 'EUR')", (tenant, slug, slug))


def set_parameter(settings: Settings, tenant: UUID, parameter: str, value: Any, valid_from: date | None = None) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.tenant_parameters (tenant_id, parameter, valid_from, value) values (%s, %s, %s, %s)",
            (tenant, parameter, valid_from, Jsonb(value)),
        )


def send(settings: Settings, *events: Row) -> None:
    """Insert events as the loader would; event_id and received_at are made up."""
    with connect(settings, Role.INGEST) as connection:
        connection.execute("select raw.ensure_event_partitions(%s)", ([event["occurred_at"].date() for event in events],))
        for event in events:
            made_up = f"{event['event_type']} {event['occurred_at'].isoformat()}"
            row = {"tenant_id": TENANT, "event_id": made_up, "received_at": event["occurred_at"], "event_data": {}, **event}
            values = [Jsonb(row[name]) if name == "event_data" else row.get(name) for name in EVENT_COLUMNS]
            connection.execute(
                f"insert into raw.conversation_events ({', '.join(EVENT_COLUMNS)}) values ({', '.join(['%s'] * len(values))})", values
            )


def solved(name: str, at: datetime, customer: str | None = "ann", tenant: UUID = TENANT) -> Iterator[Row]:
    """A conversation that the AI solves in ten minutes."""
    common = {"tenant_id": tenant, "conversation_id": name, "customer_id": customer}
    yield {**common, "event_type": "message_received", "occurred_at": at, "text": "Where is it?"}
    yield {**common, "event_type": "message_sent", "occurred_at": at + timedelta(minutes=1), "text": "On its way.", "confidence": 0.8}
    yield {**common, "event_type": "conversation_resolved", "occurred_at": at + timedelta(minutes=10), "closed_by": "ai_agent"}


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    """A full run at the same instant changes no row of any mart."""
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert rebuilt.window.mode == "full"
    assert rebuilt.published.changes == ()


def values(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(query).fetchall()


def refreshed(settings: Settings, as_of: datetime) -> None:
    assert refresh(settings, as_of=as_of).window.mode == "incremental"

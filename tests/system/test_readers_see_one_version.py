"""Readers while publishing: every transaction sees one version of all marts, and a full refresh leaves the catalogue as it was.

AGENTMARTS_PUBLISHES=20 for the long run.
"""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.bi_users import create_bi_user
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect, database_url
from agentmarts.warehouse.migrations import catalogue_dump
from tests.support.facts.delivery import Parcel, deliver

PUBLISHES = int(os.environ.get("AGENTMARTS_PUBLISHES", "4"))
BEGIN = datetime(2025, 6, 2, 10, tzinfo=UTC)

ONE_LOOK = """
    select
        (select max(version) from marts.publish_log),
        (select max(published_version) from marts.conversations),
        (select count(*) from marts.conversations where episode_no = 1),
        (select sum(total_conversations) from marts.hourly_metrics),
        (select sum(total_conversations) from marts.daily_metrics),
        (select sum(total_conversations) from marts.weekly_metrics),
        (select sum(total_conversations) from marts.monthly_metrics)
"""


def conversation(tenant: UUID, number: int) -> list[Parcel]:
    """A conversation that starts, gets an answer and is resolved, one an hour."""
    at = BEGIN + timedelta(hours=number)
    steps = [{"event_type": "started"}, {"event_type": "message_received"}, {"event_type": "message_sent"}, {"event_type": "resolved"}]
    return [
        (
            tenant,
            "conversation_events",
            step
            | {
                "conversation_id": f"c{number}",
                "event_id": f"{number}-{second}",
                "occurred_at": (at + timedelta(seconds=second)).isoformat(),
            },
        )
        for second, step in enumerate(steps)
    ]


class Reader(threading.Thread):
    """Looks again and again, each time with several statements in one repeatable-read transaction."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.done = threading.Event()
        self.looks: list[tuple[int, ...]] = []
        self.torn: list[tuple[object, ...]] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with psycopg.connect(self.url) as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                while not self.done.is_set():
                    # Two statements: between them publishes may commit, and the second must not see them.
                    first = connection.execute(ONE_LOOK).fetchone()
                    second = connection.execute(ONE_LOOK).fetchone()
                    connection.rollback()
                    assert first is not None
                    if first != second or len(set(first[:2])) > 1 or len(set(first[2:])) > 1:
                        self.torn.append((first, second))
                    self.looks.append(first)
        except Exception as error:
            self.failure = error


def test_every_read_is_of_one_version(settings: Settings) -> None:
    tenant = create_tenant(settings, slug="acme", timezone="Europe/Berlin").tenant_id
    received_at = BEGIN + timedelta(days=30)
    deliver(settings, conversation(tenant, 0), received_at)
    refresh(settings)
    user = create_bi_user(settings, tenants=["acme"])
    url = database_url(settings).set(username=user.role_name, password=user.password)
    reader = Reader(url.render_as_string(hide_password=False))
    reader.start()
    for number in range(1, PUBLISHES + 1):
        deliver(settings, conversation(tenant, number), received_at)
        assert refresh(settings).published.version == number + 1
    reader.done.set()
    reader.join(30)
    assert reader.failure is None
    assert reader.torn == []
    versions = {look[0] for look in reader.looks}
    assert len(versions) > PUBLISHES / 2, "the reader looked while versions changed"
    print(f"{len(reader.looks)} reads over {PUBLISHES} publishes saw {len(versions)} versions, 0 torn")  # noqa: T201 - a figure for the log


def test_a_full_refresh_leaves_policies_grants_keys_and_comments(settings: Settings) -> None:
    def catalogue_hash() -> str:
        with connect(settings, Role.MIGRATOR) as connection:
            return hashlib.sha256("\n".join(catalogue_dump(connection)).encode()).hexdigest()

    tenant = create_tenant(settings, slug="acme").tenant_id
    deliver(settings, conversation(tenant, 0), BEGIN + timedelta(days=30))
    refresh(settings)
    before = catalogue_hash()
    refresh(settings, full=True)
    assert catalogue_hash() == before

"""When a refresh would find anything: new rows, or an instant at which time alone changes a mart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from agentmarts.refresh.due import clock_is_due, new_rows
from agentmarts.settings import Settings
from agentmarts.streams.store.loader import load_batch
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.streams import RECEIVED_AT, a_tenant, action, rating, signal
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row

NOON = datetime(2025, 6, 10, 12, tzinfo=UTC)


def test_every_stream_counts_as_new(settings: Settings) -> None:
    tenant = a_tenant(settings)
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        connection.execute("update ops.publish_cursor set xid_to = pg_snapshot_xmin(pg_current_snapshot())")
    assert new_rows(settings) == []
    with connect(settings, Role.INGEST, autocommit=True) as connection:
        items = [orjson.dumps(one) for one in (action(), signal(), rating())]
        load_batch(connection, tenant_id=tenant.tenant_id, items=items, default_stream=None, received_at=RECEIVED_AT, source="test")
    assert {(one.table, one.rows) for one in new_rows(settings)} == {("agent_actions", 1), ("outcome_signals", 1), ("feedback", 1)}


@pytest.fixture
def published_outcome(settings: Settings) -> Settings:
    """One tenant in UTC whose only pending action expires at 13:30; published as of 12:00."""
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        publish_calendar(connection, NOON.date(), NOON.date())
        tenant = publish_tenant(connection, "acme")
        outcome = zero_row(
            connection,
            "outcomes",
            tenant_id=tenant,
            action_id="a1",
            action_type="call",
            outcome_type="meeting_outcome",
            created_at=NOON - timedelta(hours=1),
            metric_date=NOON.date(),
            window_expires_at=NOON + timedelta(minutes=90),
            window_expires_date=NOON.date(),
            outcome_status="pending",
        )
        insert_rows(connection, "outcomes", [outcome])
        log_version(connection, 1, NOON, ["outcomes"], [tenant])
    return settings


@pytest.mark.parametrize(("minutes", "is_due"), [(0, False), (89, False), (90, True), (91, True)])
def test_the_end_of_an_outcome_window_is_due_without_any_event(published_outcome: Settings, minutes: int, is_due: bool) -> None:
    assert clock_is_due(published_outcome, NOON + timedelta(minutes=minutes)) is is_due


def test_a_new_local_day_is_due(published_outcome: Settings) -> None:
    with connect(published_outcome, Role.PUBLISH, autocommit=True) as connection:
        connection.execute("delete from marts.outcomes")
    assert not clock_is_due(published_outcome, NOON + timedelta(hours=11, minutes=59))
    assert clock_is_due(published_outcome, NOON + timedelta(hours=12))

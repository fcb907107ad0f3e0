"""Coaching patterns through late signals, midnights and a change of zone: each run gives what a rebuild gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from psycopg.rows import dict_row

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant, set_parameter
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, deliver
from tests.support.marts.coaching_reference import patterns

START = datetime(2025, 3, 20, tzinfo=UTC)
AS_OF = datetime(2025, 6, 20, 21, 30, tzinfo=UTC)


def parcels(rng: random.Random, tenant_id: UUID) -> list[Parcel]:
    found: list[Parcel] = []
    for number in range(250):
        created_at = START + timedelta(hours=rng.uniform(0, 93 * 24))
        action = {
            "event_id": f"action-{number}",
            "occurred_at": created_at.isoformat(),
            "action_type": rng.choice(["call", "demo"]),
            "outcome_type": rng.choice(["meeting_outcome", "escalation_result"]),
            "predicted_confidence": 0.5,
            "window_hours": 24,
            "channel": rng.choice(["phone", "chat"]),
        }
        signal = {
            "event_id": f"signal-{number}",
            "occurred_at": (created_at + timedelta(hours=rng.uniform(0.1, 20))).isoformat(),
            "action_id": action["event_id"],
            "outcome_status": rng.choice(["positive", "negative"]),
            "signal_source": "automatic",
        }
        found += [(tenant_id, "agent_actions", action), (tenant_id, "outcome_signals", signal)]
    return found


def rows(settings: Settings, relation: str, tenant_id: UUID) -> list[dict[str, Any]]:
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return cursor.execute(f"select * from {relation} where tenant_id = %s", (tenant_id,)).fetchall()


def assert_equals_reference(settings: Settings, tenant_id: UUID, zone: str, as_of: datetime) -> None:
    outcomes = rows(settings, "marts.outcomes", tenant_id)
    published = rows(settings, "marts.coaching_patterns", tenant_id)
    for window_days in (90, 30):
        expected = patterns(outcomes, as_of.astimezone(ZoneInfo(zone)).date(), window_days)
        found = {(row["dimension"], row["segment"]): row for row in published if row["window_days"] == window_days}
        assert set(found) == set(expected)
        for key, pattern in expected.items():
            for column in ("n", "positives", "rest_n", "rest_positives", "rank", "simpson_flag", "is_improvement_area", "seed_is_pattern"):
                assert found[key][column] == pattern[column], (key, column)
            for column in ("eb_rate", "mh_difference", "seed_success_rate", "seed_difference"):
                wanted = pattern[column]
                assert found[key][column] == (None if wanted is None else pytest.approx(wanted, abs=1e-9)), (key, column)


def test_any_sequence_of_runs_gives_what_a_rebuild_gives(built_warehouse: Settings) -> None:
    settings, rng = built_warehouse, random.Random(20)
    zones = {create_tenant(settings, slug=slug, timezone=zone).tenant_id: zone for slug, zone in (("one", "UTC"), ("two", "Asia/Tokyo"))}
    everything = [parcel for tenant_id in zones for parcel in parcels(rng, tenant_id)]
    rng.shuffle(everything)
    # The same day, a midnight of one tenant only, and two days on.
    moments = [AS_OF, AS_OF + timedelta(minutes=10), AS_OF + timedelta(hours=3), AS_OF + timedelta(days=2, hours=1)]
    for number, as_of in enumerate(moments):
        share = everything[number::5] + (everything[4::5] if number == 1 else [])
        assert {result.status for result in deliver(settings, share, as_of + timedelta(days=9))} <= {"accepted"}
        refresh(settings, as_of=as_of)
        for tenant_id, zone in zones.items():
            assert_equals_reference(settings, tenant_id, zone, as_of)
    # Another zone since ever: hours, weekdays and dates move.
    two = next(tenant_id for tenant_id, zone in zones.items() if zone == "Asia/Tokyo")
    set_parameter(settings, slug="two", parameter="timezone", value="America/Los_Angeles")
    refresh(settings, as_of=moments[-1])
    assert_equals_reference(settings, two, "America/Los_Angeles", moments[-1])
    rebuilt = refresh(settings, full=True, as_of=moments[-1])
    assert rebuilt.published.changes == ()


def test_rows_leave_with_their_window(new_built_warehouse: Callable[[], Settings]) -> None:
    settings = new_built_warehouse()
    tenant_id = create_tenant(settings, slug="acme", timezone="UTC").tenant_id
    created_at = AS_OF - timedelta(days=40)
    actions = [
        {
            "event_id": f"action-{n}",
            "occurred_at": created_at.isoformat(),
            "action_type": "mail",
            "outcome_type": "email_engagement",
            "predicted_confidence": 0.5,
        }
        for n in range(6)
    ]
    deliver(settings, [(tenant_id, "agent_actions", action) for action in actions], AS_OF)
    refresh(settings, as_of=AS_OF)
    assert {row["window_days"] for row in rows(settings, "marts.coaching_patterns", tenant_id)} == {90}

    # An action nobody knows the end of changes nothing.
    pending = actions[0] | {"event_id": "pending", "occurred_at": (AS_OF + timedelta(minutes=1)).isoformat()}
    deliver(settings, [(tenant_id, "agent_actions", pending)], AS_OF)
    refresh(settings, as_of=AS_OF + timedelta(minutes=2))
    assert rows(settings, "build.int_learning__touched_coaching_tenants", tenant_id) == []
    assert len(rows(settings, "marts.outcomes", tenant_id)) == 7

    # The last day of the window, and the day after: nothing is left, and nobody needs to approve that.
    refresh(settings, as_of=created_at.replace(hour=12) + timedelta(days=89))
    assert rows(settings, "marts.coaching_patterns", tenant_id) != []
    refresh(settings, as_of=created_at.replace(hour=12) + timedelta(days=90))
    assert rows(settings, "marts.coaching_patterns", tenant_id) == []

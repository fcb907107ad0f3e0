"""Tenants without any effect: what coaching finds in them is chance, and should be next to nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, deliver

AS_OF = datetime(2025, 6, 20, tzinfo=UTC)
ACTION_TYPES = 20
ACTIONS = 500
TRUTH = 0.4


@pytest.mark.parametrize("tenants", [20, pytest.param(100, marks=pytest.mark.nightly)])
def test_tenants_without_effect_have_next_to_no_actionable_pattern(built_warehouse: Settings, tenants: int) -> None:
    """At most a tenth has any, where the replaced system finds one in nearly all."""
    settings = built_warehouse
    rng = random.Random(11)
    for number in range(tenants):
        tenant_id = create_tenant(settings, slug=f"tenant-{number}", timezone="UTC").tenant_id
        parcels: list[Parcel] = []
        for n in range(ACTIONS):
            created_at = AS_OF - timedelta(hours=rng.uniform(26, 85 * 24))
            action = {
                "event_id": f"a{n}",
                "occurred_at": created_at.isoformat(),
                "action_type": f"type-{n % ACTION_TYPES}",
                "outcome_type": "email_engagement",
                "predicted_confidence": 0.4,
                "channel": rng.choice(["mail", "chat", "phone"]),
            }
            parcels.append((tenant_id, "agent_actions", action))
            # The others expire, which for an e-mail is a failure.
            if rng.random() < TRUTH:
                signal = {"event_id": f"s{n}", "action_id": f"a{n}", "outcome_status": "positive", "signal_source": "automatic"}
                parcels.append((tenant_id, "outcome_signals", signal | {"occurred_at": (created_at + timedelta(hours=1)).isoformat()}))
        deliver(settings, parcels, AS_OF)
    refresh(settings, as_of=AS_OF)
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute(
            "select count(*), count(*) filter (where is_found), count(*) filter (where was_found) from ("
            "  select tenant_id, bool_or(is_actionable) as is_found, bool_or(seed_is_pattern and dimension = 'action_type') as was_found"
            "  from marts.coaching_patterns where window_days = 90 group by tenant_id) tenants"
        ).fetchone()
    assert row is not None
    looked_at, found, found_by_the_original = row
    assert looked_at == tenants
    assert found <= tenants / 10
    assert found_by_the_original >= 0.95 * tenants

"""The invariant everything rests on: events in any order, repeated, late, through any sequence of ingest and refresh, give the marts that
a full rebuild gives, row for row, and that a plain-Python oracle gives.

Each example delivers many small cases at once, every case a tenant of its own: one refresh checks them all.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support import oracle
from tests.support.facts.delivery import Parcel, batches, create_tenant, deliver
from tests.support.facts.strategies import Case, cases
from tests.support.marts.comparison import same

EXAMPLES = int(os.environ.get("AGENTMARTS_PROPERTY_EXAMPLES", "1"))
KEYS = {
    "conversations": ("conversation_id", "episode_no"),
    "hourly_metrics": ("hour_start",),
    "daily_metrics": ("metric_date",),
    "weekly_metrics": ("week_start",),
    "monthly_metrics": ("month_start",),
    "customer_days": ("metric_date", "customer_id"),
    "conversation_quality_scores": ("conversation_id", "scorer_kind", "scorer"),
    "quality_daily": ("metric_date", "scorer_kind", "scorer"),
}
Row = Mapping[str, Any]


@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],  # shrinking would rebuild the warehouse hundreds of times
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=st.lists(cases(), min_size=12, max_size=12), seed=st.integers(0, 2**32))
def test_any_delivery_equals_a_rebuild_and_the_oracle(new_built_warehouse: Callable[[], Settings], drawn: list[Case], seed: int) -> None:
    # The first world drawn is always the smallest: twelve times the same.
    assume(len({len(case.events) for case in drawn}) > 3)
    rng = random.Random(seed)
    settings = new_built_warehouse()
    each = [replace(case, tenant=replace(case.tenant, tenant_id=str(UUID(int=n)))) for n, case in enumerate(drawn, start=1)]
    as_of = rng.choice(each).as_of
    for number, case in enumerate(each, start=1):
        create_tenant(settings, case.tenant, f"tenant-{number}")
    parcels: list[Parcel] = []
    for case in each:
        tenant = UUID(case.tenant.tenant_id)
        parcels += [(tenant, "conversation_events", event) for event in case.events]
        parcels += [(tenant, "quality_scores", score) for score in case.scores]
    received_at = max(case.as_of for case in each) + timedelta(days=400)

    deliveries = batches(rng, parcels, times=3)
    refresh_after = set(rng.sample(range(len(deliveries)), k=min(3, len(deliveries))))
    moments = sorted(as_of - timedelta(hours=rng.choice([0, 0, 1, 25, 200])) for _ in deliveries)
    accepted = 0
    for number, parcel_batch in enumerate(deliveries):
        accepted += sum(result.status == "accepted" for result in deliver(settings, parcel_batch, received_at))
        if number in refresh_after:
            refresh(settings, as_of=moments[number])
    refresh(settings, as_of=as_of)

    with connect(settings, Role.MIGRATOR) as connection:
        stored = connection.execute(
            "select (select count(*) from raw.conversation_events) + (select count(*) from raw.quality_scores)"
        ).fetchone()
    assert stored is not None
    assert stored[0] == accepted
    for case in each:
        assert_equals_oracle(settings, case, as_of)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert rebuilt.published.changes == ()


def assert_equals_oracle(settings: Settings, case: Case, as_of: datetime) -> None:
    """Every mart of the tenant, row for row and column for column."""
    events = oracle.accept(case.events, case.tenant)
    scores = oracle.accept_scores(case.scores)
    for mart, key in KEYS.items():
        expected = {tuple(row[k] for k in key): row for row in getattr(oracle, mart)(events, scores, case.tenant, as_of)}
        with connect(settings, Role.MIGRATOR) as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = cursor.execute(f"select * from marts.{mart} where tenant_id = %s", (case.tenant.tenant_id,)).fetchall()
        found = {tuple(row[k] for k in key): row for row in rows}
        assert set(found) == set(expected), f"{mart}: other rows"
        for identity, row in expected.items():
            differences = {
                column: (found[identity][column], value)
                for column, value in row.items()
                if column != "tenant_id" and not same(found[identity][column], value)
            }
            assert not differences, f"{mart} {identity}: (database, oracle) = {differences}"

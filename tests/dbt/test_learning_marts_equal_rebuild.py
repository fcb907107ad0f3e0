"""Actions, evidence and opinions in any order, repeated, late, through any sequence of ingest and refresh, give the learning marts that a
full rebuild gives, byte for byte; outcomes and their days are also those of a plain-Python oracle.

Each example delivers the facts of many tenants at once: one refresh checks them all.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from agentmarts.refresh.run import begin, build, refresh, transform_lock
from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.delivery import Parcel, batches, create_tenant, deliver
from tests.support.facts.learning_parcels import BERLIN, CREATED, EMAIL, REPLY, UNCLEAR
from tests.support.facts.learning_strategies import Case, World, is_eventful, worlds
from tests.support.marts.comparison import same
from tests.support.oracle import Tenant
from tests.support.oracle.learning import outcome_daily, outcomes, read_facts

EXAMPLES = int(os.environ.get("AGENTMARTS_PROPERTY_EXAMPLES", "1"))
TENANTS = 16
LOOKS = 4
# Later than everything that is drawn.
FIRST_ARRIVAL = datetime(2027, 1, 1, tzinfo=UTC)
KEYS = {"outcomes": ("action_id",), "outcome_daily": ("metric_date", "action_type", "outcome_type")}
Row = dict[str, Any]


@dataclass
class Delivered:
    """What the warehouse was sent, and when each event came first."""

    settings: Settings
    streams: dict[UUID, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    first_arrival: dict[tuple[UUID, str, str], datetime] = field(default_factory=dict)
    batches: int = 0

    def send(self, parcels: list[Parcel]) -> None:
        """One batch, a second after the one before."""
        received_at = FIRST_ARRIVAL + timedelta(seconds=self.batches)
        self.batches += 1
        results = deliver(self.settings, parcels, received_at)
        assert {result.status for result in results} <= {"accepted", "duplicate"}
        for tenant, stream, payload in parcels:
            self.streams.setdefault(tenant, {}).setdefault(stream, []).append(payload)
            self.first_arrival.setdefault((tenant, stream, payload["event_id"]), received_at)

    def assert_equals_oracle(self, tenant: Tenant, as_of: datetime) -> None:
        """Outcomes and their days of the tenant, row for row and column for column."""
        tenant_id = UUID(tenant.tenant_id)
        facts = read_facts(self.streams.get(tenant_id, {}), lambda stream, event_id: self.first_arrival[tenant_id, stream, event_id], as_of)
        expected_outcomes = outcomes(facts, tenant, as_of)
        expected = {"outcomes": expected_outcomes, "outcome_daily": outcome_daily(expected_outcomes, tenant, as_of)}
        for mart, rows in expected.items():
            assert_same_rows(mart, published(self.settings, mart, tenant_id), rows)


def published(settings: Settings, mart: str, tenant_id: UUID) -> list[Row]:
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        query = sql.SQL("select * from marts.{} where tenant_id = %s").format(sql.Identifier(mart))
        return cursor.execute(query, (tenant_id,)).fetchall()


def assert_same_rows(mart: str, found_rows: list[Row], expected_rows: list[Row]) -> None:
    found, expected = ({tuple(row[k] for k in KEYS[mart]): row for row in rows} for rows in (found_rows, expected_rows))
    assert set(found) == set(expected), f"{mart}: other rows"
    for key, row in expected.items():
        assert set(row) == set(found[key]) - {"published_version"}, f"{mart}: other columns"
        differences = {
            column: (found[key][column], value)
            for column, value in row.items()
            if column != "tenant_id" and not same(found[key][column], value)
        }
        assert not differences, f"{mart} {key}: (database, oracle) = {differences}"


def learning_marts(settings: Settings) -> list[str]:
    """Every public model of the group."""
    nodes = load_manifest(settings)["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model" and node.get("access") == "public"]
    return sorted(node["name"] for node in models if node.get("group") == "learning")


def built_rows(settings: Settings) -> dict[str, list[str]]:
    """Every row of every learning mart as dbt built it, as text: floating-point numbers to their last bit."""
    found = {}
    with connect(settings, Role.MIGRATOR) as connection:
        for mart in learning_marts(settings):
            query = sql.SQL("select m::text from build.{} m").format(sql.Identifier(mart))
            found[mart] = sorted(row[0] for row in connection.execute(query))
    return found


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    corrected = built_rows(settings)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert rebuilt.window.mode == "full"
    assert rebuilt.published.changes == ()
    again = built_rows(settings)
    assert set(corrected) >= set(KEYS)
    for mart, rows in corrected.items():
        assert set(rows) ^ set(again[mart]) == set(), f"{mart}: a rebuild gives other rows"
        assert len(rows) == len(again[mart])


def parcels_of(case: Case) -> list[Parcel]:
    return [(UUID(case.tenant.tenant_id), stream, payload) for stream, payloads in case.streams.items() for payload in payloads]


@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],  # shrinking would rebuild the warehouse hundreds of times
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
@given(world=worlds(tenants=TENANTS, looks=LOOKS), seed=st.integers(0, 2**32))
def test_any_delivery_equals_a_rebuild_and_the_oracle(new_built_warehouse: Callable[[], Settings], world: World, seed: int) -> None:
    assume(is_eventful(world))
    rng = random.Random(seed)
    settings = new_built_warehouse()
    first_zones = {case.tenant.tenant_id: replace(case.tenant, zones=case.tenant.zones[:1]) for case in world.cases}
    for number, case in enumerate(world.cases, start=1):
        create_tenant(settings, first_zones[case.tenant.tenant_id], f"tenant-{number}")
    delivered = Delivered(settings)
    deliveries = batches(rng, [parcel for case in world.cases for parcel in parcels_of(case)], times=2)
    first, second, third = sorted(rng.choices(range(1, len(deliveries) + 1), k=3))

    def send_up_to(count: int) -> None:
        while delivered.batches < count:
            delivered.send(deliveries[delivered.batches])

    send_up_to(first)
    refresh(settings, as_of=world.moments[0])
    for case in world.cases:
        delivered.assert_equals_oracle(first_zones[case.tenant.tenant_id], world.moments[0])

    move_tenants(settings, world.cases)
    send_up_to(second)
    refresh(settings, as_of=world.moments[1])
    for case in world.cases:
        delivered.assert_equals_oracle(case.tenant, world.moments[1])

    # What this run corrected nobody has seen: the next one must publish it too.
    send_up_to(third)
    build_without_publishing(settings, world.moments[2])
    send_up_to(len(deliveries))
    refresh(settings, as_of=world.moments[3])
    for case in world.cases:
        delivered.assert_equals_oracle(case.tenant, world.moments[3])
    assert_equals_rebuild(settings, world.moments[3])


def move_tenants(settings: Settings, cases: list[Case]) -> None:
    """Those of two zones get the second."""
    with connect(settings, Role.MIGRATOR) as connection:
        for case in cases:
            for since, zone in case.tenant.zones[1:]:
                connection.execute(
                    "insert into raw.tenant_parameters (tenant_id, parameter, valid_from, value) values (%s, 'timezone', %s, %s)",
                    (case.tenant.tenant_id, since, Jsonb(zone)),
                )


def build_without_publishing(settings: Settings, as_of: datetime) -> None:
    """A run that is killed between its build and its publish."""
    with transform_lock(settings):
        build(settings, begin(settings, run_id="killed", as_of=as_of))


def statuses(settings: Settings) -> list[tuple[Any, ...]]:
    """What a reader sees of the one action and its day."""
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(
            "select outcome_status, label, pending, expired, positive, is_provisional, success_rate"
            " from marts.outcomes join marts.outcome_daily using (tenant_id, metric_date, action_type, outcome_type)"
        ).fetchall()


def test_time_alone_lets_an_action_expire_and_a_late_reply_turns_it_positive(built_warehouse: Settings) -> None:
    settings = built_warehouse
    create_tenant(settings, BERLIN, "berlin")
    delivered = Delivered(settings)
    delivered.send([EMAIL])
    found = []
    for as_of in (CREATED + timedelta(hours=24, microseconds=-1), CREATED + timedelta(hours=24)):
        refresh(settings, as_of=as_of)
        found += statuses(settings)
        delivered.assert_equals_oracle(BERLIN, as_of)
    assert found == [("pending", None, 1, 0, 0, True, None), ("expired", 0, 0, 1, 0, False, 0.0)]
    assert restated(settings, "outcomes") == {}

    # It came in time and was sent late.
    delivered.send([REPLY])
    later = CREATED + timedelta(days=10)
    assert refresh(settings, as_of=later).window.mode == "incremental"
    assert statuses(settings) == [("positive", 1, 0, 0, 1, False, 1.0)]
    delivered.assert_equals_oracle(BERLIN, later)
    changes = restated(settings, "outcomes")
    assert changes["outcome_status"] == ("action_id=a1", "expired", "positive", "late_event")
    assert changes["label"] == ("action_id=a1", "0", "1", "late_event")
    assert restated(settings, "outcome_daily")["success_rate"][1:] == ("0", "1", "late_event")

    # A person says that nobody can tell: the only label of the tenant's calibration is gone, and that stops nobody's publish.
    delivered.send([UNCLEAR])
    refresh(settings, as_of=later)
    assert statuses(settings)[0][:2] == ("ambiguous", None)
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from marts.calibration_history").fetchone() == (0,)
    delivered.assert_equals_oracle(BERLIN, later)


def restated(settings: Settings, mart: str) -> dict[str, tuple[str, str, str, str]]:
    """column -> (row, old value, new value, cause), of the action's own day."""
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute(
            "select column_name, row_key, old_value, new_value, cause from marts.restatements where mart = %s and metric_date = %s",
            (mart, CREATED.date()),
        ).fetchall()
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}

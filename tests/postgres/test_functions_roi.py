"""marts.roi against the oracle, and worked example 9."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support import oracle
from tests.support.facts import strategies
from tests.support.marts.published import insert_rows, publish_calendar, publish_oracle_tenant, publish_tenant, zero_row

TENANT_MARTS = ("conversations", "dim_tenant_parameters", "dim_tenant")
DAY = date(2025, 6, 2)


def roi(connection: Connection, tenant: Any, first: date, last: date, **overrides: float) -> dict[str, Any]:
    """The one row of the function."""
    named = "".join(f", p_{name} => %({name})s" for name in overrides)
    with connection.cursor(row_factory=dict_row) as cursor:
        exact = {name: Decimal(str(value)) for name, value in overrides.items()}
        query = f"select * from marts.roi(%(tenant)s, %(first)s, %(last)s{named})"
        rows = cursor.execute(query, {"tenant": tenant, "first": first, "last": last, **exact}).fetchall()
    assert len(rows) == 1
    return rows[0]


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Connection]:
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        publish_calendar(connection, date(2023, 1, 1), date(2027, 1, 1))
        yield connection


@st.composite
def windows(draw: st.DrawFn) -> tuple[strategies.Case, date, date, dict[str, float]]:
    """A case, a window around its events and some overrides."""
    case = draw(strategies.cases())
    first_event = min(event.occurred_at for event in oracle.accept(case.events, case.tenant))
    first = oracle.metric_date(case.tenant, first_event) - timedelta(days=draw(st.integers(-1, 2)))
    overrides = draw(
        st.fixed_dictionaries(
            {}, optional={"ai_cost_per_conversation": st.sampled_from([0.0, 1.5]), "avg_conversation_time_minutes": st.just(7.0)}
        )
    )
    return case, first, first + timedelta(days=draw(st.sampled_from([0, 3, 30]))), overrides


def test_equals_the_oracle(warehouse: Connection) -> None:
    warehouse.autocommit = False

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(windows())
    def check(drawn: tuple[strategies.Case, date, date, dict[str, float]]) -> None:
        case, first, last, overrides = drawn
        inputs = (oracle.accept(case.events, case.tenant), oracle.accept_scores(case.scores), case.tenant, case.as_of)
        for mart in TENANT_MARTS:
            warehouse.execute(f"delete from marts.{mart}")
        publish_oracle_tenant(warehouse, case.tenant)
        insert_rows(warehouse, "conversations", oracle.conversations(*inputs))
        found = roi(warehouse, case.tenant.tenant_id, first, last, **overrides)
        expected = oracle.roi(*inputs, first, last, **overrides)
        assert set(found) == set(expected)
        for name, value in expected.items():
            if isinstance(value, Fraction):
                assert float(found[name]) == pytest.approx(float(value), rel=1e-9, abs=1e-9), name
            else:
                assert found[name] == value, name

    check()
    warehouse.rollback()


def publish_conversations(connection: Connection, tenant: UUID, count: int, ai_resolved: int, reworked: int = 0, day: date = DAY) -> None:
    """`count` conversations, of which the first were resolved by AI, and the very first reopened and left to a human."""
    at = datetime.combine(day, datetime.min.time(), UTC)
    rows = []
    for number in range(count):
        common = {"tenant_id": tenant, "conversation_id": f"{day}-{number}", "started_at": at, "start_date": day}
        is_resolved = number < ai_resolved
        fate = {"outcome": "resolved", "is_ai_resolution": True, "is_durable": number >= reworked} if is_resolved else {"outcome": "open"}
        rows.append(zero_row(connection, "conversations", episode_no=1, **common, **fate))
        if number < reworked:
            rows.append(zero_row(connection, "conversations", episode_no=2, **common, outcome="escalated"))
    insert_rows(connection, "conversations", rows)


def rounded(row: dict[str, Any], *names: str) -> list[float]:
    return [round(float(row[name]), 2) for name in names]


def test_sign(warehouse: Connection) -> None:
    """Worked example 9: the original formula hides that the AI costs more than it saves."""
    tenant = publish_tenant(warehouse, "acme")
    publish_conversations(warehouse, tenant, 1_000, 500)
    names = ("savings", "roi_percentage", "net_savings", "roi_percentage_net")
    dear = roi(warehouse, tenant, DAY, DAY, ai_cost_per_conversation=2.00)
    assert rounded(dear, *names) == [666.67, 33.33, -333.33, -16.67]
    cheap = roi(warehouse, tenant, DAY, DAY)
    assert rounded(cheap, *names) == [1_641.67, 3_283.33, 1_616.67, 3_233.33]
    assert cheap["parameter_versions"] == 1
    assert rounded(cheap, "human_agent_cost", "ai_cost") == [3_333.33, 50.0]
    free = roi(warehouse, tenant, DAY, DAY, ai_cost_per_conversation=0)
    assert (free["roi_percentage"], free["roi_percentage_net"]) == (0, None)


def test_rework(warehouse: Connection) -> None:
    """Worked example 9 with 50 conversations that a person had to finish."""
    tenant = publish_tenant(warehouse, "acme")
    publish_conversations(warehouse, tenant, 1_000, 500, reworked=50)
    row = roi(warehouse, tenant, DAY, DAY)
    assert rounded(row, "rework_cost", "net_savings") == [166.67, 1_450.00]
    assert row["reworked_conversations"] == 50
    assert rounded(roi(warehouse, tenant, DAY, DAY, rework_minutes=4), "rework_cost") == [83.33]


def test_each_conversation_costs_what_held_on_its_first_day(warehouse: Connection) -> None:
    tomorrow = DAY + timedelta(days=1)
    tenant = publish_tenant(warehouse, "acme", parameters=[(tomorrow, {"ai_cost_per_conversation": 1.0})])
    publish_conversations(warehouse, tenant, 10, 10)
    publish_conversations(warehouse, tenant, 10, 10, day=tomorrow)
    row = roi(warehouse, tenant, DAY, tomorrow)
    assert float(row["ai_cost"]) == 10 * 0.05 + 10 * 1.0
    assert row["parameter_versions"] == 2
    assert roi(warehouse, tenant, DAY, tomorrow, ai_cost_per_conversation=0.1)["parameter_versions"] == 1


def test_parameters_that_held(warehouse: Connection) -> None:
    """Each value with the day it holds from, those of the call instead of all that is stored."""
    changed = {"ai_cost_per_conversation": 1.0, "rework_minutes": 7.0}
    tenant = publish_tenant(warehouse, "acme", parameters=[(DAY, changed), (DAY + timedelta(days=9), {"rework_minutes": 8.0})])

    def used(first: date, last: date, **given: float) -> dict[str, list[tuple[Any, ...]]]:
        named = "".join(f", p_{name} => {value}" for name, value in given.items())
        query = f"select * from marts.roi_parameters(%s, %s, %s{named}) order by parameter, valid_from nulls first"
        found: dict[str, list[tuple[Any, ...]]] = {}
        for parameter, *rest in warehouse.execute(query.encode(), (tenant, first, last)).fetchall():
            found.setdefault(parameter, []).append(tuple(rest))
        return found

    both = used(DAY - timedelta(days=1), DAY)
    assert set(both) == {"avg_human_agent_cost_per_hour", "avg_conversation_time_minutes", "ai_cost_per_conversation", "rework_minutes"}
    assert both["ai_cost_per_conversation"] == [(None, Decimal("0.05"), "default"), (DAY, 1, "tenant")]
    assert used(DAY, DAY)["rework_minutes"] == [(DAY, 7, "tenant")]
    assert used(DAY, DAY, rework_minutes=3)["rework_minutes"] == [(None, 3, "request")]
    assert used(DAY - timedelta(days=9), DAY - timedelta(days=1))["ai_cost_per_conversation"] == [(None, Decimal("0.05"), "default")]


def test_rework_takes_the_minutes_of_a_conversation_unless_set(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme", parameters=[(None, {"avg_conversation_time_minutes": 12.0})])
    publish_conversations(warehouse, tenant, 1, 1, reworked=1)
    assert rounded(roi(warehouse, tenant, DAY, DAY), "rework_cost") == [5.0]
    assert rounded(roi(warehouse, tenant, DAY, DAY, avg_conversation_time_minutes=24), "rework_cost") == [10.0]


def test_without_conversations(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    row = roi(warehouse, tenant, DAY, DAY)
    assert (row["total_conversations"], row["savings"], row["roi_percentage"], row["roi_percentage_net"]) == (0, 0, 0, None)
    assert row["parameter_versions"] == 0


def test_wrong_calls(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="ends before it begins"):
        roi(warehouse, tenant, DAY, DAY - timedelta(days=1))
    assert warehouse.execute("select count(*) from marts.roi(null, %s, %s)", (DAY, DAY)).fetchone() == (0,)


def test_only_the_callers_tenant(settings: Settings, warehouse: Connection) -> None:
    mine, foreign = publish_tenant(warehouse, "mine"), publish_tenant(warehouse, "foreign")
    for tenant in (mine, foreign):
        publish_conversations(warehouse, tenant, 3, 1)
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(mine),))
        assert roi(connection, mine, DAY, DAY)["total_conversations"] == 3
        assert roi(connection, foreign, DAY, DAY)["total_conversations"] == 0


def test_functions_run_as_their_reader_and_are_described(warehouse: Connection) -> None:
    """Row level security holds inside them, and BI tools can show what they give."""
    functions = warehouse.execute(
        "select proname, prosecdef, obj_description(oid) is not null from pg_proc where pronamespace = 'marts'::regnamespace"
    ).fetchall()
    assert {"period_metrics", "roi", "wilson_low", "wilson_high"} <= {name for name, _, _ in functions}
    assert all(not is_definer and is_described for _, is_definer, is_described in functions)

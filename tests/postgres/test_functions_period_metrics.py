"""marts.period_metrics against the oracle, and the worked examples of the specification."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support import oracle
from tests.support.facts import strategies
from tests.support.marts.published import insert_rows, publish_calendar, publish_oracle_tenant, publish_tenant, zero_row

TENANT_MARTS = ("conversations", "daily_metrics", "customer_days", "dim_tenant_parameters", "dim_tenant")


def period_metrics(connection: Connection, tenant: Any, first: date, last: date, compare: str = "previous") -> dict[str, Any]:
    """The one row of the function."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("select * from marts.period_metrics(%s, %s, %s, %s)", (tenant, first, last, compare)).fetchall()
    assert len(rows) == 1
    return rows[0]


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert set(found) == set(expected)
    for name, value in expected.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name
        else:
            assert found[name] == value, name


@st.composite
def periods(draw: st.DrawFn) -> tuple[strategies.Case, date, date, str]:
    """A case and a window near its events, with one of the oracle's comparisons."""
    case = draw(strategies.cases())
    middle = oracle.metric_date(case.tenant, case.as_of - timedelta(days=draw(st.sampled_from([0, 1, 7, 8, 30]))))
    first = middle - timedelta(days=draw(st.integers(0, 9)))
    last = first + timedelta(days=draw(st.sampled_from([0, 1, 6, 13, 31])))
    return case, first, last, draw(st.sampled_from(["previous", "month", "year", "none"]))


def test_equals_the_oracle(settings: Settings) -> None:
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        publish_calendar(connection, date(2023, 1, 1), date(2027, 1, 1))

        @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(periods())
        def check(drawn: tuple[strategies.Case, date, date, str]) -> None:
            case, first, last, compare = drawn
            inputs = (oracle.accept(case.events, case.tenant), oracle.accept_scores(case.scores), case.tenant, case.as_of)
            daily = oracle.daily_metrics(*inputs)
            assume(daily)  # a tenant without any event has no as_of either: nothing says which of its days are complete
            for mart in TENANT_MARTS:
                connection.execute(f"delete from marts.{mart}")
            publish_oracle_tenant(connection, case.tenant)
            insert_rows(connection, "conversations", oracle.conversations(*inputs))
            insert_rows(connection, "daily_metrics", daily)
            insert_rows(connection, "customer_days", oracle.customer_days(*inputs))
            found = period_metrics(connection, case.tenant.tenant_id, first, last, compare)
            expected = oracle.period_metrics(*inputs, first, last, compare)
            days_with_anonymous = [row for row in daily if first <= row["metric_date"] <= last and row["anonymous_conversations"]]
            if len(days_with_anonymous) > 1:
                # No mart remembers on which days a conversation without a customer was active.
                expected["anonymous_conversations"] = None
            assert_same(found, expected)

        # Foreign keys to the tenant are deferred: each example is one transaction.
        connection.autocommit = False
        check()


@pytest.fixture
def warehouse(settings: Settings) -> Any:
    with connect(settings, Role.PUBLISH, autocommit=True) as connection:
        publish_calendar(connection, date(2024, 1, 1), date(2025, 12, 31))
        yield connection


def publish_days(connection: Connection, tenant: Any, first: date, **columns: list[Any]) -> None:
    """Daily rows from `first` on, one for each value of the given columns."""
    count = len(next(iter(columns.values())))
    rows = []
    for number in range(count):
        values = {name: given[number] for name, given in columns.items()}
        values = {"metric_date": first + timedelta(days=number), "day_hours": 24.0, **values}
        rows.append(zero_row(connection, "daily_metrics", tenant_id=tenant, **values))
    insert_rows(connection, "daily_metrics", rows)


def test_percentiles_merge(warehouse: Connection) -> None:
    """Worked example 8."""
    tenant = publish_tenant(warehouse, "acme")
    publish_days(
        warehouse, tenant, date(2025, 6, 1),
        response_time_hist=[{"349": 90}, {"556": 10}], responses=[90, 10], response_time_sum_ms=[90_000, 600_000],
    )  # fmt: skip
    row = period_metrics(warehouse, tenant, date(2025, 6, 1), date(2025, 6, 2))
    assert row["percentile_method"] == "histogram"
    assert row["response_time_hist"] == {"349": 90, "556": 10}
    assert round(row["p50_response_time_ms"], 2) == 993.43
    assert round(row["p90_response_time_ms"], 2) == 6_883.36
    assert row["avg_response_time_ms"] == 6_900


@pytest.mark.parametrize(
    ("before", "now", "growth", "status"), [(0, 5, 1.0, "from_zero"), (0, 0, 0.0, "no_data"), (40, 50, 0.25, "ok"), (10, 0, -1.0, "ok")]
)
def test_growth(warehouse: Connection, before: int, now: int, growth: float, status: str) -> None:
    """Worked example 10."""
    tenant = publish_tenant(warehouse, "acme")
    publish_days(warehouse, tenant, date(2025, 6, 1), total_conversations=[before, now])
    row = period_metrics(warehouse, tenant, date(2025, 6, 2), date(2025, 6, 2))
    assert (row["growth_rate"], row["growth_status"], row["absolute_change"]) == (growth, status, now - before)
    alone = period_metrics(warehouse, tenant, date(2025, 6, 2), date(2025, 6, 2), "none")
    assert (alone["growth_rate"], alone["growth_status"], alone["absolute_change"]) == (None, "no_previous", None)
    assert alone["previous_total_conversations"] is None


def test_rates_compare_in_percentage_points(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    publish_days(
        warehouse, tenant, date(2025, 6, 1), resolution_rate_numerator=[60, 66], resolution_rate_denominator=[100, 100],
    )  # fmt: skip
    row = period_metrics(warehouse, tenant, date(2025, 6, 2), date(2025, 6, 2))
    assert row["resolution_rate_change_pp"] == pytest.approx(6.0)
    assert row["previous_resolution_rate"] == 0.6
    assert row["escalation_rate_change_pp"] is None


@pytest.mark.parametrize(
    ("compare", "first", "last", "previous"),
    [
        ("previous", date(2025, 3, 10), date(2025, 3, 12), (date(2025, 3, 7), date(2025, 3, 9))),
        ("week", date(2025, 3, 10), date(2025, 3, 12), (date(2025, 3, 3), date(2025, 3, 5))),
        ("month", date(2025, 3, 1), date(2025, 3, 31), (date(2025, 2, 1), date(2025, 2, 28))),
        ("quarter", date(2025, 4, 1), date(2025, 5, 31), (date(2025, 1, 1), date(2025, 2, 28))),
        ("year", date(2024, 2, 1), date(2024, 2, 29), (date(2023, 2, 1), date(2023, 2, 28))),
    ],
)
def test_windows_to_compare_with(warehouse: Connection, compare: str, first: date, last: date, previous: tuple[date, date]) -> None:
    tenant = publish_tenant(warehouse, "acme")
    publish_days(warehouse, tenant, date(2025, 7, 1), total_conversations=[1])
    row = period_metrics(warehouse, tenant, first, last, compare)
    assert (row["compared_from"], row["compared_to"]) == (first, last)
    assert (row["previous_from"], row["previous_to"]) == previous


def test_an_unfinished_day_is_counted_but_not_compared(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    publish_days(warehouse, tenant, date(2025, 6, 1), total_conversations=[4, 6, 1], is_partial=[False, False, True])
    row = period_metrics(warehouse, tenant, date(2025, 6, 2), date(2025, 6, 3))
    assert row["total_conversations"] == 7
    assert (row["complete_days"], row["is_partial"]) == (1, True)
    assert (row["compared_to"], row["previous_from"], row["growth_rate"]) == (date(2025, 6, 2), date(2025, 6, 1), 0.5)
    today = period_metrics(warehouse, tenant, date(2025, 6, 3), date(2025, 6, 3))
    assert (today["growth_status"], today["compared_to"]) == ("no_previous", None)


@pytest.mark.parametrize(
    ("numerator", "denominator", "interval"),
    [(152, 200, (0.6963, 0.8139)), (49, 152, (0.2532, 0.4003)), (0, 5, (0.0, 0.4345)), (5, 5, (0.5655, 1.0)), (0, 0, (None, None))],
)
def test_wilson(warehouse: Connection, numerator: int, denominator: int, interval: tuple[float | None, float | None]) -> None:
    """Worked example 16."""
    low, high = warehouse.execute(
        "select marts.wilson_low(%s, %s), marts.wilson_high(%s, %s)", (numerator, denominator) * 2
    ).fetchone() or (None, None)
    assert tuple(None if bound is None else round(bound, 4) for bound in (low, high)) == interval
    expected = oracle.wilson(numerator, denominator)[1:]
    assert (low, high) == pytest.approx(expected, rel=1e-12) if denominator else (low, high) == expected


def test_wilson_of_nothing_known(warehouse: Connection) -> None:
    for counts in ((None, None), (None, 5), (0, None), (3, None)):
        row = warehouse.execute("select marts.wilson_low(%s::int, %s::int), marts.wilson_high(%s::int, %s::int)", counts * 2).fetchone()
        assert row == (None, None)


def test_wrong_calls(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="ends before it begins"):
        period_metrics(warehouse, tenant, date(2025, 6, 2), date(2025, 6, 1))
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="p_compare"):
        period_metrics(warehouse, tenant, date(2025, 6, 1), date(2025, 6, 2), "decade")
    assert warehouse.execute("select count(*) from marts.period_metrics(%s, null, null)", (tenant,)).fetchone() == (0,)


def test_only_the_callers_tenant(settings: Settings, warehouse: Connection) -> None:
    mine, foreign = publish_tenant(warehouse, "mine"), publish_tenant(warehouse, "foreign")
    for tenant in (mine, foreign):
        publish_days(warehouse, tenant, date(2025, 6, 1), total_conversations=[3], total_messages=[9])
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(mine),))
        assert period_metrics(connection, mine, date(2025, 6, 1), date(2025, 6, 1))["total_conversations"] == 3
        assert period_metrics(connection, foreign, date(2025, 6, 1), date(2025, 6, 1))["total_conversations"] == 0


def test_as_of_is_not_the_wall_clock(warehouse: Connection) -> None:
    """What is complete stands in daily_metrics, however long ago that was."""
    tenant = publish_tenant(warehouse, "acme")
    publish_days(warehouse, tenant, datetime(2024, 1, 1, tzinfo=UTC).date(), total_conversations=[1, 1], is_partial=[False, True])
    row = period_metrics(warehouse, tenant, date(2024, 1, 2), date(2024, 1, 2))
    assert row["is_partial"] is True

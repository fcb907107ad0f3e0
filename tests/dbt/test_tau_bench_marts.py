"""200 real agent runs through the mapping file, ingest, dbt and publish: the answers are known from the file alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agentmarts.refresh.run import refresh
from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.landing.mapping import read_mapping
from agentmarts.tenancy.api_keys import create_key
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from tests.support.serving import service

DATA = os.environ.get("AGENTMARTS_TEST_DATA", "")
FILE = Path(DATA) / "tau_bench" / "gpt-4o-airline.json"
AS_OF = datetime(2025, 5, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not DATA or not FILE.exists(), reason="AGENTMARTS_TEST_DATA does not point to the tau-bench file")


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    settings = new_built_warehouse()
    create_tenant(settings, slug="airline", timezone="America/New_York")
    mapping = read_mapping(PROJECT_ROOT / "tests" / "support" / "mappings" / "tau_bench.yaml")
    report = load_file(settings, str(FILE), tenant="airline", stream="conversation_events", mapping=mapping, received_at=now())
    assert (report.accepted, report.duplicates, report.quarantined) == (4024, 0, 0)
    refresh(settings, as_of=AS_OF)
    return settings


def one(settings: Settings, query: str) -> tuple[object, ...]:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row


def test_the_ladder(warehouse: Settings) -> None:
    ladder = one(
        warehouse,
        "select count(*), count(*) filter (where is_contained), count(*) filter (where is_verified and is_contained),"
        " count(*) filter (where outcome = 'escalated'), count(*) filter (where outcome = 'resolved'),"
        " count(*) filter (where outcome = 'abandoned' and abandon_kind = 'unanswered'), count(*) filter (where is_assumed),"
        " count(*) filter (where is_confirmed), count(*) filter (where is_durable), count(*) filter (where is_no_repeat)"
        " from marts.conversations",
    )
    assert ladder == (200, 152, 49, 48, 147, 5, 147, 115, 147, 101)


def test_one_period_over_everything(warehouse: Settings) -> None:
    row = one(
        warehouse,
        "select total_conversations, contained_rate, contained_rate_low, contained_rate_high, verified_of_contained_rate_numerator,"
        " verified_of_contained_rate_denominator, verified_of_contained_rate_low, verified_of_contained_rate_high, verified_rate,"
        " total_messages, responses, response_time_sum_ms, unique_customers"
        " from marts.period_metrics((select tenant_id from marts.dim_tenant), '2025-02-28', '2025-03-30')",
    )
    assert row[0] == 200
    assert row[1] == pytest.approx(0.76)
    assert row[2:4] == pytest.approx((0.6963, 0.8139), abs=5e-5)
    assert row[4:6] == (49, 152)
    assert row[6:8] == pytest.approx((0.2532, 0.4003), abs=5e-5)
    assert row[8] == pytest.approx(0.245)
    assert row[9:] == (2751, 1290, 17_572_000, 34)


def test_merged_percentiles(warehouse: Settings) -> None:
    row = one(
        warehouse,
        "select p50_response_time_ms, p90_response_time_ms, p95_response_time_ms, avg_response_time_ms"
        " from marts.period_metrics((select tenant_id from marts.dim_tenant), '2025-02-28', '2025-03-30')",
    )
    assert row[:3] == pytest.approx((10_908.36, 25_059.16, 37_236.60), abs=0.005)
    assert row[3] == 13_622


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 3, 9), (6, 4, 2, 87, 41, 10_927, 4, 23.0)),
        (date(2025, 3, 2), (6, 7, 0, 152, None, 11_973, None, 24.0)),
    ],
)
def test_single_days(warehouse: Settings, day: date, expected: tuple[object, ...]) -> None:
    row = one(
        warehouse,
        "select total_conversations, resolved_conversations, escalated_conversations, total_messages, responses, avg_response_time_ms,"
        f" unique_customers, day_hours from marts.daily_metrics where metric_date = '{day}'",
    )
    assert [found for found, wanted in zip(row, expected, strict=True) if wanted is not None] == [x for x in expected if x is not None]


def test_customers_are_recounted_per_period(warehouse: Settings) -> None:
    daily, weekly = one(
        warehouse,
        "select (select sum(unique_customers) from marts.daily_metrics),"
        " (select unique_customers from marts.weekly_metrics where week_start = '2025-03-03')",
    )
    assert (daily, weekly) == (147, 30)


def test_roi(warehouse: Settings) -> None:
    row = one(
        warehouse,
        "select human_agent_cost, ai_cost, savings, roi_percentage, net_savings, roi_percentage_net"
        " from marts.roi((select tenant_id from marts.dim_tenant), '2025-02-28', '2025-03-30')",
    )
    assert [float(value) for value in row] == pytest.approx([666.67, 10.00, 482.65, 4826.5, 480.00, 4800.0], abs=0.005)  # type: ignore[arg-type]


def test_the_service_says_the_same(warehouse: Settings) -> None:
    _, key = create_key(warehouse, name="tau", tenants=["airline"], scopes=["read"])
    with service(warehouse) as client:
        client.headers["Authorization"] = f"Bearer {key}"

        def count(**filters: str) -> int:
            answer = client.get("/v1/marts/conversations", params={**filters, "count": "exact", "limit": "1"})
            assert answer.status_code == 200, answer.text
            return int(answer.headers["X-Total-Count"])

        assert count() == 200
        assert count(is_contained="is.true") == 152
        assert count(is_contained="is.true", is_verified="is.true") == 49
        assert count(outcome="eq.escalated") == 48
        roi = client.get("/v1/analytics/roi", params={"start_date": "2025-02-28", "end_date": "2025-03-30"}).json()["data"]
        assert (roi["savings"], roi["net_savings"]) == pytest.approx((482.65, 480.0), abs=0.005)
        week = client.get("/v1/marts/weekly_metrics", params={"week_start": "eq.2025-03-03"}).json()["data"]
        assert [row["unique_customers"] for row in week] == [30]

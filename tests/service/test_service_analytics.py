"""/v1/analytics: the endpoints of the original system, as of the newest publish and in the tenant's own days."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.marts.published import insert_rows, log_version, publish_calendar, publish_tenant, zero_row
from tests.support.serving import TENANT_MARTS, Customer, assert_problem, publish_all, register, service


def published_acme(settings: Settings) -> Customer:
    customer = register(settings, "acme")
    publish_all(settings, customer)
    return customer


@pytest.fixture(scope="module")
def publish_acme() -> Callable[[Settings], Customer]:
    return published_acme


def dashboard(client: httpx.Client, period: str | None = None) -> dict[str, Any]:
    response = client.get("/v1/analytics/dashboard", params={"period": period} if period else {})
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


@pytest.mark.parametrize(
    ("period", "window", "compared", "previous"),
    [
        ("day", ("2025-06-18", "2025-06-18"), (None, None), None),
        ("week", ("2025-06-16", "2025-06-18"), ("2025-06-16", "2025-06-17"), ("2025-06-09", "2025-06-10")),
        ("month", ("2025-06-01", "2025-06-18"), ("2025-06-01", "2025-06-17"), ("2025-05-01", "2025-05-17")),
        ("quarter", ("2025-04-01", "2025-06-18"), ("2025-04-01", "2025-06-17"), ("2025-01-01", "2025-03-17")),
        ("year", ("2025-01-01", "2025-06-18"), ("2025-01-01", "2025-06-17"), ("2024-01-01", "2024-06-17")),
    ],
)
def test_periods_run_from_the_calendar_to_as_of(
    reader: httpx.Client, period: str, window: tuple[str, str], compared: tuple[str | None, str | None], previous: tuple[str, str] | None
) -> None:
    data = dashboard(reader, period)
    found = data["date_range"]
    assert (data["period"], found["from"], found["to"], found["is_partial"]) == (period, *window, True)
    assert (found["compared_from"], found["compared_to"]) == compared
    before = data["previous_period"]
    assert before is None if previous is None else (before["date_range"]["from"], before["date_range"]["to"]) == previous


def test_month_is_the_default(reader: httpx.Client) -> None:
    assert dashboard(reader) == dashboard(reader, "month")


def test_figures(reader: httpx.Client) -> None:
    data = dashboard(reader)
    metrics = data["metrics"]
    assert metrics["total_conversations"] == 18 * 3
    assert metrics["resolved_conversations"] == 18
    assert metrics["unique_customers"] == 1
    assert (metrics["resolution_rate_numerator"], metrics["resolution_rate_denominator"]) == (18, 54)
    assert metrics["resolution_rate_low"] < metrics["resolution_rate"] < metrics["resolution_rate_high"]
    assert metrics["avg_response_time_ms"] is None
    assert metrics["escalation_rate"] is None
    assert set(data["previous_period"]["metrics"]) == set(metrics)
    assert data["previous_period"]["metrics"]["total_conversations"] == 17 * 3
    assert (data["growth_rate"], data["growth_status"], data["absolute_change"]) == (0.0, "ok", 0)
    assert data["roi"]["total_conversations"] == 54
    assert data["roi"]["ai_resolved_conversations"] == 18
    assert data["quality"] == [
        {"scorer_kind": "judge", "scorer": "acme-judge", "attempts": 2, "scored": 2, "failed": 0, "overall_mean": 0.8, "low_quality": 0}
    ]
    assert "content_gaps" not in data


def test_every_count_leads_to_just_its_rows(reader: httpx.Client) -> None:
    for data in (dashboard(reader), dashboard(reader, "week")):
        for metrics in (data["metrics"], data["previous_period"]["metrics"]):
            assert len(metrics["rows"]) >= 10
            for name, address in metrics["rows"].items():
                response = reader.get(f"{address}&count=exact&limit=1")
                assert response.status_code == 200, (address, response.text)
                if name.startswith(("escalation", "abandonment")) and name.endswith("denominator"):
                    continue  # the rows made by hand leave these denominators out
                assert response.json()["page"]["count"] == metrics[name], name


@pytest.mark.parametrize(
    ("timezone", "as_of", "today"),
    [
        ("UTC", "2025-06-30T23:59:59", "2025-06-30"),
        ("Europe/Berlin", "2025-06-30T21:59:59", "2025-06-30"),
        ("Europe/Berlin", "2025-06-30T22:00:00", "2025-07-01"),
        ("America/New_York", "2025-07-01T03:59:59", "2025-06-30"),
        ("Asia/Kolkata", "2025-06-30T18:30:00", "2025-07-01"),
        ("Europe/Berlin", "2025-10-25T22:00:00", "2025-10-26"),
        ("Europe/Berlin", "2025-10-26T22:59:59", "2025-10-26"),
        ("Europe/Berlin", "2024-12-31T23:00:00", "2025-01-01"),
    ],
)
def test_today_is_the_tenants_day_of_as_of(settings: Settings, timezone: str, as_of: str, today: str) -> None:
    """Never the day of the wall clock, and never that of UTC."""
    customer = register(settings, "acme")
    instant, day = datetime.fromisoformat(as_of).replace(tzinfo=UTC), date.fromisoformat(today)
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2024, 1, 1), date(2026, 12, 31))
        publish_tenant(connection, "acme", timezone, customer.tenant_id)
        days = [day - timedelta(days=back) for back in range(100)]
        rows = [
            zero_row(connection, "daily_metrics", tenant_id=customer.tenant_id, metric_date=each, day_hours=24.0, is_partial=each == day)
            for each in days
        ]
        insert_rows(connection, "daily_metrics", rows)
        log_version(connection, 1, instant, TENANT_MARTS, [customer.tenant_id])
    with service(settings) as client:
        client.headers.update(customer.headers)
        starts = {
            "day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1),
            "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), "year": day.replace(month=1, day=1),
        }  # fmt: skip
        for period, first in starts.items():
            found = dashboard(client, period)["date_range"]
            assert (found["from"], found["to"]) == (first.isoformat(), today)
        found = client.get("/v1/analytics/roi?period_days=7").json()["data"]["date_range"]
        assert found == {"from": str(day - timedelta(days=7)), "to": str(day - timedelta(days=1))}


def test_trends(reader: httpx.Client) -> None:
    def steps(granularity: str, first: str, last: str) -> list[dict[str, Any]]:
        parameters = {"start_date": first, "end_date": last, "granularity": granularity}
        response = reader.get("/v1/analytics/conversations/trends", params=parameters)
        assert response.status_code == 200, response.text
        data: list[dict[str, Any]] = response.json()["data"]
        return data

    days = steps("day", "2025-06-16", "2025-06-18")
    assert [(day["period_start"], day["is_partial"]) for day in days] == [
        ("2025-06-16", False),
        ("2025-06-17", False),
        ("2025-06-18", True),
    ]
    assert days[0]["metrics"]["total_conversations"] == 3
    assert days[0]["metrics"]["resolution_rate"] == pytest.approx(1 / 3)
    assert [(week["period_start"], week["metrics"]["total_conversations"]) for week in steps("week", "2025-06-18", "2025-06-18")] == [
        ("2025-06-16", 9)
    ]
    assert [month["period_start"] for month in steps("month", "2025-05-20", "2025-07-02")] == ["2025-06-01"]
    hours = steps("hour", "2025-06-17", "2025-06-18")
    assert [(hour["period_start"], hour["is_partial"]) for hour in hours] == [
        ("2025-06-17T00:00:00+00:00", False), ("2025-06-18T00:00:00+00:00", False),
    ]  # fmt: skip
    assert steps("day", "2024-01-01", "2024-01-02") == []


@pytest.mark.parametrize(
    ("granularity", "first", "last", "allowed"),
    [
        ("hour", "2025-05-01", "2025-05-31", True), ("hour", "2025-05-01", "2025-06-01", False),
        ("day", "2023-01-01", "2024-12-31", True), ("day", "2023-01-01", "2025-01-01", False),
        ("week", "2015-07-01", "2025-06-30", True), ("month", "2015-01-01", "2025-06-30", False),
        ("day", "2025-06-02", "2025-06-01", False),
    ],
)  # fmt: skip
def test_how_long_a_trend_may_be(reader: httpx.Client, granularity: str, first: str, last: str, allowed: bool) -> None:
    response = reader.get(f"/v1/analytics/conversations/trends?start_date={first}&end_date={last}&granularity={granularity}")
    if allowed:
        assert response.status_code == 200
    else:
        assert_problem(response, 400, "invalid-request", "#/query/end_date")


def test_roi(reader: httpx.Client) -> None:
    data = reader.get("/v1/analytics/roi?start_date=2025-06-01&end_date=2025-06-10").json()["data"]
    assert data["date_range"] == {"from": "2025-06-01", "to": "2025-06-10"}
    assert (data["total_conversations"], data["ai_resolved_conversations"], data["parameter_versions"]) == (30, 10, 1)
    assert data["savings"] == pytest.approx(10 * 8 / 60 * 25 - 10 * 0.05)
    assert data["net_savings"] == pytest.approx(10 * 8 / 60 * 25 - 30 * 0.05)
    assert {one["parameter"]: (one["value"], one["source"]) for one in data["parameters"]} == {
        "avg_human_agent_cost_per_hour": (25, "default"),
        "avg_conversation_time_minutes": (8, "default"),
        "ai_cost_per_conversation": (0.05, "default"),
        "rework_minutes": (None, "default"),
    }
    asked = reader.get("/v1/analytics/roi?start_date=2025-06-01&end_date=2025-06-10&ai_cost_per_conversation=2.5").json()["data"]
    assert asked["ai_cost"] == 75
    assert {"parameter": "ai_cost_per_conversation", "valid_from": None, "value": 2.5, "source": "request"} in asked["parameters"]
    month = reader.get("/v1/analytics/roi").json()["data"]
    assert month["date_range"] == {"from": "2025-05-19", "to": "2025-06-17"}
    assert reader.get("/v1/analytics/roi?period_days=1").json()["data"]["date_range"] == {"from": "2025-06-17", "to": "2025-06-17"}


def test_roi_names_all_versions_of_a_parameter(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    with connect(settings, Role.PUBLISH) as connection:
        connection.execute(
            "insert into marts.dim_tenant_parameters values (%s, 'ai_cost_per_conversation', '2025-06-05', '1', 1, false, 2)",
            (acme.tenant_id,),
        )
        log_version(connection, 2, datetime(2025, 6, 18, 12, tzinfo=UTC), ["dim_tenant_parameters"], [acme.tenant_id])
    data = client.get("/v1/analytics/roi?start_date=2025-06-01&end_date=2025-06-10").json()["data"]
    costs = [(one["valid_from"], one["value"]) for one in data["parameters"] if one["parameter"] == "ai_cost_per_conversation"]
    assert costs == [(None, 0.05), ("2025-06-05", 1)]
    assert data["parameter_versions"] == 2
    early = client.get("/v1/analytics/roi?start_date=2025-06-01&end_date=2025-06-04").json()["data"]
    assert [one["value"] for one in early["parameters"] if one["parameter"] == "ai_cost_per_conversation"] == [0.05]


def test_export(reader: httpx.Client) -> None:
    window = "start_date=2025-06-10&end_date=2025-06-12"
    response = reader.get(f"/v1/analytics/export?{window}")
    assert response.headers["content-disposition"] == 'attachment; filename="daily_metrics_2025-06-10_2025-06-12.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["metric_date"] for row in rows] == ["2025-06-10", "2025-06-11", "2025-06-12"]
    assert (rows[0]["total_conversations"], rows[0]["avg_response_time_ms"], rows[0]["is_partial"]) == ("3", "", "false")
    as_json = reader.get(f"/v1/analytics/export?{window}&format=json&mart=conversations")
    assert as_json.headers["content-disposition"] == 'attachment; filename="conversations_2025-06-10_2025-06-12.json"'
    assert len(as_json.json()["data"]) == 9
    assert as_json.json()["meta"]["version"] == 1
    assert_problem(reader.get(f"/v1/analytics/export?{window}&mart=nothing"), 404, "not-found")
    assert_problem(reader.get(f"/v1/analytics/export?{window}&mart=dim_tenant"), 400, "invalid-request", "#/query/mart")


@pytest.mark.parametrize(
    ("url", "pointer"),
    [
        ("dashboard?period=decade", "#/query/period"),
        ("dashboard?periods=day", "#/query/periods"),
        ("dashboard?period=day&period=week", "#/query/period"),
        ("conversations/trends", None),
        ("conversations/trends?start_date=2025-06-01", "#/query/end_date"),
        ("conversations/trends?start_date=1750000000&end_date=2025-06-01", "#/query/start_date"),
        ("conversations/trends?start_date=2025-06-31&end_date=2025-07-01", "#/query/start_date"),
        ("conversations/trends?start_date=2025-06-01T00:00:00&end_date=2025-07-01", "#/query/start_date"),
        ("roi?period_days=0", "#/query/period_days"),
        ("roi?period_days=366", "#/query/period_days"),
        ("roi?start_date=2025-06-01", "#/query/end_date"),
        ("roi?start_date=2025-06-02&end_date=2025-06-01", "#/query/end_date"),
        ("roi?period_days=3&start_date=2025-06-01&end_date=2025-06-02", "#/query/period_days"),
        ("roi?rework_minutes=-1", "#/query/rework_minutes"),
        ("roi?rework_minutes=NaN", "#/query/rework_minutes"),
        ("roi?ai_cost_per_conversation=1e99", "#/query/ai_cost_per_conversation"),
        ("export?start_date=2025-06-01&end_date=2025-06-02&format=xml", "#/query/format"),
    ],
)
def test_wrong_parameters(reader: httpx.Client, url: str, pointer: str | None) -> None:
    assert_problem(reader.get(f"/v1/analytics/{url}"), 400, "invalid-request", pointer)


def test_before_the_first_publish(settings: Settings) -> None:
    fresh = register(settings, "fresh")
    with service(settings) as client:
        client.headers.update(fresh.headers)
        response = client.get("/v1/analytics/dashboard")
        body = response.json()
        assert (response.status_code, body["meta"]["version"]) == (200, 0)
        data = body["data"]
        assert data["date_range"] == dict.fromkeys(["from", "to", "is_partial", "compared_from", "compared_to"])
        assert {value for name, value in data["metrics"].items() if name != "rows"} == {None}
        assert (data["growth_rate"], data["growth_status"], data["previous_period"], data["roi"], data["quality"]) == (
            None, "no_previous", None, None, [],
        )  # fmt: skip
        trend = client.get("/v1/analytics/conversations/trends?start_date=2025-06-01&end_date=2025-06-02")
        assert (trend.status_code, trend.json()["data"]) == (200, [])
        roi = client.get("/v1/analytics/roi").json()["data"]
        assert (roi["total_conversations"], roi["date_range"], roi["parameters"]) == (None, {"from": None, "to": None}, [])
        dated = client.get("/v1/analytics/roi?start_date=2025-06-01&end_date=2025-06-02").json()["data"]
        assert (dated["total_conversations"], dated["roi_percentage_net"]) == (0, None)
        export = client.get("/v1/analytics/export?start_date=2025-06-01&end_date=2025-06-02")
        assert len(export.text.splitlines()) == 1

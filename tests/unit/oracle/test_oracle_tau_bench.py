"""The oracle against 200 recorded runs of a real agent, whose true answers are known."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support import oracle
from tests.support.facts import tau_bench

Row = dict[str, Any]
FOLDER = os.environ.get("AGENTMARTS_TEST_DATA")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="AGENTMARTS_TEST_DATA doesn't name the folder of test data")

TENANT = oracle.Tenant("tau", [(None, tau_bench.TIME_ZONE)])


@pytest.fixture(scope="module")
def payloads() -> list[Row]:
    return tau_bench.events(_path())


@pytest.fixture(scope="module")
def world(payloads: list[Row]) -> tuple[list[oracle.Event], list[oracle.Score]]:
    return oracle.accept(payloads, TENANT), oracle.accept_scores(tau_bench.scores(_path()))


@pytest.fixture(scope="module")
def episodes(world: tuple[list[oracle.Event], list[oracle.Score]]) -> list[Row]:
    return oracle.conversations(*world, TENANT, tau_bench.AS_OF)


@pytest.fixture(scope="module")
def daily(world: tuple[list[oracle.Event], list[oracle.Score]]) -> dict[date, Row]:
    return {row["metric_date"]: row for row in oracle.daily_metrics(*world, TENANT, tau_bench.AS_OF)}


@pytest.fixture(scope="module")
def whole(world: tuple[list[oracle.Event], list[oracle.Score]]) -> Row:
    return oracle.period_metrics(*world, TENANT, tau_bench.AS_OF, date(2025, 2, 28), date(2025, 4, 30))


def _path() -> Path:
    return Path(FOLDER or "") / "tau_bench" / "gpt-4o-airline.json"


def test_events(payloads: list[Row]) -> None:
    assert Counter(payload["event_type"] for payload in payloads) == {
        "conversation_started": 200,
        "message_received": 1461,
        "message_sent": 1290,
        "knowledge_retrieved": 678,
        "conversation_resolved": 147,
        "conversation_escalated": 48,
    }
    assert len({payload["event_id"] for payload in payloads}) == 3824
    empty = [payload["conversation_id"] for payload in payloads if payload.get("result_count") == 0]
    assert (len(empty), len(set(empty))) == (28, 16)


def test_episodes(episodes: list[Row]) -> None:
    assert len(episodes) == 200
    assert Counter(row["outcome"] for row in episodes) == {"resolved": 147, "escalated": 48, "abandoned": 5}
    assert [row["abandon_kind"] for row in episodes if row["outcome"] == "abandoned"] == ["unanswered"] * 5
    assert sum(row["is_ai_involved"] for row in episodes) == 200
    assert sum(row["total_messages"] for row in episodes) == 2751
    assert sum(row["zero_hit_retrievals"] > 0 for row in episodes) == 16


def test_ladder(whole: Row) -> None:
    assert whole["contained_rate_numerator"] == 152
    assert whole["contained_rate_denominator"] == 200
    assert whole["contained_rate"] == pytest.approx(0.76)
    assert (whole["contained_rate_low"], whole["contained_rate_high"]) == pytest.approx((0.6963, 0.8139), abs=5e-5)
    assert whole["verified_of_contained_rate_numerator"] == 49
    assert whole["verified_of_contained_rate_denominator"] == 152
    assert whole["verified_of_contained_rate_low"] == pytest.approx(0.2532, abs=5e-5)
    assert whole["verified_of_contained_rate_high"] == pytest.approx(0.4003, abs=5e-5)
    assert whole["verified_rate"] == pytest.approx(0.245)
    numerators = {rung: whole[f"{rung}_rate_numerator"] for rung in ("assumed", "confirmed", "durable", "no_repeat")}
    assert numerators == {"assumed": 147, "confirmed": 115, "durable": 147, "no_repeat": 101}
    for rung in ("contained", "assumed", "confirmed", "verified", "durable", "no_repeat"):
        assert whole[f"{rung}_pending"] == 0


def test_times(episodes: list[Row], world: tuple[list[oracle.Event], list[oracle.Score]], whole: Row) -> None:
    monthly = oracle.monthly_metrics(*world, TENANT, tau_bench.AS_OF)
    values = [row["first_response_ms"] for row in episodes if row["first_response_ms"] is not None]
    assert (whole["responses"], whole["response_time_sum_ms"], whole["avg_response_time_ms"]) == (
        1290,
        17_572_000,
        13_622,
    )
    assert sum(row["responses"] for row in monthly) == 1290
    assert [round(whole[f"p{p}_response_time_ms"], 2) for p in (50, 90, 95)] == [10_908.36, 25_059.16, 37_236.60]
    assert len(values) == 200
    assert (round(whole["avg_first_response_ms"]), whole["p50_first_response_ms"]) == (7_060, 7_000)
    assert sum(row["resolution_ms"] is not None for row in episodes) == 147
    assert (round(whole["avg_resolution_ms"]), whole["p50_resolution_ms"]) == (1_519_490, 1_440_000)


def test_exact_percentiles_of_all_replies(world: tuple[list[oracle.Event], list[oracle.Score]]) -> None:
    # In UTC the whole file lies in one month, whose percentiles are exact.
    one_month = oracle.Tenant("tau", [(None, "UTC")])
    rows = oracle.monthly_metrics(*world, one_month, tau_bench.AS_OF)
    march = rows[0]
    assert march["month_start"] == date(2025, 3, 1)
    assert march["responses"] == 1290
    assert [march[f"p{p}_response_time_ms"] for p in (50, 90, 95)] == [11_000, 25_000, 37_000]


def test_days_and_customers(world: tuple[list[oracle.Event], list[oracle.Score]], daily: dict[date, Row]) -> None:
    with_data = [day for day, row in daily.items() if row["total_messages"]]
    assert (len(with_data), min(with_data), max(with_data)) == (31, date(2025, 2, 28), date(2025, 3, 30))
    assert min(daily) == date(2025, 2, 28)
    # as_of is 20:00 of 30 April in New York.
    assert max(daily) == date(2025, 4, 30)
    customer_days = oracle.customer_days(*world, TENANT, tau_bench.AS_OF)
    assert len({row["customer_id"] for row in customer_days}) == 34
    assert sum(row["unique_customers"] for row in daily.values()) == len(customer_days) == 147
    weeks = {row["week_start"]: row for row in oracle.weekly_metrics(*world, TENANT, tau_bench.AS_OF)}
    week = weeks[date(2025, 3, 3)]
    assert (week["total_conversations"], week["unique_customers"]) == (46, 30)
    assert sum(daily[date(2025, 3, day)]["unique_customers"] for day in range(3, 10)) == 33


def test_day_of_the_clock_change(daily: dict[date, Row]) -> None:
    row = daily[date(2025, 3, 9)]
    assert row["day_hours"] == 23
    assert (row["total_conversations"], row["resolved_conversations"], row["escalated_conversations"]) == (6, 4, 2)
    assert (row["total_messages"], row["responses"], row["avg_response_time_ms"]) == (87, 41, 10_927)
    assert row["unique_customers"] == 4


def test_conversation_over_midnight(daily: dict[date, Row], episodes: list[Row]) -> None:
    row = daily[date(2025, 3, 2)]
    assert (row["total_conversations"], row["resolved_conversations"]) == (6, 7)
    assert row["seed_resolution_rate"] == pytest.approx(1.1667, abs=5e-5)
    assert (row["resolution_rate_numerator"], row["resolution_rate_denominator"]) == (6, 6)
    assert (row["total_messages"], row["avg_response_time_ms"]) == (152, 11_973)
    crossing = {r["conversation_id"]: (r["start_date"], r["resolved_date"]) for r in episodes}
    assert crossing["tau-08-0"] == (date(2025, 3, 1), date(2025, 3, 2))
    assert crossing["tau-14-2"] == (date(2025, 3, 17), date(2025, 3, 18))
    assert crossing["tau-34-2"] == (date(2025, 3, 20), date(2025, 3, 21))


def test_roi(world: tuple[list[oracle.Event], list[oracle.Score]]) -> None:
    row = oracle.roi(*world, TENANT, tau_bench.AS_OF, date(2025, 2, 28), date(2025, 4, 30))
    assert (row["total_conversations"], row["ai_resolved_conversations"]) == (200, 147)
    assert float(row["human_agent_cost"]) == pytest.approx(666.67, abs=5e-3)
    assert row["ai_cost"] == 10
    assert float(row["savings"]) == pytest.approx(482.65)
    assert float(row["roi_percentage"]) == pytest.approx(4_826.5)
    assert row["net_savings"] == row["net_savings_low"] == row["net_savings_high"] == 480
    assert row["roi_percentage_net"] == 4_800
    assert row["parameter_versions"] == 1


def test_hours_and_days_agree(world: tuple[list[oracle.Event], list[oracle.Score]], daily: dict[date, Row]) -> None:
    messages: Counter[date] = Counter()
    for row in oracle.hourly_metrics(*world, TENANT, tau_bench.AS_OF):
        messages[row["metric_date"]] += row["total_messages"]
    assert messages == Counter({day: row["total_messages"] for day, row in daily.items() if row["total_messages"]})


def test_quality(world: tuple[list[oracle.Event], list[oracle.Score]]) -> None:
    scored = oracle.conversation_quality_scores(*world, TENANT, tau_bench.AS_OF)
    assert (len(scored), sum(row["overall_score"] == 1 for row in scored)) == (200, 84)
    assert all(row["is_headline"] for row in scored)
    days = oracle.quality_daily(*world, TENANT, tau_bench.AS_OF)
    assert sum(row["scored"] for row in days) == 200
    assert sum(row["low_quality"] for row in days) == 116

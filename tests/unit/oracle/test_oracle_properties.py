"""What must hold of the oracle's answers whatever the events: the oracle is checked before it checks others."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.support import oracle
from tests.support.facts import strategies

Row = dict[str, Any]
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def inputs(case: strategies.Case) -> tuple[list[oracle.Event], list[oracle.Score], oracle.Tenant, datetime]:
    """A case as the oracle's functions take it."""
    return oracle.accept(case.events, case.tenant), oracle.accept_scores(case.scores), case.tenant, case.as_of


@SLOW
@given(strategies.cases(), st.randoms(use_true_random=False))
def test_order_and_repeats_of_delivery_change_nothing(case: strategies.Case, random: Any) -> None:
    events = case.events * 3
    random.shuffle(events)
    again = strategies.Case(case.tenant, events, case.scores[::-1], case.as_of)
    for mart in (oracle.conversations, oracle.daily_metrics, oracle.hourly_metrics, oracle.customer_days):
        assert mart(*inputs(case)) == mart(*inputs(again))
    assert oracle.quality_daily(*inputs(case)) == oracle.quality_daily(*inputs(again))


@SLOW
@given(strategies.cases())
def test_episodes_are_consistent(case: strategies.Case) -> None:
    rows = oracle.conversations(*inputs(case))
    events = oracle.accept(case.events, case.tenant)
    assert sum(row["event_count"] for row in rows) == sum(event.occurred_at <= case.as_of for event in events)
    for row in rows:
        assert (row["outcome"] == "abandoned") == (row["abandon_kind"] is not None)
        assert row["outcome"] != "open" or row["ended_at"] is None
        # Resolved or explicitly abandoned, else nothing could follow.
        assert row["reopened_at"] is None or row["resolved_at"] or row["abandoned_at"]
        rungs = [row[f"is_{rung}"] for rung in ("contained", "assumed", "confirmed", "verified", "durable", "no_repeat")]
        if not row["is_ai_involved"] or row["outcome"] == "open":
            assert rungs == [None] * 6
        if row["is_ai_resolution"]:
            assert row["is_contained"] is True
            assert row["is_assisted"] is False
        assert not (row["is_no_repeat"] and not row["is_durable"])
        assert row["reassess_at"] is None or row["reassess_at"] > case.as_of
        assert all(row[column] is None or row[column] >= 0 for column in row if column.endswith("_ms"))


@SLOW
@given(strategies.cases())
def test_grains_agree(case: strategies.Case) -> None:
    daily = oracle.daily_metrics(*inputs(case))
    additive = ["total_conversations", "resolutions", "total_messages", "responses", "response_time_sum_ms"]
    additive += ["episodes_started", "resolved_cohort", "contained_rate_numerator", "durable_pending"]
    for coarse in (oracle.weekly_metrics(*inputs(case)), oracle.monthly_metrics(*inputs(case))):
        for column in additive:
            assert sum(row[column] for row in daily) == sum(row[column] for row in coarse)
    hourly = oracle.hourly_metrics(*inputs(case))
    for column in ("total_conversations", "total_messages", "responses", "response_time_sum_ms"):
        assert sum(row[column] for row in daily) == sum(row[column] for row in hourly)
    assert len({row["hour_start"] for row in hourly}) == len(hourly)
    for row in daily:
        names = ["resolution", "escalation", "silence", "abandonment", "open"]
        assert sum(row[f"{name}_rate_numerator"] for name in names) == row["episodes_started"]
        if row["episodes_started"] == 0:
            assert row["resolution_rate"] is None
    assert len(oracle.customer_days(*inputs(case))) == sum(row["unique_customers"] for row in daily)


@SLOW
@given(strategies.cases())
def test_a_period_of_one_day_is_that_day(case: strategies.Case) -> None:
    daily = oracle.daily_metrics(*inputs(case))
    assume(daily)
    day: date = daily[-1]["metric_date"]
    period = oracle.period_metrics(*inputs(case), day, day)
    differing = {"tenant_id", "metric_date", "day_hours", "is_provisional"}
    differing |= {f"p{percent}_response_time_ms" for percent in (50, 90, 95)}
    for column in daily[-1].keys() - differing:
        assert period[column] == daily[-1][column], column
    for percent in (50, 90, 95):
        exact, merged = daily[-1][f"p{percent}_response_time_ms"], period[f"p{percent}_response_time_ms"]
        assert (exact is None) == (merged is None)
        assert exact is None or abs(merged - exact) <= 0.01 * exact
    assert period["is_partial"] == daily[-1]["is_partial"]


@SLOW
@given(strategies.cases(), st.floats(0, 1))
def test_time_alone_changes_nothing_before_reassess_at(case: strategies.Case, share: float) -> None:
    # Only what exists at as_of: later events would change other conversations' rows.
    events, scores, tenant, as_of = inputs(case)
    events = [event for event in events if event.occurred_at <= as_of]
    scores = [score for score in scores if score.occurred_at <= as_of]
    for row in oracle.conversations(events, scores, tenant, as_of):
        key = (row["conversation_id"], row["episode_no"])
        ends = row["reassess_at"] or as_of + timedelta(days=60)
        before = as_of + (ends - as_of - timedelta(microseconds=1)) * share
        assert _row(oracle.conversations(events, scores, tenant, before), key) == row
        if row["reassess_at"]:
            assert _row(oracle.conversations(events, scores, tenant, ends), key) != row


def _row(rows: list[Row], key: tuple[str, int]) -> Row:
    return next(row for row in rows if (row["conversation_id"], row["episode_no"]) == key)


@SLOW
@given(strategies.cases())
def test_drawn_payloads_are_json(case: strategies.Case) -> None:
    assert json.loads(json.dumps(case.events)) == case.events
    assert json.loads(json.dumps(case.scores)) == case.scores


@SLOW
@given(strategies.cases())
def test_roi_adds_up(case: strategies.Case) -> None:
    days = oracle.daily_metrics(*inputs(case))
    assume(days)
    row = oracle.roi(*inputs(case), days[0]["metric_date"], days[-1]["metric_date"])
    assert row["total_conversations"] == sum(day["total_conversations"] for day in days)
    assert row["ai_resolved_conversations"] == sum(day["ai_resolved_conversations"] for day in days)
    assert row["net_savings_low"] <= row["net_savings"] <= row["net_savings_high"]
    assert row["savings"] - row["net_savings"] >= row["rework_cost"]

"""The SQL functions of the role dashboards over actions and escalations, against their definitions in plain Python."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.functions import Row, near, row_of, rows_of, share, two_sided
from tests.support.marts.published import insert_rows, publish_calendar, publish_tenant, zero_row
from tests.support.marts.published_learning import action_row
from tests.support.oracle import wilson

FIRST, LAST = date(2025, 6, 8), date(2025, 6, 17)
NO_SHRINK = {"deadline": None, "suppress_health_check": list(HealthCheck)}
SMALL_SAMPLE = 30


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Connection]:
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        yield connection


def status(n: int, is_provisional: bool) -> str:
    return "no_data" if n == 0 else "low_n" if n < SMALL_SAMPLE else "provisional" if is_provisional else "ok"


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["positive", "negative", "ambiguous", "expired", "pending"]),
        st.sampled_from(["email_engagement", "meeting_outcome", "deal_progression"]),
        st.integers(0, 12 * 24 - 1),
        st.sampled_from(["rep-1", "rep-2", None]),
        st.integers(1, 40),
    ),
    max_size=30,
)


def drawn_rows(connection: Connection, tenant: UUID, drawn: list[tuple[str, str, int, str | None, int]]) -> list[Row]:
    """Actions around the period; each of them as often as its last member says."""
    rows = []
    for n, (fate, outcome_type, hour, rep_id, times) in enumerate(drawn):
        created_at = datetime(2025, 6, 7, tzinfo=UTC) + timedelta(hours=hour)
        decided = {"resolved_after": 2.0} if fate in ("positive", "negative", "ambiguous") else {}
        rows += [
            action_row(connection, tenant, f"{n}-{k}", created_at, status=fate, outcome_type=outcome_type, rep_id=rep_id, **decided)
            for k in range(times)
        ]
    return rows


def expected_of(rows: list[Row]) -> Row:
    labels = [row["label"] for row in rows if row["label"] is not None]
    return {
        **{f"{name}_outcomes": sum(row["outcome_status"] == name for row in rows) for name in ("positive", "negative", "pending")},
        "labelled": len(labels),
        "hits": sum(labels),
        "is_open": any(not row["is_matured"] for row in rows),
    }


def test_days_and_representatives_equal_their_definition(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")

    @hypothesis_settings(max_examples=40, **NO_SHRINK)
    @given(ACTIONS)
    def check(drawn: list[tuple[str, str, int, str | None, int]]) -> None:
        warehouse.execute("delete from marts.outcomes")
        published = drawn_rows(warehouse, tenant, drawn)
        insert_rows(warehouse, "outcomes", published)
        inside = [row for row in published if FIRST <= row["metric_date"] <= LAST]
        days = rows_of(warehouse, "daily_outcomes(%s, %s, %s)", tenant, FIRST, LAST)
        assert [day["metric_date"] for day in days] == [FIRST + timedelta(days=n) for n in range(10)], "days without an action too"
        for day in days:
            of_day = [row for row in inside if row["metric_date"] == day["metric_date"]]
            expected = expected_of(of_day)
            assert day == {
                "metric_date": day["metric_date"], "actions": len(of_day),
                **{name: expected[name] for name in ("positive_outcomes", "negative_outcomes", "pending_outcomes")},
                "matured_labelled": expected["labelled"], "matured_positive": expected["hits"],
                "success_rate": share(expected["hits"], expected["labelled"]), "is_provisional": expected["is_open"],
            }  # fmt: skip
        found = {row["rep_id"]: row for row in rows_of(warehouse, "representative_outcomes(%s, %s, %s)", tenant, FIRST, LAST)}
        assert set(found) == {row["rep_id"] for row in inside}
        for rep_id, rep in found.items():
            of_rep = [row for row in inside if row["rep_id"] == rep_id]
            expected = expected_of(of_rep)
            rate, low, high = wilson(expected["hits"], expected["labelled"])
            decided = expected["positive_outcomes"] + expected["negative_outcomes"]
            assert rep == {
                "rep_id": rep_id, "total_actions": len(of_rep),
                **{name: expected[name] for name in ("positive_outcomes", "negative_outcomes", "pending_outcomes")},
                "success_rate": near(rate), "success_rate_low": near(low), "success_rate_high": near(high),
                "success_rate_numerator": expected["hits"], "success_rate_denominator": expected["labelled"],
                "success_rate_status": status(expected["labelled"], expected["is_open"]),
                "success_rate_resolved": share(expected["positive_outcomes"], decided),
                "deals_progressed": sum(row["outcome_type"] == "deal_progression" for row in of_rep if row["outcome_status"] == "positive"),
            }  # fmt: skip
        only = rows_of(warehouse, "representative_outcomes(%s, %s, %s, 'rep-1')", tenant, FIRST, LAST)
        assert only == ([found["rep-1"]] if "rep-1" in found else [])
        of_rep_1 = rows_of(warehouse, "daily_outcomes(%s, %s, %s, 'rep-1')", tenant, FIRST, LAST)
        assert sum(day["actions"] for day in of_rep_1) == sum(row["rep_id"] == "rep-1" for row in inside)

    check()


@pytest.mark.parametrize(
    ("first", "last", "before_to", "after_from"),
    [
        (FIRST, LAST, date(2025, 6, 12), date(2025, 6, 13)),
        (FIRST, LAST - timedelta(days=1), date(2025, 6, 11), date(2025, 6, 13)),  # the day in the middle is of neither
        (LAST - timedelta(days=1), LAST, date(2025, 6, 16), LAST),
    ],
)
def test_trend_of_two_halves(warehouse: Connection, first: date, last: date, before_to: date, after_from: date) -> None:
    """Each day 20 e-mails, of which 2 more are answered than on the day before."""
    tenant = publish_tenant(warehouse, "acme")
    answered = {FIRST + timedelta(days=n): 2 * n for n in range(10)}
    rows = []
    for day, count in answered.items():
        noon = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) - timedelta(hours=1)
        for n in range(20):
            fate: Row = {"status": "positive", "resolved_after": 1} if n < count else {"status": "expired"}
            rows.append(action_row(warehouse, tenant, f"{day}-{n}", noon, window_hours=10, **fate))
    insert_rows(warehouse, "outcomes", rows)
    found = row_of(warehouse, "success_trend(%s, %s, %s)", tenant, first, last)
    k = [sum(count for day, count in answered.items() if first <= day <= before_to),
         sum(count for day, count in answered.items() if after_from <= day <= last)]  # fmt: skip
    n = [20 * ((before_to - first).days + 1), 20 * ((last - after_from).days + 1)]
    pooled = sum(k) / sum(n)
    z = (k[0] / n[0] - k[1] / n[1]) / math.sqrt(pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]))
    significant = math.erfc(abs(z) / math.sqrt(2)) < 0.05
    assert found == {
        "before_to": before_to, "after_from": after_from,
        "matured_positive_before": k[0], "matured_labelled_before": n[0], "success_rate_before": near(k[0] / n[0]),
        "matured_positive_after": k[1], "matured_labelled_after": n[1], "success_rate_after": near(k[1] / n[1]),
        "trend": "improving" if significant else "stable", "trend_p": two_sided(z),
    }  # fmt: skip
    assert row_of(warehouse, "success_trend(%s, %s, %s, 'nobody')", tenant, first, last)["matured_labelled_after"] == 0


def test_a_single_day_has_no_halves(warehouse: Connection) -> None:
    """Nothing is known of them, which is not 0."""
    tenant = publish_tenant(warehouse, "acme")
    found = row_of(warehouse, "success_trend(%s, %s, %s)", tenant, LAST, LAST)
    assert found.pop("trend") == "insufficient_data"
    assert set(found.values()) == {None}


def test_statuses_of_the_counts(warehouse: Connection) -> None:
    """29 outcomes are few, 30 are enough; an open window makes what it belongs to provisional."""
    tenant = publish_tenant(warehouse, "acme")
    begin = datetime(2025, 6, 10, tzinfo=UTC)
    names = [f"{name}_status" for name in ("success_rate", "success_rate_resolved", "aj_success_rate", "stage_advancement_rate")]

    def statuses() -> list[str]:
        found = row_of(warehouse, "outcome_counts(%s, %s, %s)", tenant, FIRST, LAST)
        return [found[name] for name in names]

    def add(name: str, count: int, **more: Any) -> None:
        insert_rows(warehouse, "outcomes", [action_row(warehouse, tenant, f"{name}{n}", begin, **more) for n in range(count)])

    assert statuses() == ["no_data"] * 4
    add("e", 29, status="positive", resolved_after=1)
    assert statuses() == ["low_n", "low_n", "low_n", "no_data"]
    add("f", 1, status="negative", resolved_after=1)
    assert statuses() == ["ok", "ok", "ok", "no_data"]
    add("open", 1, status="pending", outcome_type="deal_progression", window_hours=720)
    assert statuses() == ["provisional", "ok", "ok", "no_data"]
    add("d", 30, status="positive", resolved_after=1, outcome_type="deal_progression", window_hours=24)
    assert statuses() == ["provisional", "ok", "ok", "provisional"]


def test_time_saved(warehouse: Connection) -> None:
    """At the minutes that hold when the period has ended; without any nothing is known."""
    tenant, other = publish_tenant(warehouse, "acme"), publish_tenant(warehouse, "other")
    for valid_from, minutes in (("-infinity", 5), ("2025-06-18", 6), ("2025-06-19", 100)):
        warehouse.execute(
            "insert into marts.dim_tenant_parameters values (%s, 'minutes_per_action', %s, %s, %s, false, 1)",
            (tenant, valid_from, str(minutes), minutes),
        )
    begin = datetime(2025, 6, 10, tzinfo=UTC)
    for owner in (tenant, other):
        rows = [
            action_row(warehouse, owner, f"a{n}", begin, status="positive", resolved_after=1, rep_id="r" if n else None) for n in range(7)
        ]
        insert_rows(warehouse, "outcomes", [*rows, action_row(warehouse, owner, "none", begin, status="expired")])
    names = ("positive_outcomes", "minutes_per_action", "estimated_time_saved_hours", "estimated_time_saved_hours_status")

    def saved(owner: UUID, last: date = LAST, rep_id: str | None = None) -> list[Any]:
        row = row_of(warehouse, "time_saved(%s, %s, %s, %s)", owner, FIRST, last, rep_id)
        return [row[name] for name in names]

    assert saved(tenant) == [7, 6, near(0.7), "ok"]
    assert saved(tenant, LAST - timedelta(days=1)) == [7, 5, near(35 / 60), "ok"]
    assert saved(tenant, rep_id="r") == [6, 6, near(0.6), "ok"]
    assert saved(other) == [7, None, None, "no_input"]


def test_escalations(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")

    def day(day: date, escalated: int, begun: int) -> Row:
        counts = {"escalation_rate_numerator": escalated, "escalation_rate_denominator": begun}
        return zero_row(warehouse, "daily_metrics", tenant_id=tenant, metric_date=day, **counts)

    insert_rows(
        warehouse,
        "daily_metrics",
        [day(FIRST - timedelta(days=1), 5, 5), day(FIRST, 3, 20), day(LAST, 2, 10), day(LAST + timedelta(days=1), 9, 9)],
    )
    rate, low, high = wilson(5, 30)
    found = row_of(warehouse, "escalation_rate(%s, %s, %s)", tenant, FIRST, LAST)
    assert list(found.values()) == [near(rate), 5, 30, near(low), near(high), "ok"]
    nothing = row_of(warehouse, "escalation_rate(%s, %s, %s)", tenant, date(2025, 1, 1), date(2025, 1, 2))
    assert list(nothing.values()) == [None, 0, 0, None, None, "no_data"]
    of_period = row_of(warehouse, "period_counts(%s, %s, %s)", tenant, FIRST, LAST)
    assert {name: of_period[name] for name in found if name in of_period} == {
        name: value for name, value in found.items() if name in of_period
    }

    def handed_over(name: str, handoff: date) -> Row:
        instant = datetime(handoff.year, handoff.month, handoff.day, 9, tzinfo=UTC)
        fate = {"handoff_at": instant, "escalated_date": handoff, "handoff_reason": "asked", "outcome": "escalated"}
        return zero_row(
            warehouse, "conversations", tenant_id=tenant, conversation_id=name, episode_no=1, started_at=instant, start_date=handoff, **fate
        )

    insert_rows(
        warehouse, "conversations",
        [handed_over("c1", FIRST), handed_over("c2", LAST), handed_over("early", FIRST - timedelta(days=1)),
         handed_over("late", LAST + timedelta(days=1))],
    )  # fmt: skip
    # He acted in it long ago; in which conversations others acted is another matter.
    old = datetime(2025, 3, 1, tzinfo=UTC)
    acted = [action_row(warehouse, tenant, f"a-{name}", old, conversation_id=name, rep_id="rep-1") for name in ("c2", "late")]
    insert_rows(warehouse, "outcomes", acted)
    history = rows_of(warehouse, "escalation_history(%s, %s, %s)", tenant, FIRST, LAST)
    assert {row["conversation_id"] for row in history} == {"c1", "c2"}
    assert rows_of(warehouse, "escalation_history(%s, %s, %s, 'rep-1')", tenant, FIRST, LAST) == [
        {"conversation_id": "c2", "episode_no": 1, "escalated_at": datetime(2025, 6, 17, 9, tzinfo=UTC), "reason": "asked",
         "channel": None, "agent_id": None}
    ]  # fmt: skip


def test_coaching_status(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")

    def status_of(days: int) -> list[Any]:
        return list(row_of(warehouse, "coaching_status(%s, %s)", tenant, days).values())

    assert (status_of(30), status_of(31)) == ([30, 0, 0, "no_data"], [90, 0, 0, "no_data"])
    rows = [
        zero_row(
            warehouse, "coaching_patterns", tenant_id=tenant, window_days=window, dimension="channel", segment=str(n), outcome_type="*",
            pattern_id=f"{window}-{n}", is_actionable=window == 90 and n == 2, rank=n,
        )
        for window, count in ((30, 2), (90, 3))
        for n in range(count)
    ]  # fmt: skip
    insert_rows(warehouse, "coaching_patterns", rows)
    assert (status_of(1), status_of(365)) == ([30, 2, 0, "none_actionable"], [90, 3, 1, "ok"])


@pytest.mark.parametrize(
    "function", ["daily_outcomes", "success_trend", "representative_outcomes", "time_saved", "escalation_rate", "outcome_counts"]
)
def test_no_period_no_row(warehouse: Connection, function: str) -> None:
    tenant = publish_tenant(warehouse, "acme")
    for arguments in ((None, FIRST, LAST), (tenant, None, LAST), (tenant, FIRST, None)):
        assert rows_of(warehouse, f"{function}(%s, %s, %s)", *arguments) == []
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="ends before it begins"):
        rows_of(warehouse, f"{function}(%s, %s, %s)", tenant, LAST, FIRST)

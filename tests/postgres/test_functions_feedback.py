"""The SQL functions over feedback, against their definitions in plain Python."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.functions import Row, near, row_of, rows_of, share, two_sided
from tests.support.marts.published import insert_rows, publish_calendar, publish_tenant
from tests.support.marts.published_learning import action_row, feedback_row
from tests.support.oracle import wilson

FIRST, LAST = date(2025, 6, 7), date(2025, 6, 17)
"""Eleven days: the one in the middle, 12 June, is of neither half."""
Z = 1.959963984540054
NO_SHRINK = {"deadline": None, "suppress_health_check": list(HealthCheck)}
SMALL_SAMPLE = 30


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Connection]:
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        yield connection


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


ENTRIES = st.lists(
    st.tuples(
        st.integers(-40, 11),  # days after FIRST
        st.sampled_from(["inline", "inline", "dashboard"]),
        st.integers(0, 4),
        st.sampled_from(["u-1", "u-2", None]),
        st.sampled_from([None, None, "a1", "a2", "unknown"]),
        st.booleans(),
        st.integers(1, 15),
    ),
    max_size=20,
)


def expected_of_source(entries: list[Row], source: str) -> Row:
    of_source = [row for row in entries if row["source"] == source]
    ratings = [row["rating"] for row in of_source if row["is_current"]]
    positives = sum(rating >= (1 if source == "inline" else 4) for rating in ratings)
    mean = statistics.fmean(ratings) if ratings else None
    error = statistics.stdev(ratings) / math.sqrt(len(ratings)) if len(ratings) > 1 else None
    rate, low, high = wilson(positives, len(ratings))
    is_judged = source == "inline" and len(ratings) >= 5
    return {
        "source": source, "entries": len(of_source), "ratings": len(ratings), "average_rating": near(mean),
        "average_rating_se": None if error is None else pytest.approx(error, abs=1e-7),
        "positive_count": positives, "positive_share": near(rate), "positive_share_low": near(low), "positive_share_high": near(high),
        "normalized_sum": near(sum((r + 1) / 2 if source == "inline" else (r - 1) / 4 for r in ratings)) if ratings else None,
        "is_poor": (mean or 0) + Z * (error or 0) < 0 if is_judged else None,
    }  # fmt: skip


def expected_fatigue(entries: list[Row], reviewer: str, last: date) -> Row | None:
    days = [(last - row["metric_date"]).days for row in entries if row["reviewer_id"] == reviewer]
    a, b = sum(0 <= day < 7 for day in days), sum(7 <= day < 35 for day in days)
    if not a and not b:
        return None
    lift = 0 if a and b else 0.5
    ratio = 4 * (a + lift) / (b + lift)
    factor = math.exp(Z * math.sqrt(1 / (a + lift) + 1 / (b + lift)))
    return {
        "reviewer_id": reviewer, "entries_last_7_days": a, "entries_28_days_before": b, "rate_ratio": near(ratio),
        "rate_ratio_low": near(ratio / factor), "rate_ratio_high": near(ratio * factor), "is_fatigued": ratio * factor < 1,
        "seed_entries_per_day": near(a / 7),
    }  # fmt: skip


def test_equal_their_definition(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    actions = [
        action_row(warehouse, tenant, "a1", at(FIRST), rep_id="rep-1"), action_row(warehouse, tenant, "a2", at(LAST), rep_id="rep-2"),
        action_row(warehouse, tenant, "a3", at(LAST), rep_id="rep-1"), action_row(warehouse, tenant, "old", at(date(2025, 5, 1))),
    ]  # fmt: skip
    insert_rows(warehouse, "outcomes", actions)

    @hypothesis_settings(max_examples=50, **NO_SHRINK)
    @given(ENTRIES, st.sampled_from([None, "rep-1"]))
    def check(drawn: list[tuple[int, str, int, str | None, str | None, bool, int]], rep_id: str | None) -> None:
        warehouse.execute("delete from marts.feedback_entries")
        published = [
            feedback_row(
                warehouse, tenant, f"{n}-{k}", at(FIRST + timedelta(days=day)), source=source,
                rating=rating % 3 - 1 if source == "inline" else rating + 1, reviewer_id=reviewer, action_id=action, is_current=current,
            )
            for n, (day, source, rating, reviewer, action, current, times) in enumerate(drawn)
            for k in range(times)
        ]  # fmt: skip
        insert_rows(warehouse, "feedback_entries", published)
        own = [row for row in published if rep_id is None or row["action_id"] == "a1"]
        inside = [row for row in own if FIRST <= row["metric_date"] <= LAST]
        arguments = (tenant, FIRST, LAST, rep_id)
        sources = {row["source"]: row for row in rows_of(warehouse, "feedback_by_source(%s, %s, %s, %s)", *arguments)}
        expected = {source: expected_of_source(inside, source) for source in ("inline", "dashboard")}
        assert sources == expected
        scores = row_of(warehouse, "feedback_scores(%s, %s, %s, %s)", *arguments)
        assert scores == expected_scores(inside, expected)
        fatigue = {row["reviewer_id"]: row for row in rows_of(warehouse, "reviewer_fatigue(%s, %s)", tenant, LAST)}
        tired = {reviewer: one for reviewer in ("u-1", "u-2") if (one := expected_fatigue(published, reviewer, LAST))}
        assert fatigue == tired
        names = {row["action_id"] for row in published} - {None}
        acted = [row["action_id"] for row in actions if row["metric_date"] >= FIRST and rep_id in (None, row["rep_id"])]
        covered = sum(action in names for action in acted)
        thumbs = expected["inline"]["ratings"]
        assert row_of(warehouse, "feedback_health(%s, %s, %s, %s)", *arguments) == {
            "submission_rate": near(len(inside) / 11),
            "actions_with_feedback": covered if names else None, "total_actions": len(acted),
            "coverage_percent": near(100 * covered / len(acted)) if names else None, "coverage_status": "ok" if names else "not_linked",
            "has_poor_feedback": expected["inline"]["is_poor"],
            "has_poor_feedback_status": "no_data" if not thumbs else "low_n" if thumbs < 5 else "ok",
            "reviewers": len(tired), "fatigued_reviewers": sum(one["is_fatigued"] for one in tired.values()),
        }  # fmt: skip

    check()


def expected_scores(inside: list[Row], sources: dict[str, Row]) -> Row:
    ratings = sum(one["ratings"] for one in sources.values())
    rated = [one for one in sources.values() if one["ratings"]]
    normalized = [row["rating_normalized"] for row in inside if row["is_current"]]
    before = sum(row["metric_date"] < date(2025, 6, 12) for row in inside)
    after = sum(row["metric_date"] > date(2025, 6, 12) for row in inside)
    z = (after - before) / math.sqrt(before + after) if before + after else 0
    is_known = math.erfc(abs(z) / math.sqrt(2)) < 0.05 and 10 * abs(after - before) > before
    trend = "insufficient_data" if before + after < 40 else ("improving" if z > 0 else "declining") if is_known else "stable"
    return {
        "total_feedbacks": len(inside), "ratings": ratings,
        "average_rating": rated[0]["average_rating"] if len(rated) == 1 else None,
        "average_rating_status": ("no_data", "ok", "mixed_sources")[len(rated)],
        "normalized_avg": share(sum(normalized), ratings),
        "normalized_avg_status": "no_data" if not ratings else "low_n" if ratings < SMALL_SAMPLE else "ok",
        "entries_before": before, "entries_after": after, "recent_trend": trend,
        "recent_trend_p": two_sided(z) if before + after else None,
    }  # fmt: skip


def test_without_actions_nothing_is_covered(warehouse: Connection) -> None:
    """Feedback names actions, but there is none in the period: the share of nothing is unknown."""
    tenant = publish_tenant(warehouse, "acme")
    insert_rows(warehouse, "feedback_entries", [feedback_row(warehouse, tenant, "f", at(LAST), rating=1, action_id="a1")])
    found = row_of(warehouse, "feedback_health(%s, %s, %s)", tenant, FIRST, LAST)
    assert (found["coverage_percent"], found["coverage_status"], found["actions_with_feedback"]) == (None, "no_data", 0)


@pytest.mark.parametrize("function", ["feedback_by_source", "feedback_scores", "feedback_health"])
def test_no_period_no_row(warehouse: Connection, function: str) -> None:
    tenant = publish_tenant(warehouse, "acme")
    wrong: list[tuple[Any, ...]] = [(None, FIRST, LAST), (tenant, None, LAST), (tenant, FIRST, None)]
    for arguments in wrong:
        assert rows_of(warehouse, f"{function}(%s, %s, %s)", *arguments) == []
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="ends before it begins"):
        rows_of(warehouse, f"{function}(%s, %s, %s)", tenant, LAST, FIRST)

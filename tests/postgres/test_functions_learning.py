"""The SQL functions over the learning marts, against scipy and against their definitions in plain Python."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg.rows import dict_row
from scipy import stats

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, publish_calendar, publish_tenant
from tests.support.marts.published_learning import action_row

FIRST, LAST = date(2025, 6, 8), date(2025, 6, 17)
MIDNIGHT = datetime(2025, 6, 18, tzinfo=UTC)
NO_SHRINK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Connection]:
    with connect(settings, Role.PUBLISH) as connection:
        publish_calendar(connection, date(2025, 1, 1), date(2025, 12, 31))
        yield connection


def value(connection: Connection, expression: str, *parameters: object) -> Any:
    row = connection.execute(f"select {expression}".encode(), parameters).fetchone()
    assert row is not None
    return row[0]


def test_two_sided_p(warehouse: Connection) -> None:
    for z in (0.0, 1e-9, 0.1, 0.2164506, 0.5, 1.0, 1.959963984540054, 2.5758, 3.658391, 5.0, 8.0, 36.9, 37.1, 1e6, math.inf):
        for signed in (z, -z):
            assert value(warehouse, "marts.two_sided_p(%s)", signed) == pytest.approx(2 * stats.norm.sf(z), abs=1.5e-7)
    assert value(warehouse, "marts.two_sided_p(null)") is None


def test_two_proportions(warehouse: Connection) -> None:
    """The worked example of the coaching patterns, and what scipy says: z² is the chi-square without correction."""
    assert value(warehouse, "marts.two_proportion_z(9, 50, 169, 374)") == pytest.approx(-3.658391, abs=5e-7)
    assert value(warehouse, "marts.two_proportion_p(9, 50, 169, 374)") == pytest.approx(0.000254, abs=1e-6)
    for a, n, b, m in ((9, 50, 169, 374), (60, 150, 85, 274), (1, 20, 19, 20), (7, 21, 7, 21), (499, 1000, 500, 1000)):
        table = [[a, n - a], [b, m - b]]
        chi_square, p = stats.chi2_contingency(table, correction=False)[:2]
        z = value(warehouse, "marts.two_proportion_z(%s, %s, %s, %s)", a, n, b, m)
        assert z**2 == pytest.approx(chi_square, rel=1e-9, abs=1e-12)
        assert math.copysign(1, z or 0) == math.copysign(1, a / n - b / m)
        assert value(warehouse, "marts.two_proportion_p(%s, %s, %s, %s)", a, n, b, m) == pytest.approx(p, abs=1e-6)
    for nothing in ((0, 0, 5, 10), (5, 10, 0, 0), (0, 10, 0, 20), (10, 10, 20, 20), (None, 10, 1, 2)):
        assert value(warehouse, "marts.two_proportion_z(%s::int, %s, %s, %s)", *nothing) is None
        assert value(warehouse, "marts.two_proportion_p(%s::int, %s, %s, %s)", *nothing) is None


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        ((10, 19), (0, 400), "insufficient_data"),
        ((300, 400), (1, 19), "insufficient_data"),
        ((None, None), (None, None), "insufficient_data"),
        ((10, 20), (10, 20), "stable"),
        ((10, 20), (15, 20), "stable"),  # half as much again, yet p = .10
        ((4, 20), (14, 20), "improving"),
        ((14, 20), (4, 20), "declining"),
        ((50_000, 100_000), (51_000, 100_000), "stable"),  # p below 1e-5, but only 2 %
        ((50_000, 100_000), (55_000, 100_000), "stable"),  # exactly 10 %
        ((50_000, 100_000), (55_001, 100_000), "improving"),
        ((50_000, 100_000), (44_999, 100_000), "declining"),
        ((0, 400), (12, 400), "improving"),
        ((0, 20), (0, 20), "stable"),
        ((20, 20), (20, 20), "stable"),
    ],
)
def test_trend_of_a_rate(warehouse: Connection, before: tuple[int, int], after: tuple[int, int], trend: str) -> None:
    assert value(warehouse, "marts.rate_trend(%s::int, %s::int, %s::int, %s::int)", *before, *after) == trend


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        (None, None, "insufficient_data"), (0, 39, "insufficient_data"), (20, 19, "insufficient_data"), (20, 20, "stable"),
        (0, 40, "improving"), (40, 0, "declining"), (20, 34, "stable"), (20, 36, "improving"), (10_000, 10_900, "stable"),
        (10_000, 11_000, "stable"), (10_000, 11_001, "improving"), (10_000, 8_999, "declining"),
    ],
)  # fmt: skip
def test_trend_of_a_count(warehouse: Connection, before: int, after: int, trend: str) -> None:
    assert value(warehouse, "marts.count_trend(%s::int, %s::int)", before, after) == trend


def test_p_of_two_counts(warehouse: Connection) -> None:
    assert value(warehouse, "marts.count_p(0, 0)") is None
    assert value(warehouse, "marts.count_p(20, 36)") == pytest.approx(2 * stats.norm.sf(16 / math.sqrt(56)), abs=1e-6)


def test_text_in_an_address(warehouse: Connection) -> None:
    @hypothesis_settings(max_examples=50, **NO_SHRINK)
    @given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
    def check(text: str) -> None:
        assert value(warehouse, "marts.url_part(%s::text)", text) == quote(text, safe="")

    check()
    assert value(warehouse, "marts.url_part(null)") is None
    assert value(warehouse, "marts.url_part('Zürich & Söhne/50 %')".replace("%'", "%%'")) == quote("Zürich & Söhne/50 %", safe="")


@dataclass(frozen=True)
class Followed:
    """One action of a cohort: how long it was followed and what ended that (1 success, 2 failure, 0 nothing)."""

    pair: str
    hours: float
    cause: int
    window: int


def aalen_johansen(cohort: list[Followed], window: int) -> float:
    """By the definition, event time by event time."""
    rate, survival = 0.0, 1.0
    for t in sorted({one.hours for one in cohort if one.cause and one.hours <= window}):
        at_risk = sum(one.hours >= t for one in cohort)
        ends = sum(one.hours == t and one.cause > 0 for one in cohort)
        successes = sum(one.hours == t and one.cause == 1 for one in cohort)
        rate += survival * successes / at_risk
        survival *= 1 - ends / at_risk
    return rate


def pooled_success(cohort: list[Followed]) -> tuple[float | None, int]:
    """By pair of types, weighted by actions; a pair of which nothing is known yet is left out."""
    pairs: dict[str, list[Followed]] = defaultdict(list)
    for one in cohort:
        pairs[one.pair].append(one)
    total, n = 0.0, 0
    for members in pairs.values():
        counts = Counter(one.window for one in members)
        window = max(counts, key=lambda hours: (counts[hours], hours))
        if any(one.cause and one.hours <= window for one in members) or max(one.hours for one in members) >= window:
            total += len(members) * aalen_johansen(members, window)
            n += len(members)
    return (total / n if n else None), n


def counts(connection: Connection, tenant: Any, first: date = FIRST, last: date = LAST, rep_id: str | None = None) -> dict[str, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("select * from marts.outcome_counts(%s, %s, %s, %s)", (tenant, first, last, rep_id)).fetchall()
    assert len(rows) == 1
    return rows[0]


def test_aalen_johansen_worked_example(warehouse: Connection) -> None:
    """Positive after 2, 8, 12 hours; negative after 6; ambiguous after 5, 10; two expired."""
    tenant = publish_tenant(warehouse, "acme")
    fates = [("positive", 2), ("ambiguous", 5), ("negative", 6), ("positive", 8), ("ambiguous", 10), ("positive", 12),
             ("expired", None), ("expired", None)]  # fmt: skip
    begin = datetime(2025, 6, 10, tzinfo=UTC)
    insert_rows(
        warehouse,
        "outcomes",
        [action_row(warehouse, tenant, f"a{n}", begin, status=fate, resolved_after=hours) for n, (fate, hours) in enumerate(fates)],
    )
    found = counts(warehouse, tenant)
    assert found["aj_success_rate"] == pytest.approx(0.4652778, abs=5e-8)
    assert (found["aj_n"], found["success_rate"], found["success_rate_resolved"]) == (8, 0.5, 0.75)


FATES = st.tuples(
    st.sampled_from(["positive", "negative", "ambiguous", "expired", "pending"]),
    st.sampled_from(["email_engagement", "meeting_outcome"]),
    st.sampled_from([24, 24, 48]),
    st.integers(0, 12 * 24 - 1),
    st.sampled_from([1, 2, 2.5, 6, 24, 40]),
)


def test_counts_equal_their_definition(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")

    @hypothesis_settings(max_examples=60, **NO_SHRINK)
    @given(st.lists(FATES, max_size=25))
    def check(fates: list[tuple[str, str, int, int, float]]) -> None:
        warehouse.execute("delete from marts.outcomes")
        rows, cohort = [], []
        for n, (status, outcome_type, window, hour, after) in enumerate(fates):
            created_at = datetime(2025, 6, 7, tzinfo=UTC) + timedelta(hours=hour)
            decided = {"resolved_after": after} if status in ("positive", "negative", "ambiguous") else {}
            row = action_row(
                warehouse, tenant, f"a{n}", created_at, status=status, outcome_type=outcome_type, window_hours=window,
                rep_id="rep-1" if n % 2 else None, **decided,
            )  # fmt: skip
            rows.append(row)
            if FIRST <= row["metric_date"] <= LAST:
                ends = [row["resolved_at"] or MIDNIGHT, row["window_expires_at"], MIDNIGHT]
                cause = {"positive": 1, "negative": 2}.get(status, 0) if row["resolved_at"] and row["resolved_at"] <= MIDNIGHT else 0
                cohort.append(Followed(outcome_type, (min(ends) - created_at) / timedelta(hours=1), cause, window))
        insert_rows(warehouse, "outcomes", rows)
        inside = [row for row in rows if FIRST <= row["metric_date"] <= LAST]
        found = counts(warehouse, tenant)
        for status in ("positive", "negative", "ambiguous", "expired", "pending"):
            assert found[f"{status}_outcomes"] == sum(row["outcome_status"] == status for row in inside)
        labels = [row["label"] for row in inside if row["label"] is not None]
        assert found["total_actions"] == len(inside)
        assert found["matured_actions"] == sum(row["is_matured"] for row in inside)
        assert (found["success_rate_numerator"], found["success_rate_denominator"]) == (sum(labels), len(labels))
        assert found["success_rate"] == (sum(labels) / len(labels) if labels else None)
        rate, n = pooled_success(cohort)
        assert found["aj_n"] == n
        assert found["aj_success_rate"] == (None if rate is None else pytest.approx(rate, rel=1e-9, abs=1e-12))
        of_rep = counts(warehouse, tenant, rep_id="rep-1")
        assert of_rep["total_actions"] == sum(row["rep_id"] == "rep-1" for row in inside)

    check()


def test_deals(warehouse: Connection) -> None:
    """Won deals count on the local day of the stage event, by conversation, also when the action is older than the period."""
    tenant = publish_tenant(warehouse, "acme", "Europe/Berlin")
    old, new = datetime(2025, 5, 20, 12, tzinfo=UTC), datetime(2025, 6, 9, 12, tzinfo=UTC)
    deal = {"outcome_type": "deal_progression", "window_hours": 24, "timezone": "Europe/Berlin"}

    def row(name: str, created_at: datetime, won: datetime | None, conversation: str, status: str = "positive", **more: Any) -> Any:
        kind = {**deal, **more}
        return action_row(
            warehouse, tenant, name, created_at, status=status, resolved_after=1, conversation_id=conversation, closed_won_at=won, **kind
        )

    start, end = datetime(2025, 6, 7, 22, tzinfo=UTC), datetime(2025, 6, 17, 22, tzinfo=UTC)
    second = timedelta(seconds=1)
    insert_rows(
        warehouse,
        "outcomes",
        [
            row("first second", old, start, "c1"),
            row("the same deal", new, start + second, "c1", rep_id="rep-1"),
            row("last second", new, end - second, "c2", status="negative"),
            row("too early", old, start - second, "c3"),
            row("too late", new, end, "c4"),
            row("never", new, None, "c5", status="ambiguous"),
            row("no deal, yet won", new, end - second, "c6", outcome_type="email_engagement"),
        ],
    )
    found = counts(warehouse, tenant)
    assert (found["deal_actions"], found["matured_deal_actions"]) == (4, 4)
    assert (found["deals_progressed"], found["deals_stalled"], found["deals_closed_won"]) == (2, 1, 3)
    assert (found["stage_advancement_rate_numerator"], found["stage_advancement_rate_denominator"]) == (2, 3)
    assert found["stage_advancement_rate"] == pytest.approx(2 / 3)
    assert found["stage_advancement_rate_low"] < 2 / 3 < found["stage_advancement_rate_high"]
    assert counts(warehouse, tenant, rep_id="rep-1")["deals_closed_won"] == 1


def test_no_period_no_row(warehouse: Connection) -> None:
    tenant = publish_tenant(warehouse, "acme")
    assert counts(warehouse, tenant)["total_actions"] == 0
    assert counts(warehouse, tenant)["success_rate"] is None
    assert counts(warehouse, tenant)["aj_success_rate"] is None
    for arguments in ((None, FIRST, LAST), (tenant, None, LAST), (tenant, FIRST, None)):
        assert warehouse.execute("select * from marts.outcome_counts(%s, %s, %s)", arguments).fetchall() == []
    with pytest.raises(Exception, match="ends before it begins"):
        counts(warehouse, tenant, LAST, FIRST)


def test_readers_count_their_own_actions_only(settings: Settings, warehouse: Connection) -> None:
    mine, theirs = publish_tenant(warehouse, "mine"), publish_tenant(warehouse, "theirs")
    insert_rows(warehouse, "outcomes", [action_row(warehouse, theirs, "a", datetime(2025, 6, 10, tzinfo=UTC))])
    warehouse.commit()
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(mine),))
        assert counts(connection, theirs)["total_actions"] == 0
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(theirs),))
        assert counts(connection, UUID(str(theirs)))["total_actions"] == 1

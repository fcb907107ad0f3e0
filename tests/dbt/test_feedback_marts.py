"""Feedback from the loader to the marts: however it arrives, an incremental run equals a rebuild and a plain-Python oracle."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.rows import dict_row

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.refresh import begin, refresh, transform_lock
from agentmarts.warehouse.transform import run_dbt
from tests.support import oracle
from tests.support.comparison import same
from tests.support.conversation_facts import assert_equals_rebuild, refreshed, set_parameter, values
from tests.support.delivery import Parcel, batches, create_tenant, deliver
from tests.support.streams import quarantined, rating

TENANT = UUID(int=1)
NEIGHBOUR = UUID(int=2)
BERLIN = oracle.Tenant(str(TENANT), [(None, "Europe/Berlin")])
MOVED = oracle.Tenant(str(NEIGHBOUR), [(None, "Asia/Kolkata"), (date(2025, 6, 1), "America/New_York")])
MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=400)
KEYS = {"feedback_entries": ("feedback_id",), "feedback_summary": ("metric_date", "source", "target_type", "reviewer_role")}
SUMMARY = "select metric_date::text, entries, ratings, rating_sum, average_rating from marts.feedback_summary order by 1"


@pytest.fixture
def warehouse(built_warehouse: Settings) -> Settings:
    """Two tenants without any fact."""
    create_tenant(built_warehouse, BERLIN, "berlin")
    create_tenant(built_warehouse, MOVED, "moved")
    return built_warehouse


def rated(event_id: str, at: datetime, given: Any = 1, reviewer: str | None = "ann", **more: Any) -> dict[str, Any]:
    return rating(event_id=event_id, occurred_at=at.isoformat(), rating=given, reviewer_id=reviewer, **more)


def send(settings: Settings, *events: dict[str, Any], tenant: UUID = TENANT, received_at: datetime = LATER) -> list[str]:
    return [one.status for one in deliver(settings, [(tenant, "feedback", event) for event in events], received_at)]


def test_a_rating_again_takes_the_earlier_day_back(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=3)
    send(warehouse, rated("first", MONDAY, -1), rated("of bob", MONDAY, 1, "bob"), rated("elsewhere", MONDAY, 1, target_id="m2"))
    refresh(warehouse, as_of=as_of)
    assert values(warehouse, SUMMARY) == [("2025-06-02", 3, 3, 1, pytest.approx(1 / 3))]
    send(warehouse, rated("again", MONDAY + timedelta(days=1), 0))
    refreshed(warehouse, as_of)
    assert values(warehouse, SUMMARY) == [("2025-06-02", 3, 2, 2, 1.0), ("2025-06-03", 1, 1, 0, 0.0)]
    assert values(warehouse, "select feedback_id, revision_number, is_current from marts.feedback_entries order by 1") == [
        ("again", 2, True), ("elsewhere", 1, True), ("first", 1, False), ("of bob", 1, True),
    ]  # fmt: skip
    # One that arrives late belongs between the two: it changes what the second is, and no average.
    send(warehouse, rated("between", MONDAY + timedelta(hours=1), -1))
    refreshed(warehouse, as_of)
    assert values(warehouse, SUMMARY) == [("2025-06-02", 4, 2, 2, 1.0), ("2025-06-03", 1, 1, 0, 0.0)]
    assert values(warehouse, "select revision_number from marts.feedback_entries where feedback_id = 'again'") == [(3,)]
    assert_equals_rebuild(warehouse, as_of)


def test_a_day_of_which_nothing_counts_any_more_is_unknown(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=3)
    send(warehouse, rated("first", MONDAY, 4, source="dashboard"), rated("of nobody", MONDAY, -1, None))
    refresh(warehouse, as_of=as_of)
    send(warehouse, rated("again", MONDAY + timedelta(days=1), 5, source="dashboard"), rated("of another", MONDAY, 1, None))
    refreshed(warehouse, as_of)
    assert values(
        warehouse,
        "select metric_date::text, source, entries, ratings, rating_sum, average_rating, average_rating_se, positive_count, positive_share,"
        " positive_share_low, positive_share_high, normalized_sum from marts.feedback_summary order by 1, 2",
    ) == [
        ("2025-06-02", "dashboard", 1, 0, None, None, None, 0, None, None, None, None),
        # Without a reviewer both count, though of one target.
        ("2025-06-02", "inline", 2, 2, 0, 0.0, 1.0, 1, 0.5, *map(pytest.approx, oracle.wilson(1, 2)[1:]), 1.0),
        ("2025-06-03", "dashboard", 1, 1, 5, 5.0, None, 1, 1.0, *map(pytest.approx, oracle.wilson(1, 1)[1:]), 1.0),
    ]


def test_wrong_ratings_are_in_quarantine_and_nowhere_else(warehouse: Settings) -> None:
    wrong = [
        rated("thumb of 2", MONDAY, 2), rated("thumb of -2", MONDAY, -2), rated("half a thumb", MONDAY, 0.5),
        rated("no star", MONDAY, 0, source="dashboard"), rated("six stars", MONDAY, 6, source="dashboard"),
        rated("minus a star", MONDAY, -1, source="dashboard"), rated("of a survey", MONDAY, 3, source="survey"),
        rated("of an agent", MONDAY, target_type="agent"), rated("none", MONDAY, None),
    ]  # fmt: skip
    assert send(warehouse, *wrong, rated("good", MONDAY)) == ["quarantined"] * len(wrong) + ["accepted"]
    assert sorted(row[0] for row in quarantined(warehouse)) == sorted(event["event_id"] for event in wrong)
    refresh(warehouse, as_of=MONDAY + timedelta(days=1))
    assert values(warehouse, "select feedback_id from marts.feedback_entries") == [("good",)]
    assert values(warehouse, "select sum(entries), sum(ratings), sum(rating_sum) from marts.feedback_summary") == [(1, 1, 1)]


def test_personal_data_stays_in_raw(warehouse: Settings) -> None:
    secrets = ("ann.lee@example.org", "4111 1111 1111 1111", "+49 170 1234567")
    comment = f"Reply to {secrets[0]}, I paid with {secrets[1]}, or call {secrets[2]}: since 2025-06-02 nothing works."
    send(warehouse, rated("f1", MONDAY, comment=comment), rated("f2", MONDAY, comment=f"{'.' * 995}{comment}", target_id="m2"))
    refresh(warehouse, as_of=MONDAY + timedelta(days=1))
    masked = "Reply to [email], I paid with [card], or call [phone]: since 2025-06-02 nothing works."
    assert values(warehouse, "select comment from marts.feedback_entries order by feedback_id") == [(masked,), (f"{'.' * 995}Reply",)]
    assert values(warehouse, "select comment from raw.feedback where event_id = 'f1'") == [(comment,)]
    for schema in ("marts", "build"):
        ((everything,),) = values(warehouse, f"select string_agg(f::text, '') from {schema}.feedback_entries f")
        assert "nothing works" in everything
        assert [secret for secret in secrets if secret in everything] == []


def test_feedback_stamped_ahead_begins_to_exist(warehouse: Settings) -> None:
    """Its row is old by then; until then the rating before it counts."""
    as_of = MONDAY + timedelta(hours=1)
    ahead = rated("ahead", as_of + timedelta(minutes=4), -1)
    assert send(warehouse, rated("now", MONDAY), ahead, received_at=as_of) == ["accepted", "accepted"]
    refresh(warehouse, as_of=as_of)
    query = "select feedback_id, is_current from marts.feedback_entries order by 1"
    assert values(warehouse, query) == [("now", True)]
    refreshed(warehouse, as_of + timedelta(minutes=4))
    assert values(warehouse, query) == [("ahead", True), ("now", False)]
    assert values(warehouse, SUMMARY) == [("2025-06-02", 2, 1, -1, -1.0)]
    assert_equals_rebuild(warehouse, as_of + timedelta(minutes=4))


def test_a_new_zone_a_mark_and_a_killed_run(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=5)
    evening = MONDAY.replace(hour=23)
    send(warehouse, rated("morning", MONDAY, -1), rated("evening", evening, 1, "bob"))
    refresh(warehouse, as_of=as_of)
    days = "select feedback_id, metric_date::text from marts.feedback_entries order by 1"
    assert values(warehouse, days) == [("evening", "2025-06-03"), ("morning", "2025-06-02")]
    set_parameter(warehouse, TENANT, "timezone", "America/New_York", MONDAY.date())
    refreshed(warehouse, as_of)
    assert values(warehouse, days) == [("evening", "2025-06-02"), ("morning", "2025-06-02")]
    assert values(warehouse, SUMMARY) == [("2025-06-02", 2, 2, 0, 0.0)]

    # What was built is wrong, and so is the day counted from it; a row that is lost altogether is found in raw again.
    with connect(warehouse, Role.TRANSFORM) as connection:
        connection.execute("delete from build.feedback_entries where feedback_id = 'evening'")
        connection.execute("update build.feedback_entries set rating = 1")
        connection.execute("update build.feedback_summary set rating_sum = 7")
    with connect(warehouse, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause) values (%s, 'days', %s, %s, 'drift')",
            (TENANT, MONDAY.date(), MONDAY.date()),
        )
    refreshed(warehouse, as_of)
    assert values(warehouse, "select feedback_id, rating from build.feedback_entries order by 1") == [("evening", 1), ("morning", -1)]
    assert values(warehouse, "select rating_sum from build.feedback_summary") == [(0,)]

    # A run that ended between the two marts: the next one knows which targets and days it had begun with.
    send(warehouse, rated("again", MONDAY + timedelta(days=2), 1))
    with transform_lock(warehouse):
        begin(warehouse, run_id="killed", as_of=as_of)
        run_dbt(warehouse, ["run", "--select", "+feedback_entries"])
    send(warehouse, rated("of another", MONDAY, 1, "cid", target_id="m2"))
    refreshed(warehouse, as_of)
    assert values(warehouse, SUMMARY) == [("2025-06-02", 3, 2, 2, 1.0), ("2025-06-04", 1, 1, 1, 1.0)]
    assert_equals_rebuild(warehouse, as_of)


def drawn(rng: random.Random, tenant: oracle.Tenant) -> Iterable[dict[str, Any]]:
    """Two weeks of feedback by few reviewers on few targets: many ratings again, at one instant too, around midnights and the new zone."""
    for number in range(60):
        source = rng.choice(["inline", "dashboard"])
        at = datetime(2025, 5, 25, rng.choice([3, 4, 18, 21, 22]), rng.choice([0, 29, 30, 59]), tzinfo=UTC) + timedelta(
            days=rng.randrange(14)
        )
        yield rating(
            event_id=rng.choice(["f", "F", "é"]) + str(number),
            occurred_at=at.isoformat(),
            source=source,
            rating=rng.choice([*oracle.feedback.RATINGS[source], 9] if number % 10 == 0 else oracle.feedback.RATINGS[source]),
            target_type=rng.choice(["message", "decision"]),
            target_id=rng.choice(["1", "2", "3"]),
            reviewer_id=rng.choice(["ann", "bob", "cid", None]),
            reviewer_role=rng.choice(["agent", "lead", None]),
            conversation_id=rng.choice(["c1", None]),
            action_id=rng.choice(["a1", None]),
        )


@pytest.mark.parametrize("seed", [1])
def test_any_delivery_equals_a_rebuild_and_the_oracle(warehouse: Settings, seed: int) -> None:
    """Shuffled, repeated, late, in batches of any size, with refreshes between them at moments that leave some of it in the future."""
    rng = random.Random(seed)
    tenants = (BERLIN, MOVED)
    sent = {tenant.tenant_id: list(drawn(rng, tenant)) for tenant in tenants}
    parcels: list[Parcel] = [(UUID(tenant), "feedback", event) for tenant, events in sent.items() for event in events]
    deliveries = batches(rng, parcels, times=3)
    as_of = datetime(2025, 6, 7, 22, tzinfo=UTC)
    moments = sorted(as_of - timedelta(hours=rng.randrange(300)) for _ in deliveries)
    refresh_after = {0, *rng.sample(range(len(deliveries)), k=min(3, len(deliveries)))}
    accepted = 0
    for number, parcel_batch in enumerate(deliveries):
        accepted += sum(one.status == "accepted" for one in deliver(warehouse, parcel_batch, LATER))
        if number in refresh_after:
            refresh(warehouse, as_of=moments[number])
    refreshed(warehouse, as_of)
    assert values(warehouse, "select count(*) from raw.feedback") == [(accepted,)]

    for tenant in tenants:
        for mart, key in KEYS.items():
            expected = {tuple(row[k] for k in key): row for row in getattr(oracle, mart)(sent[tenant.tenant_id], tenant, as_of)}
            assert len(expected) > 20, "the example shows little"
            with connect(warehouse, Role.MIGRATOR) as connection:
                cursor = connection.cursor(row_factory=dict_row)
                rows = cursor.execute(f"select * from marts.{mart} where tenant_id = %s", (tenant.tenant_id,)).fetchall()
            found = {tuple(row[k] for k in key): row for row in rows}
            assert set(found) == set(expected), f"{mart}: other rows"
            for identity, row in expected.items():
                different = {name: (found[identity][name], value) for name, value in row.items() if not same(found[identity][name], value)}
                assert not different, f"{mart} {identity}: (database, oracle) = {different}"
    assert_equals_rebuild(warehouse, as_of)

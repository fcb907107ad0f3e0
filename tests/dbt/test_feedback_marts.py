"""Feedback from the loader to the marts: however it arrives, an incremental run equals a rebuild and a plain-Python oracle."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.rows import dict_row

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support import oracle
from tests.support.facts.conversation_facts import assert_equals_rebuild, refreshed, set_parameter, values
from tests.support.facts.delivery import Parcel, batches, create_tenant, deliver
from tests.support.facts.streams import quarantined, rating
from tests.support.killed_runs import killed_after
from tests.support.marts.comparison import same
from tests.support.marts.stories import Outcomes, Stories, Told

ZONES = {"berlin": [(None, "Europe/Berlin")], "moved": [(None, "Asia/Kolkata"), (date(2025, 6, 15), "America/New_York")]}
MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
THURSDAY = MONDAY + timedelta(days=3)
SATURDAY = MONDAY + timedelta(days=5)
LATER = MONDAY + timedelta(days=400)
KEYS = {"feedback_entries": ("feedback_id",), "feedback_summary": ("metric_date", "source", "target_type", "reviewer_role")}
SUMMARY = "select metric_date::text, entries, ratings, rating_sum, average_rating from {summary} order by 1"
stories = Stories()


@dataclass(frozen=True)
class World:
    """A tenant, its feedback, and what is published of it."""

    settings: Settings
    tenant: UUID

    def send(self, *events: dict[str, Any], received_at: datetime = LATER) -> list[str]:
        return [one.status for one in deliver(self.settings, [(self.tenant, "feedback", event) for event in events], received_at)]

    def values(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query in which {entries} and {summary} are the tenant's rows of these marts, {built_entries} and so on as built."""
        return values(
            self.settings,
            query.format(
                **{
                    name: f"(select * from {relation} where tenant_id = '{self.tenant}') as feedback"
                    for name, relation in {
                        "entries": "marts.feedback_entries",
                        "summary": "marts.feedback_summary",
                        "built_entries": "build.feedback_entries",
                        "built_summary": "build.feedback_summary",
                        "raw": "raw.feedback",
                    }.items()
                }
            ),
        )


def new_world(settings: Settings, zones: str = "berlin") -> World:
    tenant = uuid4()
    create_tenant(settings, oracle.Tenant(str(tenant), ZONES[zones]), f"t-{tenant}")
    return World(settings, tenant)


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own; the last one rebuilds what they have left."""
    return new_built_warehouse()


@pytest.fixture(scope="module")
def told(warehouse: Settings) -> Outcomes:
    return stories.told(lambda: new_world(warehouse), lambda as_of: refreshed(warehouse, as_of))


def rated(event_id: str, at: datetime, given: Any = 1, reviewer: str | None = "ann", **more: Any) -> dict[str, Any]:
    return rating(event_id=event_id, occurred_at=at.isoformat(), rating=given, reviewer_id=reviewer, **more)


@stories.tell
def test_a_rating_again_takes_the_earlier_day_back(world: World) -> Told:
    world.send(rated("first", MONDAY, -1), rated("of bob", MONDAY, 1, "bob"), rated("elsewhere", MONDAY, 1, target_id="m2"))
    yield THURSDAY
    assert world.values(SUMMARY) == [("2025-06-02", 3, 3, 1, pytest.approx(1 / 3))]
    world.send(rated("again", MONDAY + timedelta(days=1), 0))
    yield THURSDAY
    assert world.values(SUMMARY) == [("2025-06-02", 3, 2, 2, 1.0), ("2025-06-03", 1, 1, 0, 0.0)]
    assert world.values("select feedback_id, revision_number, is_current from {entries} order by 1") == [
        ("again", 2, True), ("elsewhere", 1, True), ("first", 1, False), ("of bob", 1, True),
    ]  # fmt: skip
    # One that arrives late belongs between the two: it changes what the second is, and no average.
    world.send(rated("between", MONDAY + timedelta(hours=1), -1))
    yield THURSDAY
    assert world.values(SUMMARY) == [("2025-06-02", 4, 2, 2, 1.0), ("2025-06-03", 1, 1, 0, 0.0)]
    assert world.values("select revision_number from {entries} where feedback_id = 'again'") == [(3,)]


@stories.tell
def test_a_day_of_which_nothing_counts_any_more_is_unknown(world: World) -> Told:
    world.send(rated("first", MONDAY, 4, source="dashboard"), rated("of nobody", MONDAY, -1, None))
    yield THURSDAY
    world.send(rated("again", MONDAY + timedelta(days=1), 5, source="dashboard"), rated("of another", MONDAY, 1, None))
    yield THURSDAY
    assert world.values(
        "select metric_date::text, source, entries, ratings, rating_sum, average_rating, average_rating_se, positive_count, positive_share,"
        " positive_share_low, positive_share_high, normalized_sum from {summary} order by 1, 2",
    ) == [
        ("2025-06-02", "dashboard", 1, 0, None, None, None, 0, None, None, None, None),
        # Without a reviewer both count, though of one target.
        ("2025-06-02", "inline", 2, 2, 0, 0.0, 1.0, 1, 0.5, *map(pytest.approx, oracle.wilson(1, 2)[1:]), 1.0),
        ("2025-06-03", "dashboard", 1, 1, 5, 5.0, None, 1, 1.0, *map(pytest.approx, oracle.wilson(1, 1)[1:]), 1.0),
    ]


@stories.tell
def test_wrong_ratings_are_in_quarantine_and_nowhere_else(world: World) -> Told:
    wrong = [
        rated("thumb of 2", MONDAY, 2), rated("thumb of -2", MONDAY, -2), rated("half a thumb", MONDAY, 0.5),
        rated("no star", MONDAY, 0, source="dashboard"), rated("six stars", MONDAY, 6, source="dashboard"),
        rated("minus a star", MONDAY, -1, source="dashboard"), rated("of a survey", MONDAY, 3, source="survey"),
        rated("of an agent", MONDAY, target_type="agent"), rated("none", MONDAY, None),
    ]  # fmt: skip
    assert world.send(*wrong, rated("good", MONDAY)) == ["quarantined"] * len(wrong) + ["accepted"]
    assert sorted(row[0] for row in quarantined(world.settings)) == sorted(event["event_id"] for event in wrong)
    yield THURSDAY
    assert world.values("select feedback_id from {entries}") == [("good",)]
    assert world.values("select sum(entries), sum(ratings), sum(rating_sum) from {summary}") == [(1, 1, 1)]


@stories.tell
def test_personal_data_stays_in_raw(world: World) -> Told:
    secrets = ("ann.lee@example.org", "4111 1111 1111 1111", "+49 170 1234567")
    comment = f"Reply to {secrets[0]}, I paid with {secrets[1]}, or call {secrets[2]}: since 2025-06-02 nothing works."
    world.send(rated("f1", MONDAY, comment=comment), rated("f2", MONDAY, comment=f"{'.' * 995}{comment}", target_id="m2"))
    yield THURSDAY
    masked = "Reply to [email], I paid with [card], or call [phone]: since 2025-06-02 nothing works."
    assert world.values("select comment from {entries} order by feedback_id") == [(masked,), (f"{'.' * 995}Reply",)]
    assert world.values("select comment from {raw} where event_id = 'f1'") == [(comment,)]
    for entries in ("entries", "built_entries"):
        ((everything,),) = world.values(f"select string_agg(feedback::text, '') from {{{entries}}}")
        assert "nothing works" in everything
        assert [secret for secret in secrets if secret in everything] == []


@stories.tell
def test_feedback_stamped_ahead_begins_to_exist(world: World) -> Told:
    """Its row is old by then; until then the rating before it counts."""
    ahead = rated("ahead", THURSDAY + timedelta(minutes=4), -1)
    assert world.send(rated("now", MONDAY), ahead, received_at=THURSDAY) == ["accepted", "accepted"]
    yield THURSDAY
    query = "select feedback_id, is_current from {entries} order by 1"
    assert world.values(query) == [("now", True)]
    yield THURSDAY + timedelta(minutes=4)
    assert world.values(query) == [("ahead", True), ("now", False)]
    assert world.values(SUMMARY) == [("2025-06-02", 1, 0, None, None), ("2025-06-05", 1, 1, -1, -1.0)]


@stories.tell
def test_a_new_zone_and_a_mark(world: World) -> Told:
    world.send(rated("morning", MONDAY, -1), rated("evening", MONDAY.replace(hour=23), 1, "bob"))
    yield THURSDAY
    days = "select feedback_id, metric_date::text from {entries} order by 1"
    assert world.values(days) == [("evening", "2025-06-03"), ("morning", "2025-06-02")]
    set_parameter(world.settings, world.tenant, "timezone", "America/New_York", MONDAY.date())
    yield THURSDAY
    assert world.values(days) == [("evening", "2025-06-02"), ("morning", "2025-06-02")]
    assert world.values(SUMMARY) == [("2025-06-02", 2, 2, 0, 0.0)]

    # What was built is wrong, and so is the day counted from it; a row that is lost altogether is found in raw again.
    ours = (world.tenant,)
    with connect(world.settings, Role.TRANSFORM) as connection:
        connection.execute("delete from build.feedback_entries where feedback_id = 'evening' and tenant_id = %s", ours)
        connection.execute("update build.feedback_entries set rating = 1 where tenant_id = %s", ours)
        connection.execute("update build.feedback_summary set rating_sum = 7 where tenant_id = %s", ours)
    with connect(world.settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause) values (%s, 'days', %s, %s, 'drift')",
            (world.tenant, MONDAY.date(), MONDAY.date()),
        )
    yield THURSDAY
    assert world.values("select feedback_id, rating from {built_entries} order by 1") == [("evening", 1), ("morning", -1)]
    assert world.values("select rating_sum from {built_summary}") == [(0,)]


def test_a_run_that_ended_between_the_two_marts(warehouse: Settings, told: Outcomes) -> None:
    """The next one knows which targets and days it had begun with."""
    world = new_world(warehouse)
    world.send(rated("morning", MONDAY, -1), rated("evening", MONDAY.replace(hour=20), 1, "bob"))
    refreshed(warehouse, SATURDAY)
    world.send(rated("again", MONDAY + timedelta(days=2), 1))
    killed_after(warehouse, "feedback_entries", as_of=SATURDAY, run_id="killed")
    world.send(rated("of another", MONDAY, 1, "cid", target_id="m2"))
    refreshed(warehouse, SATURDAY)
    assert world.values(SUMMARY) == [("2025-06-02", 3, 2, 2, 1.0), ("2025-06-04", 1, 1, 1, 1.0)]


def drawn(rng: random.Random) -> Iterable[dict[str, Any]]:
    """Two weeks of feedback by few reviewers on few targets: many ratings again, at one instant too, around midnights and the new zone."""
    for number in range(60):
        source = rng.choice(["inline", "dashboard"])
        at = datetime(2025, 6, 8, rng.choice([3, 4, 18, 21, 22]), rng.choice([0, 29, 30, 59]), tzinfo=UTC) + timedelta(
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
def test_any_delivery_equals_a_rebuild_and_the_oracle(warehouse: Settings, told: Outcomes, seed: int) -> None:
    """Shuffled, repeated, late, in batches of any size, with refreshes between them at moments that leave some of it in the future."""
    rng = random.Random(seed)
    worlds = {zones: new_world(warehouse, zones) for zones in ZONES}
    sent = {zones: list(drawn(rng)) for zones in ZONES}
    parcels: list[Parcel] = [(worlds[zones].tenant, "feedback", event) for zones, events in sent.items() for event in events]
    deliveries = batches(rng, parcels, times=3)
    as_of = SATURDAY + timedelta(days=14)
    moments = sorted(as_of - timedelta(hours=rng.randrange(300)) for _ in deliveries)
    refresh_after = {0, *rng.sample(range(len(deliveries)), k=min(3, len(deliveries)))}
    accepted = 0
    for number, parcel_batch in enumerate(deliveries):
        accepted += sum(one.status == "accepted" for one in deliver(warehouse, parcel_batch, LATER))
        if number in refresh_after:
            refresh(warehouse, as_of=moments[number])
    refreshed(warehouse, as_of)
    assert sum(world.values("select count(*) from {raw}")[0][0] for world in worlds.values()) == accepted

    for zones, world in worlds.items():
        tenant = oracle.Tenant(str(world.tenant), ZONES[zones])
        for mart, key in KEYS.items():
            expected = {tuple(row[k] for k in key): row for row in getattr(oracle, mart)(sent[zones], tenant, as_of)}
            assert len(expected) > 20, "the example shows little"
            with connect(warehouse, Role.MIGRATOR) as connection:
                cursor = connection.cursor(row_factory=dict_row)
                rows = cursor.execute(f"select * from marts.{mart} where tenant_id = %s", (world.tenant,)).fetchall()
            found = {tuple(row[k] for k in key): row for row in rows}
            assert set(found) == set(expected), f"{mart}: other rows"
            for identity, row in expected.items():
                different = {name: (found[identity][name], value) for name, value in row.items() if not same(found[identity][name], value)}
                assert not different, f"{mart} {identity}: (database, oracle) = {different}"
    assert_equals_rebuild(warehouse, as_of)

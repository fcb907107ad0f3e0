"""What the clock, changed parameters, marks and failed runs do to the marts: an incremental run always equals a rebuild.

Deliveries of events are tested in test_marts_equal_rebuild.py; here rows go into raw directly, so that each case shows one reason to touch.
All tests share a warehouse and go forward in time; the last one rebuilds what they have left.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from agentmarts.refresh.run import begin, build, refresh, transform_lock
from agentmarts.refresh.transform import TransformError
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.conversation_facts import (
    MONDAY,
    Row,
    assert_equals_rebuild,
    create_tenant,
    refreshed,
    send,
    set_parameter,
    solved,
    values,
)
from tests.support.killed_runs import killed_after
from tests.support.marts.stories import Outcomes, Stories, Told

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
AFTER_STORIES = MONDAY + 42 * DAY
"""A Monday too."""
stories = Stories()


@dataclass(frozen=True)
class World:
    """A tenant in Berlin, its events, and what is published of them."""

    settings: Settings
    tenant: UUID

    def send(self, *events: Row) -> None:
        send(self.settings, *({**event, "tenant_id": self.tenant} for event in events))

    def values(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query in which {conversations} and other names of marts are the tenant's rows of them."""
        marts = ("conversations", "customer_days", "daily_metrics", "restatements")
        return values(
            self.settings,
            query.format(**{mart: f"(select * from marts.{mart} where tenant_id = '{self.tenant}') as {mart}" for mart in marts}),
        )

    def refreshed(self, as_of: datetime) -> None:
        refreshed(self.settings, as_of)


def new_world(settings: Settings, zone: str = "Europe/Berlin") -> World:
    tenant = uuid4()
    create_tenant(settings, tenant, f"t-{tenant}")
    set_parameter(settings, tenant, "timezone", zone)
    return World(settings, tenant)


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    return new_built_warehouse()


@pytest.fixture
def world(warehouse: Settings) -> World:
    return new_world(warehouse)


@pytest.fixture(scope="module")
def told(warehouse: Settings) -> Outcomes:
    return stories.told(lambda: new_world(warehouse), lambda as_of: refreshed(warehouse, as_of))


@stories.tell
def test_time_alone_settles_what_was_pending(world: World) -> Told:
    world.send(*solved("a", MONDAY), *solved("b", MONDAY + HOUR, customer=None))
    world.send({"conversation_id": "c", "event_type": "message_received", "occurred_at": MONDAY, "customer_id": "bob"})
    yield MONDAY + 2 * HOUR
    found = []
    for as_of in (MONDAY + 25 * HOUR, MONDAY + 7 * DAY, MONDAY + 7 * DAY + 2 * HOUR, MONDAY + 30 * DAY):
        yield as_of
        found += world.values(
            "select (select outcome from {conversations} where conversation_id = 'c'),"
            " (select is_durable from {conversations} where conversation_id = 'a'), is_provisional"
            " from {daily_metrics} where metric_date = '2025-06-02'",
        )
    assert found == [("abandoned", None, True), ("abandoned", None, True), ("abandoned", True, True), ("abandoned", True, False)]


@stories.tell
def test_an_event_stamped_ahead_begins_to_exist(world: World) -> Told:
    """Up to five minutes ahead are accepted; its row is old by the time it exists. So is that of a score."""
    as_of = MONDAY + 2 * HOUR
    world.send(*solved("a", MONDAY))
    world.send(*solved("b", as_of + timedelta(minutes=4), customer="bob"))
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.quality_scores (tenant_id, event_id, conversation_id, occurred_at, received_at, scorer_kind, scorer, accuracy)"
            " values (%s, 's', 'a', %s, %s, 'human', 'eve', 0.9)",
            (world.tenant, as_of + timedelta(minutes=3), as_of),
        )
    yield as_of
    assert world.values("select conversation_id, is_verified from {conversations}") == [("a", None)]
    yield MONDAY + 25 * HOUR
    assert world.values("select conversation_id, is_verified, event_count from {conversations} order by 1") == [
        ("a", True, 3),
        ("b", None, 3),
    ]


@stories.tell
def test_a_late_repeat_reaches_the_conversation_before_it(world: World) -> Told:
    as_of = MONDAY + 20 * DAY
    world.send(*solved("a", MONDAY), *solved("b", MONDAY + 10 * DAY))
    yield as_of
    query = "select is_no_repeat from {conversations} where conversation_id = 'a'"
    assert world.values(query) == [(True,)]
    world.send(*solved("late", MONDAY + 3 * DAY))
    yield as_of
    assert world.values(query) == [(False,)]
    # The late conversation turns out to be somebody else's.
    world.send({"conversation_id": "late", "event_type": "citation_clicked", "occurred_at": MONDAY + 4 * DAY, "customer_id": "bob"})
    yield as_of
    assert world.values(query) == [(True,)]


@stories.tell
def test_the_first_day_of_a_customer_moves(world: World) -> Told:
    as_of = MONDAY + 20 * DAY
    world.send(*solved("a", MONDAY + 5 * DAY), *solved("b", MONDAY + 9 * DAY))
    yield as_of
    query = "select metric_date from {customer_days} where is_new_customer and customer_id = 'ann'"
    assert world.values(query) == [(date(2025, 6, 7),)]
    world.send(*solved("c", MONDAY))
    yield as_of
    assert world.values(query) == [(date(2025, 6, 2),)]
    assert world.values("select min(metric_date), count(*) from {daily_metrics}") == [(date(2025, 6, 2), 21)]
    for conversation in ("a", "c"):
        world.send(
            {"conversation_id": conversation, "event_type": "csat_submitted", "occurred_at": MONDAY + 12 * DAY, "customer_id": "bob",
             "event_data": {"rating": 5}},
        )  # fmt: skip
    yield as_of
    assert world.values(query) == [(date(2025, 6, 11),)]


CHANGES: list[tuple[str, Any, date | None]] = [
    ("timezone", "America/New_York", date(2025, 6, 4)),
    ("timezone", "Pacific/Kiritimati", None),
    ("abandon_after_hours", 1, date(2025, 6, 3)),
    ("durable_days", 2, None),
    ("repeat_days", 14, None),
    ("gap_confidence_threshold", 0.9, date(2025, 6, 3)),
    ("business_hours", [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 8)], date(2025, 6, 3)),
]


@stories.tell
def test_a_changed_parameter_holds_from_its_date(world: World) -> Told:
    """A tenant for each change, and one without: the rebuild at the end finds nothing else."""
    changing = [new_world(world.settings) for _ in CHANGES]
    for day in range(5):
        at = MONDAY + day * DAY + 3 * day * HOUR
        for one in (world, *changing):
            one.send(*solved(f"a{day}", at))
            one.send({"conversation_id": f"c{day}", "event_type": "message_received", "occurred_at": at + 5 * HOUR})
    yield MONDAY + 7 * DAY
    figures = "select to_jsonb(daily_metrics) - array['tenant_id', 'is_provisional'] from {daily_metrics} order by metric_date"
    before = world.values(figures)
    for one, (parameter, value, valid_from) in zip(changing, CHANGES, strict=True):
        set_parameter(one.settings, one.tenant, parameter, value, valid_from)
        assert one.values(figures) == before
    yield MONDAY + 7 * DAY
    assert world.values(figures) == before
    changed = [change[0] for change, one in zip(CHANGES, changing, strict=True) if one.values(figures) != before]
    # With these events the other two give the same figures: the rebuild after the stories knows whether they should.
    assert changed == ["timezone", "timezone", "durable_days", "gap_confidence_threshold", "business_hours"]


@stories.tell
def test_a_mark_recomputes_what_was_damaged(world: World) -> Told:
    as_of = MONDAY + 20 * DAY
    world.send(*solved("a", MONDAY), *solved("b", MONDAY + DAY))
    yield as_of
    before = world.values("select * from {daily_metrics} order by metric_date")
    restated = world.values("select count(*) from {restatements}")
    with connect(world.settings, Role.TRANSFORM) as connection:
        ours = (world.tenant,)
        connection.execute("delete from build.conversations where conversation_id = 'a' and tenant_id = %s", ours)
        connection.execute("delete from build.int_conversations__activity where conversation_id = 'a' and tenant_id = %s", ours)
        connection.execute("update build.daily_metrics set total_messages = 99 where metric_date = '2025-06-02' and tenant_id = %s", ours)
    with connect(world.settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
            " values (null, 'days', '2025-06-01', '2025-06-02', 'drift')"
        )
    yield as_of
    assert world.values("select * from {daily_metrics} order by metric_date") == before
    assert world.values("select count(*) from {restatements}") == restated
    assert world.values("select count(*) from {conversations}") == [(2,)]


def test_all_that_was_told_equals_a_rebuild(warehouse: Settings, told: Outcomes) -> None:
    assert_equals_rebuild(warehouse, MONDAY + 30 * DAY)


def test_a_run_that_never_published_leaves_no_stale_day(world: World, told: Outcomes) -> None:
    """A conversation moves to an earlier day in a run that is killed after its build; later it moves on."""
    as_of = AFTER_STORIES + 5 * DAY
    world.send(*solved("a", AFTER_STORIES + 3 * DAY), *solved("b", AFTER_STORIES + 3 * DAY))
    world.refreshed(as_of)
    world.send({"conversation_id": "a", "event_type": "conversation_started", "occurred_at": AFTER_STORIES + DAY})
    with transform_lock(world.settings):
        build(world.settings, begin(world.settings, run_id="killed", as_of=as_of + 30 * HOUR))
    world.send({"conversation_id": "a", "event_type": "conversation_started", "occurred_at": AFTER_STORIES})
    world.refreshed(as_of + 31 * HOUR)
    starts = "select metric_date, total_conversations from {daily_metrics} where total_conversations > 0 order by 1"
    assert world.values(starts) == [(AFTER_STORIES.date(), 1), ((AFTER_STORIES + 3 * DAY).date(), 1)]


@pytest.mark.parametrize(
    ("last_built", "after"),
    [
        (("conversations", "daily_metrics"), 9 * DAY),
        pytest.param(("int_conversations__spans", "int_conversations__activity"), 13 * DAY, marks=pytest.mark.nightly),
    ],
)
def test_a_run_that_dies_between_two_models_loses_nothing(
    world: World, told: Outcomes, last_built: tuple[str, ...], after: timedelta
) -> None:
    """dbt ends after building only some models: each commits alone, so the state is torn until the next run."""
    as_of = AFTER_STORIES + after
    for last in last_built:
        world.send(*solved(last, AFTER_STORIES + 3 * DAY), *solved(f"{last} b", AFTER_STORIES + 2 * DAY))
    world.refreshed(as_of)
    for last in last_built:
        moved = {"conversation_id": last, "event_type": "conversation_started", "occurred_at": AFTER_STORIES, "customer_id": "bob"}
        world.send({**moved, "event_id": f"{last} moves"})
        killed_after(world.settings, last, as_of=as_of + 30 * HOUR, run_id=f"killed after {last}")
        as_of += 31 * HOUR
        world.refreshed(as_of)
        assert world.values(f"select started_at from {{conversations}} where conversation_id = '{last}'") == [(AFTER_STORIES,)]


def test_a_failing_test_publishes_nothing_and_the_next_run_heals(world: World, told: Outcomes) -> None:
    as_of = AFTER_STORIES + 20 * DAY
    world.send(*solved("a", AFTER_STORIES))
    world.refreshed(as_of)
    rated = {"conversation_id": "a", "event_type": "csat_submitted", "occurred_at": AFTER_STORIES + HOUR, "event_data": {"rating": 5}}
    world.send(rated)
    change = "update raw.conversation_events set event_data = %s where event_type = 'csat_submitted' and tenant_id = %s"
    with connect(world.settings, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        connection.execute(change, ('{"rating": "many"}', world.tenant))
    with pytest.raises(TransformError, match="invalid input syntax"):
        refresh(world.settings, as_of=as_of)
    assert world.values("select csat_rating from {conversations}") == [(None,)]
    with connect(world.settings, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        connection.execute(change, ('{"rating": 5}', world.tenant))
    world.refreshed(as_of)
    assert world.values("select csat_rating from {conversations}") == [(5,)]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_any_sequence_of_reasons_equals_a_rebuild(warehouse: Settings, told: Outcomes, seed: int) -> None:
    """Events late and early, the clock, parameters, marks and killed runs, in any order."""
    rng = random.Random(seed)
    one, other = new_world(warehouse), new_world(warehouse, "Asia/Kolkata")
    begun = AFTER_STORIES + (40 + 60 * seed) * DAY
    as_of = begun + 10 * DAY
    one.send(*solved("first", begun))
    one.refreshed(as_of)
    kinds = ["message_received", "message_sent", "conversation_resolved", "conversation_escalated", "conversation_reopened",
             "conversation_abandoned", "csat_submitted"]  # fmt: skip
    for step in range(8):
        as_of += timedelta(hours=rng.choice([0, 1, 30, 100]))
        for number in range(rng.randint(0, 6)):
            at = as_of - timedelta(minutes=rng.choice([-4, 1, 60, 5_000, 20_000]) + number)
            rng.choice([one, other]).send(
                {"conversation_id": f"c{rng.randint(1, 6)}", "event_id": f"{step}-{number}", "event_type": rng.choice(kinds),
                 "occurred_at": at, "customer_id": rng.choice(["ann", "bob", None]), "event_data": {"rating": 4}},
            )  # fmt: skip
        match rng.randint(0, 5):
            case 0:
                set_parameter(warehouse, one.tenant, rng.choice(["durable_days", "repeat_days"]), rng.randint(1, 9), begun.date())
            case 1:
                set_parameter(warehouse, other.tenant, "timezone", rng.choice(["UTC", "Asia/Tokyo"]), (begun + step * DAY).date())
            case 2:
                last = rng.choice(["conversations", "daily_metrics", "int_conversations__spans"])
                killed_after(warehouse, last, as_of=as_of, run_id=f"killed {step}")
        refreshed(warehouse, as_of)
    assert_equals_rebuild(warehouse, as_of)

"""What the clock, changed parameters, marks and failed runs do to the marts: an incremental run always equals a rebuild.

Deliveries of events are tested in test_marts_equal_rebuild.py; here rows go into raw directly, so that each case shows one reason to touch.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.refresh import begin, build, refresh, transform_lock
from agentmarts.warehouse.transform import TransformError, run_dbt
from tests.support.conversation_facts import (
    MONDAY,
    NEIGHBOUR,
    TENANT,
    assert_equals_rebuild,
    create_tenant,
    refreshed,
    send,
    set_parameter,
    solved,
    values,
)


@pytest.fixture
def warehouse(built_warehouse: Settings) -> Settings:
    """Two tenants, one in Berlin and one in Kolkata, without events."""
    create_tenant(built_warehouse, TENANT, "berlin")
    create_tenant(built_warehouse, NEIGHBOUR, "kolkata")
    set_parameter(built_warehouse, TENANT, "timezone", "Europe/Berlin")
    set_parameter(built_warehouse, NEIGHBOUR, "timezone", "Asia/Kolkata")
    return built_warehouse


def test_time_alone_settles_what_was_pending(warehouse: Settings) -> None:
    send(warehouse, *solved("a", MONDAY), *solved("b", MONDAY + timedelta(hours=1), customer=None))
    send(warehouse, {"conversation_id": "c", "event_type": "message_received", "occurred_at": MONDAY, "customer_id": "bob"})
    refresh(warehouse, as_of=MONDAY + timedelta(hours=2))
    found = []
    for hours in (25, 7 * 24, 7 * 24 + 2, 30 * 24):
        refreshed(warehouse, MONDAY + timedelta(hours=hours))
        found += values(
            warehouse,
            "select (select outcome from marts.conversations where conversation_id = 'c'),"
            " (select is_durable from marts.conversations where conversation_id = 'a'), is_provisional"
            " from marts.daily_metrics where metric_date = '2025-06-02'",
        )
    assert found == [("abandoned", None, True), ("abandoned", None, True), ("abandoned", True, True), ("abandoned", True, False)]
    assert_equals_rebuild(warehouse, MONDAY + timedelta(days=30))


def test_an_event_stamped_ahead_begins_to_exist(warehouse: Settings) -> None:
    """Up to five minutes ahead are accepted; its row is old by the time it exists. So is that of a score."""
    as_of = MONDAY + timedelta(hours=1)
    send(warehouse, *solved("a", MONDAY))
    send(warehouse, *solved("b", as_of + timedelta(minutes=4), customer="bob"))
    with connect(warehouse, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.quality_scores (tenant_id, event_id, conversation_id, occurred_at, received_at, scorer_kind, scorer, accuracy)"
            " values (%s, 's', 'a', %s, %s, 'human', 'eve', 0.9)",
            (TENANT, as_of + timedelta(minutes=3), as_of),
        )
    refresh(warehouse, as_of=as_of)
    assert values(warehouse, "select conversation_id, is_verified from marts.conversations") == [("a", None)]
    refreshed(warehouse, as_of + timedelta(minutes=10))
    assert values(warehouse, "select conversation_id, is_verified, event_count from marts.conversations order by 1") == [
        ("a", True, 3),
        ("b", None, 2),
    ]
    assert_equals_rebuild(warehouse, as_of + timedelta(minutes=10))


def test_a_late_repeat_reaches_the_conversation_before_it(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=20)
    send(warehouse, *solved("a", MONDAY), *solved("b", MONDAY + timedelta(days=10)))
    refresh(warehouse, as_of=as_of)
    query = "select is_no_repeat from marts.conversations where conversation_id = 'a'"
    assert values(warehouse, query) == [(True,)]
    send(warehouse, *solved("late", MONDAY + timedelta(days=3)))
    refreshed(warehouse, as_of)
    assert values(warehouse, query) == [(False,)]
    # The late conversation turns out to be somebody else's.
    send(
        warehouse,
        {"conversation_id": "late", "event_type": "citation_clicked", "occurred_at": MONDAY + timedelta(days=4), "customer_id": "bob"},
    )
    refreshed(warehouse, as_of)
    assert values(warehouse, query) == [(True,)]
    assert_equals_rebuild(warehouse, as_of)


def test_the_first_day_of_a_customer_moves(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=20)
    send(warehouse, *solved("a", MONDAY + timedelta(days=5)), *solved("b", MONDAY + timedelta(days=9)))
    refresh(warehouse, as_of=as_of)
    query = "select metric_date from marts.customer_days where is_new_customer and customer_id = 'ann'"
    assert values(warehouse, query) == [(date(2025, 6, 7),)]
    send(warehouse, *solved("c", MONDAY))
    refreshed(warehouse, as_of)
    assert values(warehouse, query) == [(date(2025, 6, 2),)]
    assert values(warehouse, "select min(metric_date), count(*) from marts.daily_metrics") == [(date(2025, 6, 2), 21)]
    for conversation in ("a", "c"):
        send(
            warehouse,
            {"conversation_id": conversation, "event_type": "csat_submitted", "occurred_at": MONDAY + timedelta(days=12),
             "customer_id": "bob", "event_data": {"rating": 5}},
        )  # fmt: skip
    refreshed(warehouse, as_of)
    assert values(warehouse, query) == [(date(2025, 6, 11),)]
    assert_equals_rebuild(warehouse, as_of)


CHANGES: list[tuple[str, Any, date | None]] = [
    ("timezone", "America/New_York", date(2025, 6, 4)),
    ("timezone", "Pacific/Kiritimati", None),
    ("abandon_after_hours", 1, date(2025, 6, 3)),
    ("durable_days", 2, None),
    ("repeat_days", 14, None),
    ("gap_confidence_threshold", 0.9, date(2025, 6, 3)),
    ("business_hours", [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 8)], date(2025, 6, 3)),
]


def test_a_changed_parameter_holds_from_its_date(warehouse: Settings) -> None:
    """A tenant for each change, and one without."""
    as_of = MONDAY + timedelta(days=6)
    tenants = [UUID(int=100 + number) for number in range(len(CHANGES))]
    for tenant in tenants:
        create_tenant(warehouse, tenant, f"tenant-{tenant}")
        set_parameter(warehouse, tenant, "timezone", "Europe/Berlin")
    for day in range(5):
        at = MONDAY + timedelta(days=day, hours=3 * day)
        for tenant in (*tenants, NEIGHBOUR):
            send(warehouse, *solved(f"a{day}", at, tenant=tenant))
            waiting = {"tenant_id": tenant, "conversation_id": f"c{day}", "event_type": "message_received"}
            send(warehouse, {**waiting, "occurred_at": at + timedelta(hours=5)})
    refreshed(warehouse, as_of)
    for tenant, (parameter, value, valid_from) in zip(tenants, CHANGES, strict=True):
        set_parameter(warehouse, tenant, parameter, value, valid_from)
    changed = refresh(warehouse, as_of=as_of + timedelta(hours=1))
    assert changed.window.mode == "incremental"
    assert {change.tenant_id for change in changed.published.changes} >= set(tenants)
    assert_equals_rebuild(warehouse, as_of + timedelta(hours=1))


def test_a_mark_recomputes_what_was_damaged(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=3)
    send(warehouse, *solved("a", MONDAY), *solved("b", MONDAY + timedelta(days=1)))
    refresh(warehouse, as_of=as_of)
    before = values(warehouse, "select * from marts.daily_metrics order by metric_date")
    with connect(warehouse, Role.TRANSFORM) as connection:
        connection.execute("delete from build.conversations where conversation_id = 'a'")
        connection.execute("delete from build.int_conversations__activity where conversation_id = 'a'")
        connection.execute("update build.daily_metrics set total_messages = 99 where metric_date = '2025-06-02'")
    with connect(warehouse, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
            " values (null, 'days', '2025-06-01', '2025-06-02', 'drift')"
        )
    result = refresh(warehouse, as_of=as_of)
    assert result.window.mode == "incremental"
    assert result.published.changes == ()
    assert values(warehouse, "select * from marts.daily_metrics order by metric_date") == before
    assert_equals_rebuild(warehouse, as_of)


def test_a_run_that_never_published_leaves_no_stale_day(warehouse: Settings) -> None:
    """A conversation moves to an earlier day in a run that is killed after its build; later it moves on."""
    as_of = MONDAY + timedelta(days=5)
    send(warehouse, *solved("a", MONDAY + timedelta(days=3)), *solved("b", MONDAY + timedelta(days=3)))
    refresh(warehouse, as_of=as_of)
    send(warehouse, {"conversation_id": "a", "event_type": "conversation_started", "occurred_at": MONDAY + timedelta(days=1)})
    with transform_lock(warehouse):
        build(warehouse, begin(warehouse, run_id="killed", as_of=as_of + timedelta(hours=30)))
    send(warehouse, {"conversation_id": "a", "event_type": "conversation_started", "occurred_at": MONDAY})
    refreshed(warehouse, as_of + timedelta(hours=31))
    starts = "select metric_date, total_conversations from marts.daily_metrics where total_conversations > 0 order by 1"
    assert values(warehouse, starts) == [(date(2025, 6, 2), 1), (date(2025, 6, 5), 1)]
    assert_equals_rebuild(warehouse, as_of + timedelta(hours=31))


def test_a_run_that_dies_between_two_models_loses_nothing(warehouse: Settings) -> None:
    """dbt ends after building only some models: each commits alone, so the state is torn until the next run."""
    as_of = MONDAY + timedelta(days=9)
    last_built = ("int_conversations__spans", "conversations", "int_conversations__activity", "daily_metrics")
    for last in last_built:
        send(warehouse, *solved(last, MONDAY + timedelta(days=3)), *solved(f"{last} b", MONDAY + timedelta(days=2)))
    refreshed(warehouse, as_of)
    for last in last_built:
        moved = {"conversation_id": last, "event_type": "conversation_started", "occurred_at": MONDAY, "customer_id": "bob"}
        send(warehouse, {**moved, "event_id": f"{last} moves"})
        with transform_lock(warehouse):
            begin(warehouse, run_id=f"killed after {last}", as_of=as_of + timedelta(hours=30))
            run_dbt(warehouse, ["run", "--select", f"+{last}"])
        as_of += timedelta(hours=31)
        refreshed(warehouse, as_of)
        assert values(warehouse, f"select started_at from marts.conversations where conversation_id = '{last}'") == [(MONDAY,)]
    assert_equals_rebuild(warehouse, as_of)


def test_a_failing_test_publishes_nothing_and_the_next_run_heals(warehouse: Settings) -> None:
    as_of = MONDAY + timedelta(days=3)
    send(warehouse, *solved("a", MONDAY))
    refresh(warehouse, as_of=as_of)
    send(warehouse, {"conversation_id": "a", "event_type": "csat_submitted", "occurred_at": MONDAY + timedelta(hours=1),
                     "event_data": {"rating": 5}})  # fmt: skip
    with connect(warehouse, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        connection.execute("update raw.conversation_events set event_data = '{\"rating\": \"many\"}' where event_type = 'csat_submitted'")
    with pytest.raises(TransformError, match="invalid input syntax"):
        refresh(warehouse, as_of=as_of)
    assert values(warehouse, "select csat_rating from marts.conversations") == [(None,)]
    with connect(warehouse, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        connection.execute("update raw.conversation_events set event_data = '{\"rating\": 5}' where event_type = 'csat_submitted'")
    refreshed(warehouse, as_of)
    assert values(warehouse, "select csat_rating from marts.conversations") == [(5,)]
    assert_equals_rebuild(warehouse, as_of)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_any_sequence_of_reasons_equals_a_rebuild(warehouse: Settings, seed: int) -> None:
    """Events late and early, the clock, parameters, marks and killed runs, in any order."""
    rng = random.Random(seed)
    as_of = MONDAY + timedelta(days=10)
    send(warehouse, *solved("first", MONDAY))
    refresh(warehouse, as_of=as_of)
    kinds = ["message_received", "message_sent", "conversation_resolved", "conversation_escalated", "conversation_reopened",
             "conversation_abandoned", "csat_submitted"]  # fmt: skip
    for step in range(8):
        as_of += timedelta(hours=rng.choice([0, 1, 30, 100]))
        for number in range(rng.randint(0, 6)):
            at = as_of - timedelta(minutes=rng.choice([-4, 1, 60, 5_000, 20_000]) + number)
            send(
                warehouse,
                {"tenant_id": rng.choice([TENANT, NEIGHBOUR]), "conversation_id": f"c{rng.randint(1, 6)}", "event_id": f"{step}-{number}",
                 "event_type": rng.choice(kinds), "occurred_at": at, "customer_id": rng.choice(["ann", "bob", None]),
                 "event_data": {"rating": 4}},
            )  # fmt: skip
        match rng.randint(0, 5):
            case 0:
                set_parameter(warehouse, TENANT, rng.choice(["durable_days", "repeat_days"]), rng.randint(1, 9), MONDAY.date())
            case 1:
                set_parameter(warehouse, NEIGHBOUR, "timezone", rng.choice(["UTC", "Asia/Tokyo"]), MONDAY.date() + timedelta(days=step))
            case 2:
                with transform_lock(warehouse):
                    begin(warehouse, run_id=f"killed {step}", as_of=as_of)
                    run_dbt(warehouse, ["run", "--select", rng.choice(["+conversations", "+daily_metrics", "+int_core__touched_weeks"])])
        refreshed(warehouse, as_of)
    assert_equals_rebuild(warehouse, as_of)

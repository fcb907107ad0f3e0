"""Facts in any order, with refreshes in between, give the social marts that a full rebuild gives, byte for byte."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from agentmarts.refresh.run import begin, build, refresh, transform_lock
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.conversation_facts import values
from tests.support.facts.social_facts import INSTAGRAM_ID, Fact, asked, sample, stamp
from tests.support.facts.social_world import LATE, NOON, POST, World, assert_equals_rebuild, new_world

EXAMPLES = int(os.environ.get("AGENTMARTS_PROPERTY_EXAMPLES", "1"))


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own; the last one of these rebuilds what they left."""
    return new_built_warehouse()


@pytest.fixture
def world(warehouse: Settings) -> World:
    return new_world(warehouse, "Europe/Berlin")


def test_a_calibrated_day_rule_dates_history_anew(world: World) -> None:
    point: dict[str, Any] = {"platform": "instagram", "object_type": "ig_user", "object_id": INSTAGRAM_ID}
    for day in range(4):
        world.collector.send(stamp(world.tenant, "reach", datetime(2026, 3, 5 + day, 7, tzinfo=UTC), day, **point))
    world.refreshed()
    assert world.rows("select min(metric_date), max(metric_date), count(*) from {metrics}") == [(date(2026, 3, 5), date(2026, 3, 8), 4)]
    world.collector.configure(world.tenant, "instagram", ig_day_shift=-1, day_rule_source="calibrated")
    world.refreshed()
    assert world.rows("select min(metric_date), max(metric_date), count(*) from {metrics}") == [(date(2026, 3, 4), date(2026, 3, 7), 4)]
    assert world.rows("select min(window_end_date), count(*) from {reach}") == [(date(2026, 3, 4), 4)]


def test_a_run_that_never_published_is_made_good(world: World) -> None:
    world.collector.add_object(world.tenant, POST, NOON - timedelta(days=2))
    world.collector.send(sample(world.tenant, POST, "post_media_view", NOON, 100))
    world.collector.send(stamp(world.tenant, "page_total_media_view_unique", datetime(2026, 3, 9, 7, tzinfo=UTC), 4))
    with transform_lock(world.settings):
        window = begin(world.settings, run_id="lost", as_of=LATE)
        build(world.settings, window)
    world.refreshed()
    assert len(world.views()) == 3
    assert world.rows("select count(*) from {reach}") == [(1,)]


def test_what_was_known_earlier_can_be_told_again(world: World) -> None:
    """Last of those that share a warehouse: it rebuilds what all of them left, and goes back in time."""
    end = datetime(2026, 3, 9, 7, tzinfo=UTC)
    world.collector.send(stamp(world.tenant, "page_media_view", end, 1, after=timedelta(hours=5), is_final=False))
    world.collector.send(stamp(world.tenant, "page_media_view", end, 2))
    world.refreshed()
    assert_equals_rebuild(world.settings, LATE)
    refresh(world.settings, full=True, as_of=end + timedelta(days=1))
    assert world.rows("select metric_value, is_provisional from {metrics}") == [(1, True)]


def drawn_facts(rng: random.Random, tenant: UUID) -> list[Fact]:
    """A fortnight of a Page, an Instagram account and eight posts of each: gaps, falls, restatements, unknowns, repeated slots."""
    facts: list[Fact] = []
    begin_at = datetime(2026, 3, 2, tzinfo=UTC)
    for day in range(14):
        end = begin_at + timedelta(days=day + 1, hours=8 if day < 6 else 7)
        for metric in (
            "page_media_view",
            "page_total_media_view_unique",
            "page_daily_follows",
            "page_daily_unfollows_unique",
            "page_follows",
        ):
            for number in range(rng.randint(0, 2)):
                value = rng.randint(0, 50) if rng.random() > 0.15 else None
                facts.append(stamp(tenant, metric, end, value, after=timedelta(hours=5 + 70 * number), is_final=bool(number)))
        first = (begin_at + timedelta(days=day)).date()
        for metric, days in (("reach", 1), ("reach", 7), ("views", 1), ("accounts_engaged", 28)):
            if rng.random() < 0.7:
                facts.append(asked(tenant, metric, first - timedelta(days=days - 1), days, rng.randint(0, 300)))
        for kind in ("follower", "non_follower"):
            given = {"dim_key": "follow_type", "dim_value": kind}
            facts.append(asked(tenant, "follows_and_unfollows", first, 1, rng.randint(0, 9), **given))
    medium: dict[str, Any] = {"platform": "instagram", "object_type": "ig_media", "media_product": "FEED"}
    for post in range(8):
        at, total, listed = begin_at + timedelta(hours=rng.randint(0, 100)), 0, 0
        for _ in range(rng.randint(1, 9)):
            at += timedelta(hours=rng.choice([1, 5, 18, 24, 36, 37, 60]), minutes=rng.randint(0, 59))
            total += rng.randint(-5, 100)
            listed += rng.randint(0, 9)
            facts.append(sample(tenant, f"page_{post}", "post_media_view", at, total if rng.random() > 0.1 else None))
            facts.append(sample(tenant, f"page_{post}", "post_total_media_view_unique", at, total))
            for key in rng.sample(["like", "love", "wow"], k=rng.randint(0, 3)):
                reactions: dict[str, Any] = {"dim_key": "key", "dim_value": key}
                facts.append(sample(tenant, f"page_{post}", "post_reactions_by_type_total", at, listed, **reactions))
                if rng.random() < 0.2:
                    # The list was read again, and only this key had changed.
                    again = replace(facts[-1], observed_at=at + timedelta(minutes=30), value=listed + 1)
                    facts.append(again)
            facts.append(sample(tenant, f"m_{post}", "like_count", at, listed, **{**medium, "period": "node"}))
            if rng.random() < 0.5:
                facts.append(sample(tenant, f"m_{post}", "likes", at + timedelta(minutes=5), listed + 1, **medium))
    return facts


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_any_order_of_arrival_equals_a_rebuild(built_warehouse: Settings, seed: int) -> None:
    """Facts of six tenants come shuffled in five deliveries; in between objects, a change of zone, a mark and new day rules of some."""
    rng = random.Random(seed)
    settings = built_warehouse
    zones = ("Europe/Berlin", "Pacific/Honolulu", "Asia/Kolkata", "America/Los_Angeles", "UTC", "Europe/Berlin")
    worlds = [new_world(settings, zone, UUID(int=number)) for number, zone in enumerate(zones, start=1)]
    collector = worlds[0].collector
    facts = [fact for world in worlds for fact in drawn_facts(rng, world.tenant)]
    rng.shuffle(facts)
    as_of = datetime(2026, 3, 14, tzinfo=UTC)
    for number in range(5):
        collector.send(*facts[number::5])
        if number == 1:
            for world in worlds[:-1]:
                for post in range(6):
                    published = datetime(2026, 3, 1 + post, 7, tzinfo=UTC)
                    collector.add_object(world.tenant, f"page_{post}", published)
                    collector.add_object(world.tenant, f"m_{post}", published, platform="instagram", kind="ig_media")
            collector.configure(worlds[0].tenant, "facebook", collect_from=date(2026, 3, 3))
        if number == 2:
            collector.configure(worlds[1].tenant, "instagram", ig_day_boundary="account")
            collector.configure(worlds[2].tenant, "instagram", ig_day_shift=-1)
            collector.add_object(worlds[0].tenant, "page_1", datetime(2026, 3, 4, 7, tzinfo=UTC), revision=2)
        if number == 3:
            with connect(settings, Role.MIGRATOR) as connection:
                connection.execute(
                    "insert into raw.tenant_parameters (tenant_id, parameter, valid_from, value) values (%s, 'timezone', '2026-03-09', %s)",
                    (worlds[0].tenant, Jsonb("America/New_York")),
                )
                connection.execute(
                    "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
                    " values (%s, 'days', '2026-03-05', '2026-03-06', 'recalculation')",
                    (worlds[3].tenant,),
                )
        assert refresh(settings, as_of=as_of + timedelta(hours=18 * number)).window.mode == "incremental"
    assert_equals_rebuild(settings, as_of + timedelta(hours=18 * 4))
    assert values(settings, "select count(*) > 1000 from marts.engagement_metrics") == [(True,)]

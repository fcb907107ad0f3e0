"""Running totals of posts and media become days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agentmarts.settings import Settings
from tests.support.facts.conversation_facts import refreshed
from tests.support.facts.social_facts import sample
from tests.support.facts.social_world import LATE, NOON, POST, World, assert_equals_rebuild, new_world
from tests.support.marts.stories import Outcomes, Stories, Told

stories = Stories()


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own."""
    return new_built_warehouse()


@pytest.fixture(scope="module")
def told(warehouse: Settings) -> Outcomes:
    return stories.told(lambda: new_world(warehouse, "Europe/Berlin"), lambda as_of: refreshed(warehouse, as_of))


@stories.tell
def test_totals_become_days(world: World) -> Told:
    """Published at 20:00 in Berlin; midnights lie between samples, a day that no later sample closes counts up to its last one."""
    published = datetime(2026, 3, 9, 19, tzinfo=UTC)
    world.collector.add_object(world.tenant, POST, published)
    for hours, total in ((1, 60), (7, 120), (25, 180), (30, 175)):
        world.collector.send(sample(world.tenant, POST, "post_media_view", published + timedelta(hours=hours), total))
    yield LATE
    # Midnight comes 4 hours after publication: half of the way from 60 to 120; the next one 3 of the 5 hours from 180 to 175.
    columns = "metric_date, value_increment, value_cumulative, days_covered, is_estimated, is_correction, is_partial, state"
    first_days = [
        (date(2026, 3, 9), 90, 90, 1, True, False, False, "ok"),
        (date(2026, 3, 10), 87, 177, 1, True, False, False, "ok"),
    ]
    assert world.views(columns) == [*first_days, (date(2026, 3, 11), -2, 175, 1, True, True, True, "ok")]
    world.collector.send(sample(world.tenant, POST, "post_media_view", published + timedelta(hours=30 + 96), 275))
    yield LATE
    assert world.views(columns) == [
        *first_days,
        (date(2026, 3, 11), -2, 175, 1, True, True, False, "ok"),
        (date(2026, 3, 12), None, None, None, False, False, False, "no_sample"),
        (date(2026, 3, 13), None, None, None, False, False, False, "no_sample"),
        (date(2026, 3, 14), None, None, None, False, False, False, "no_sample"),
        (date(2026, 3, 15), 100, 275, 5, True, False, True, "ok"),
    ]
    assert world.rows("select sum(value_increment) from {metrics}") == [(275,)]
    world.collector.send(sample(world.tenant, POST, "post_media_view", published + timedelta(hours=30 + 97), 300))
    yield LATE
    # A partial day that a later sample moves was not restated: everybody could see that it was not over.
    assert world.rows("select count(*) from {restatements}") == [(0,)]


@stories.tell
def test_what_was_published_before_collection_has_a_base_and_no_beginning(world: World) -> Told:
    world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 5))
    world.collector.add_object(world.tenant, POST, datetime(2026, 3, 1, tzinfo=UTC))
    for hours, total in ((0, 1000), (72, 1300)):
        world.collector.send(sample(world.tenant, POST, "post_media_view", NOON + timedelta(hours=hours), total))
    yield LATE
    assert world.views("metric_date, value_increment, value_cumulative, days_covered, state") == [
        (date(2026, 3, 10), None, 1000, None, "first_sample"),
        (date(2026, 3, 11), None, None, None, "no_sample"),
        (date(2026, 3, 12), None, None, None, "no_sample"),
        (date(2026, 3, 13), 300, 1300, 4, "ok"),
    ]
    world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 1))
    yield LATE
    assert world.rows("select sum(value_increment), max(days_covered), min(metric_date) from {metrics}") == [(1300, 10, date(2026, 3, 1))]


@stories.tell
def test_keys_of_a_dictionary_begin_at_nothing_and_add_up(world: World) -> Told:
    def reactions(at: datetime, **keys: int) -> None:
        metric = "post_reactions_by_type_total"
        world.collector.send(*(sample(world.tenant, POST, metric, at, count, dim_key="key", dim_value=key) for key, count in keys.items()))

    reactions(NOON, like=10)
    reactions(NOON + timedelta(hours=24), like=12, love=4)
    yield LATE
    query = "select metric_name, dim_value, sum(value_increment), max(value_cumulative) from {metrics} group by 1, 2 order by 1, 2"
    # Nobody knows when the post was published: the first sample is the base, but for the key that it did not have.
    assert world.rows(query) == [("likes", "", 2, 12), ("reactions", "", 6, 16), ("reactions", "like", 2, 12), ("reactions", "love", 4, 4)]
    reactions(NOON + timedelta(hours=6), like=11, wow=1)
    yield LATE
    assert world.rows(query)[1] == ("reactions", "", 6, 16)


@stories.tell
def test_an_answer_that_repeats_a_slot_keeps_the_keys_that_did_not_change(world: World) -> Told:
    """A list that was cut is read again from the top; the store adds rows only for what changed."""
    slot = {"sample_slot": "day:2026-03-10", "dim_key": "key"}
    for at, keys in ((NOON, {"like": 10, "love": 4}), (NOON + timedelta(hours=1), {"like": 12}), (NOON + timedelta(hours=2), {"love": 3})):
        facts = (sample(world.tenant, POST, "post_reactions_by_type_total", at, n, dim_value=key, **slot) for key, n in keys.items())
        world.collector.send(*facts)
        yield LATE
    query = "select value_increment, value_cumulative, is_correction from {metrics} where metric_name = 'reactions' and dim_key = ''"
    assert world.rows(query) == [(1, 15, False)]


@stories.tell
def test_counts_of_lists_fill_in_where_insights_have_no_sample(world: World) -> Told:
    """The medium is published at midnight in Berlin; each day has a count of the list at 2 o'clock, and two have likes at 22."""
    common: dict[str, Any] = {"platform": "instagram", "object_type": "ig_media", "media_product": "FEED"}
    published = datetime(2026, 3, 9, 23, tzinfo=UTC)
    world.collector.add_object(world.tenant, "medium", published, platform="instagram", kind="ig_media", product="FEED")
    for day, (listed, told) in enumerate([(5, 4), (9, None), (12, 11)]):
        at = published + timedelta(days=day, hours=2)
        world.collector.send(sample(world.tenant, "medium", "like_count", at, listed, **{**common, "period": "node"}))
        if told is not None:
            world.collector.send(sample(world.tenant, "medium", "likes", at + timedelta(hours=20), told, **common))
    story = {**common, "object_type": "story", "media_product": "STORY"}
    world.collector.send(sample(world.tenant, "story", "views", NOON, 7, **story))
    yield LATE
    query = "select source_metric, paid_scope from {metrics} where metric_name = 'likes' order by metric_date"
    assert world.rows(query) == [("likes", "organic"), ("like_count", "organic"), ("likes", "organic")]
    query = "select max(value_cumulative), sum(value_increment) from {metrics} where metric_name = 'likes'"
    assert world.rows(query) == [(11, 11)]
    assert world.rows("select metric_name from {metrics} where object_id = 'story'") == [("story_views",)]


def test_all_of_this_equals_a_rebuild(warehouse: Settings, told: Outcomes) -> None:
    """Last, since it looks at the marts that all tests before have left."""
    assert_equals_rebuild(warehouse, LATE)

"""Buckets and windows of accounts in the social marts: the day that ended, native reach, growth of followers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agentmarts.refresh.due import new_rows
from agentmarts.settings import Settings
from tests.support.facts.conversation_facts import refreshed, values
from tests.support.facts.social_facts import INSTAGRAM_ID, PAGE_ID, asked, sample, stamp
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


def test_a_stamp_is_the_end_of_its_day_also_when_clocks_change(warehouse: Settings) -> None:
    """Pacific midnight is 08:00 UTC in winter and 07:00 in summer; wherever the tenant lives, the day is that of the bucket."""
    ends = [
        datetime(2026, 3, 8, 8, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC),
        datetime(2026, 11, 2, 8, tzinfo=UTC),
    ]  # fmt: skip
    days = [date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1)]
    worlds = [new_world(warehouse, zone) for zone in ("Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati")]
    for world in worlds:
        world.collector.send(*(stamp(world.tenant, "page_media_view", end, number) for number, end in enumerate(ends, start=1)))
    assert {one.table for one in new_rows(warehouse)} >= {"metric_observations", "graph_accounts"}
    worlds[0].refreshed()
    for world in worlds:
        found = world.rows(
            "select metric_date, metric_value, day_basis, algorithm_class, additive, paid_scope, unit from {metrics}"
            " where metric_name = 'views' order by 1"
        )
        assert found == [(day, number, "pacific", "dependent", True, "all", "count") for number, day in enumerate(days, start=1)]
    assert new_rows(warehouse) == []


@stories.tell
def test_rolling_windows_are_told_and_never_summed(world: World) -> Told:
    """Views of 7 and 28 days are in no mart; unique people of a window are Meta's own figure beside the wrong sum."""
    first_end = datetime(2026, 4, 2, 7, tzinfo=UTC)
    for day in range(28):
        end = first_end + timedelta(days=day)
        for metric in ("page_media_view", "page_total_media_view_unique"):
            world.collector.send(
                stamp(world.tenant, metric, end, 10),
                stamp(world.tenant, metric, end, 50, period="week"),
                stamp(world.tenant, metric, end, 125, period="days_28"),
            )
    yield LATE
    assert world.rows("select metric_name, count(*), sum(metric_value), bool_or(additive) from {metrics} group by 1 order by 1") == [
        ("reach", 28, 280, False),
        ("views", 28, 280, True),
    ]
    assert world.rows(
        "select window_days, window_start_date, unique_accounts, sum_of_days, overstatement_pct, source_period from {reach}"
        " where window_end_date = '2026-04-28' order by 1"
    ) == [
        (1, date(2026, 4, 28), 10, 10, 0, "day"),
        (7, date(2026, 4, 22), 50, 70, pytest.approx(40), "week"),
        (28, date(2026, 4, 1), 125, 280, pytest.approx(124), "days_28"),
    ]
    # Before the end of April the windows have days that nobody told.
    assert world.rows("select count(*) from {reach} where window_days = 28 and unique_accounts = 125 and sum_of_days is null") == [(27,)]


@stories.tell
def test_windows_that_were_asked_have_the_days_asked(world: World) -> Told:
    """Instagram: single UTC days and a week; a day that may not be counted yet is unknown and makes the sum unknown."""
    monday = date(2026, 3, 2)
    for day in range(7):
        world.collector.send(asked(world.tenant, "reach", monday + timedelta(days=day), 1, 5, group_name="ig_series"))
        world.collector.send(asked(world.tenant, "accounts_engaged", monday + timedelta(days=day), 1, None if day == 6 else 2))
    world.collector.send(asked(world.tenant, "reach", monday, 7, 20, group_name="ig_window_7"))
    early: dict[str, Any] = {"state": "zero_provisional", "is_final": False, "after": timedelta(hours=3)}
    world.collector.send(asked(world.tenant, "accounts_engaged", monday, 7, 0, **early))
    yield LATE
    assert world.rows(
        "select metric_name, unique_accounts, sum_of_days, overstatement_pct, state, is_provisional from {reach}"
        " where window_days = 7 order by 1"
    ) == [("accounts_engaged", None, None, None, "zero_provisional", True), ("reach", 20, 35, 75, "ok", False)]
    assert world.rows("select metric_name, metric_value, state from {metrics} where metric_date = '2026-03-08' order by 1") == [
        ("accounts_engaged", None, "empty"),
        ("reach", 5, "ok"),
    ]


@stories.tell
def test_a_restatement_arrives_and_is_logged(world: World) -> Told:
    end = datetime(2026, 3, 9, 7, tzinfo=UTC)
    world.collector.send(stamp(world.tenant, "page_total_media_view_unique", end, 100, after=timedelta(hours=5), is_final=False))
    yield LATE
    assert world.rows("select metric_value, is_provisional from {metrics}") == [(100, True)]
    world.collector.send(stamp(world.tenant, "page_total_media_view_unique", end, 140))
    yield LATE
    assert world.rows("select mart, column_name, metric_date, old_number, new_number from {restatements} order by 1, 2") == [
        ("account_reach", "sum_of_days", date(2026, 3, 8), 100, 140),
        ("account_reach", "unique_accounts", date(2026, 3, 8), 100, 140),
        ("engagement_metrics", "metric_value", date(2026, 3, 8), 100, 140),
        ("engagement_metrics", "value_level", date(2026, 3, 8), 100, 140),
    ]
    assert world.rows("select metric_value, is_provisional from {metrics}") == [(140, False)]
    # Through when it is complete is known, although the collector's tables are no streams.
    log = f"select bool_and(data_through is not null) from marts.publish_log where tenant_id = '{world.tenant}' and mart = 'account_reach'"
    assert values(world.settings, log) == [(True,)]


@stories.tell
def test_growth_is_follows_minus_unfollows_or_the_difference_of_stocks(world: World) -> Told:
    node: dict[str, Any] = {"platform": "instagram", "object_type": "ig_user", "period": "node"}

    def followers(day: int, instagram: int | None, page: int | None) -> None:
        if instagram is not None:
            at = datetime(2026, 3, day, 1, tzinfo=UTC)
            world.collector.send(sample(world.tenant, INSTAGRAM_ID, "followers_count", at, instagram, **node))
        if page is not None:
            world.collector.send(stamp(world.tenant, "page_follows", datetime(2026, 3, day + 1, 7, tzinfo=UTC), page))

    followers(9, 100, 50)
    followers(10, 103, 48)
    followers(12, 110, None)
    for kind, count in (("follower", 8), ("non_follower", 3)):
        given = {"dim_key": "follow_type", "dim_value": kind}
        world.collector.send(asked(world.tenant, "follows_and_unfollows", date(2026, 3, 12), 1, count, **given))
    for metric, value in (("page_daily_follows", 6), ("page_daily_unfollows_unique", None)):
        world.collector.send(stamp(world.tenant, metric, datetime(2026, 3, 11, 7, tzinfo=UTC), value))
    yield LATE
    query = "select platform, metric_date, metric_value, state from {metrics} where metric_name = 'follower_growth' order by 1, 2"
    assert world.rows(query) == [
        ("facebook", date(2026, 3, 9), None, "no_sample"),
        ("facebook", date(2026, 3, 10), -2, "ok"),
        ("instagram", date(2026, 3, 9), None, "no_sample"),
        ("instagram", date(2026, 3, 10), 3, "ok"),
        ("instagram", date(2026, 3, 12), 5, "ok"),
    ]
    # The day before comes late: now the day after it can be told.
    followers(8, 90, 45)
    yield LATE
    assert [row[2] for row in world.rows(query)] == [None, 5, -2, None, 10, 3, 5]


@stories.tell
def test_the_page_is_not_a_post(world: World) -> Told:
    """A figure of the account and one of a post never share a level, so no sum mixes them."""
    world.collector.send(stamp(world.tenant, "page_media_view", datetime(2026, 3, 9, 7, tzinfo=UTC), 4))
    world.collector.send(sample(world.tenant, POST, "post_media_view", NOON, 3))
    yield LATE
    assert world.rows("select object_level, object_id, platform_post_id from {metrics} order by 1") == [
        ("account", PAGE_ID, None),
        ("post", POST, POST),
    ]


def test_all_of_this_equals_a_rebuild(warehouse: Settings, told: Outcomes) -> None:
    """Last, since it looks at the marts that all tests before have left."""
    assert_equals_rebuild(warehouse, LATE)

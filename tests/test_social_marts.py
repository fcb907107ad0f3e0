"""What Meta's answers become in the social marts: days, levels and differences; and an incremental run always equals a rebuild."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.due import new_rows
from agentmarts.warehouse.refresh import begin, dbt_arguments, left_out_of, refresh, transform_lock
from agentmarts.warehouse.transform import TransformError, run_dbt
from tests.social_facts import INSTAGRAM_ID, PAGE_ID, Collector, Fact, asked, sample, stamp

POST = "page_1"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATE = datetime(2026, 11, 12, tzinfo=UTC)
MARTS = ("account_reach", "engagement_metrics")


@pytest.fixture(scope="module")
def warehouse(new_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own; the last one rebuilds what all of them left."""
    settings = new_warehouse()
    refresh(settings, as_of=LATE)
    return settings


@dataclass
class World:
    """A tenant with a Page and an Instagram account, and what is published of it."""

    settings: Settings
    tenant: UUID
    collector: Collector

    def refreshed(self) -> None:
        assert refresh(self.settings, as_of=LATE).window.mode == "incremental"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query in which {metrics}, {reach} and {restatements} are the tenant's rows of these marts."""
        names = {"metrics": "engagement_metrics", "reach": "account_reach", "restatements": "restatements"}
        ours = {key: f"(select * from marts.{mart} where tenant_id = '{self.tenant}') as {mart}" for key, mart in names.items()}
        return values(self.settings, query.format(**ours))

    def views(self, columns: str = "metric_date, value_increment") -> list[tuple[Any, ...]]:
        """Views of the one post by day."""
        return self.rows(f"select {columns} from {{metrics}} where object_id = '{POST}' and metric_name = 'views' order by metric_date")


@pytest.fixture
def world(warehouse: Settings) -> World:
    return new_world(warehouse, "Europe/Berlin")


def new_world(settings: Settings, zone: str, tenant: UUID | None = None) -> World:
    tenant = tenant or uuid4()
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, 'Somebody', 'EUR')", (tenant, f"t-{tenant}")
        )
        connection.execute(
            "insert into raw.tenant_parameters (tenant_id, parameter, value) values (%s, 'timezone', %s)", (tenant, Jsonb(zone))
        )
    collector = Collector(settings)
    collector.add_account(tenant)
    collector.add_account(tenant, "instagram")
    return World(settings, tenant, collector)


def values(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(query).fetchall()


def built_rows(settings: Settings) -> dict[str, list[str]]:
    """Every row of the social marts as dbt built it, as text: floating-point numbers to their last bit."""
    found = {mart: values(settings, f"select m::text from build.{mart} m order by 1") for mart in MARTS}
    return {mart: [row[0] for row in rows] for mart, rows in found.items()}


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    corrected = built_rows(settings)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert rebuilt.window.mode == "full"
    again = built_rows(settings)
    for mart in MARTS:
        assert set(corrected[mart]) ^ set(again[mart]) == set(), f"{mart}: a rebuild gives other rows"
        assert len(corrected[mart]) == len(again[mart])
    assert rebuilt.published.changes == ()


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


def test_rolling_windows_are_told_and_never_summed(world: World) -> None:
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
    world.refreshed()
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


def test_windows_that_were_asked_have_the_days_asked(world: World) -> None:
    """Instagram: single UTC days and a week; a day that may not be counted yet is unknown and makes the sum unknown."""
    monday = date(2026, 3, 2)
    for day in range(7):
        world.collector.send(asked(world.tenant, "reach", monday + timedelta(days=day), 1, 5, group_name="ig_series"))
        world.collector.send(asked(world.tenant, "accounts_engaged", monday + timedelta(days=day), 1, None if day == 6 else 2))
    world.collector.send(asked(world.tenant, "reach", monday, 7, 20, group_name="ig_window_7"))
    early: dict[str, Any] = {"state": "zero_provisional", "is_final": False, "after": timedelta(hours=3)}
    world.collector.send(asked(world.tenant, "accounts_engaged", monday, 7, 0, **early))
    world.refreshed()
    assert world.rows(
        "select metric_name, unique_accounts, sum_of_days, overstatement_pct, state, is_provisional from {reach}"
        " where window_days = 7 order by 1"
    ) == [("accounts_engaged", None, None, None, "zero_provisional", True), ("reach", 20, 35, 75, "ok", False)]
    assert world.rows("select metric_name, metric_value, state from {metrics} where metric_date = '2026-03-08' order by 1") == [
        ("accounts_engaged", None, "empty"),
        ("reach", 5, "ok"),
    ]


def test_a_restatement_arrives_and_is_logged(world: World) -> None:
    end = datetime(2026, 3, 9, 7, tzinfo=UTC)
    world.collector.send(stamp(world.tenant, "page_total_media_view_unique", end, 100, after=timedelta(hours=5), is_final=False))
    world.refreshed()
    assert world.rows("select metric_value, is_provisional from {metrics}") == [(100, True)]
    world.collector.send(stamp(world.tenant, "page_total_media_view_unique", end, 140))
    world.refreshed()
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


def test_totals_become_days(world: World) -> None:
    """Published at 20:00 in Berlin; midnights lie between samples, a day that no later sample closes counts up to its last one."""
    published = datetime(2026, 3, 9, 19, tzinfo=UTC)
    world.collector.add_object(world.tenant, POST, published)
    for hours, total in ((1, 60), (7, 120), (25, 180), (30, 175)):
        world.collector.send(sample(world.tenant, POST, "post_media_view", published + timedelta(hours=hours), total))
    world.refreshed()
    # Midnight comes 4 hours after publication: half of the way from 60 to 120; the next one 3 of the 5 hours from 180 to 175.
    columns = "metric_date, value_increment, value_cumulative, days_covered, is_estimated, is_correction, is_partial, state"
    first_days = [
        (date(2026, 3, 9), 90, 90, 1, True, False, False, "ok"),
        (date(2026, 3, 10), 87, 177, 1, True, False, False, "ok"),
    ]
    assert world.views(columns) == [*first_days, (date(2026, 3, 11), -2, 175, 1, True, True, True, "ok")]
    world.collector.send(sample(world.tenant, POST, "post_media_view", published + timedelta(hours=30 + 96), 275))
    world.refreshed()
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
    world.refreshed()
    # A partial day that a later sample moves was not restated: everybody could see that it was not over.
    assert world.rows("select count(*) from {restatements}") == [(0,)]


def test_what_was_published_before_collection_has_a_base_and_no_beginning(world: World) -> None:
    world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 5))
    world.collector.add_object(world.tenant, POST, datetime(2026, 3, 1, tzinfo=UTC))
    for hours, total in ((0, 1000), (72, 1300)):
        world.collector.send(sample(world.tenant, POST, "post_media_view", NOON + timedelta(hours=hours), total))
    world.refreshed()
    assert world.views("metric_date, value_increment, value_cumulative, days_covered, state") == [
        (date(2026, 3, 10), None, 1000, None, "first_sample"),
        (date(2026, 3, 11), None, None, None, "no_sample"),
        (date(2026, 3, 12), None, None, None, "no_sample"),
        (date(2026, 3, 13), 300, 1300, 4, "ok"),
    ]
    world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 1))
    world.refreshed()
    assert world.rows("select sum(value_increment), max(days_covered), min(metric_date) from {metrics}") == [(1300, 10, date(2026, 3, 1))]


def test_keys_of_a_dictionary_begin_at_nothing_and_add_up(world: World) -> None:
    def reactions(at: datetime, **keys: int) -> None:
        metric = "post_reactions_by_type_total"
        world.collector.send(*(sample(world.tenant, POST, metric, at, count, dim_key="key", dim_value=key) for key, count in keys.items()))

    reactions(NOON, like=10)
    reactions(NOON + timedelta(hours=24), like=12, love=4)
    world.refreshed()
    query = "select metric_name, dim_value, sum(value_increment), max(value_cumulative) from {metrics} group by 1, 2 order by 1, 2"
    # Nobody knows when the post was published: the first sample is the base, but for the key that it did not have.
    assert world.rows(query) == [("likes", "", 2, 12), ("reactions", "", 6, 16), ("reactions", "like", 2, 12), ("reactions", "love", 4, 4)]
    reactions(NOON + timedelta(hours=6), like=11, wow=1)
    world.refreshed()
    assert world.rows(query)[1] == ("reactions", "", 6, 16)


def test_counts_of_lists_fill_in_where_insights_have_no_sample(world: World) -> None:
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
    world.refreshed()
    query = "select source_metric, paid_scope from {metrics} where metric_name = 'likes' order by metric_date"
    assert world.rows(query) == [("likes", "organic"), ("like_count", "organic"), ("likes", "organic")]
    query = "select max(value_cumulative), sum(value_increment) from {metrics} where metric_name = 'likes'"
    assert world.rows(query) == [(11, 11)]
    assert world.rows("select metric_name from {metrics} where object_id = 'story'") == [("story_views",)]


def test_growth_is_follows_minus_unfollows_or_the_difference_of_stocks(world: World) -> None:
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
    world.refreshed()
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
    world.refreshed()
    assert [row[2] for row in world.rows(query)] == [None, 5, -2, None, 10, 3, 5]


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
        run_dbt(world.settings, dbt_arguments(window, left_out_of(world.settings, window)))
    world.refreshed()
    assert len(world.views()) == 3
    assert world.rows("select count(*) from {reach}") == [(1,)]


def test_the_page_is_not_a_post(world: World) -> None:
    """A figure of the account and one of a post never share a level, so no sum mixes them."""
    world.collector.send(stamp(world.tenant, "page_media_view", datetime(2026, 3, 9, 7, tzinfo=UTC), 4))
    world.collector.send(sample(world.tenant, POST, "post_media_view", NOON, 3))
    world.refreshed()
    assert world.rows("select object_level, object_id, platform_post_id from {metrics} order by 1") == [
        ("account", PAGE_ID, None),
        ("post", POST, POST),
    ]


@pytest.mark.parametrize("metric", ["views", "likes", "comments", "shares", "saved", "link_clicks", "profile_visits", "follower_growth"])
def test_what_is_additive_may_be_summed(warehouse: Settings, metric: str) -> None:
    assert values(
        warehouse, f"select bool_and(additive) from build.stg_metric_series where metric_name = '{metric}' and kind <> 'rolling'"
    ) == [(True,)]


def test_the_sum_of_what_is_not_additive_does_not_compile(warehouse: Settings) -> None:
    def compiled(metric: str) -> None:
        run_dbt(warehouse, ["compile", "--inline", f"select {{{{ sum_metric('{metric}') }}}} from x"])

    compiled("views")
    for metric, reason in (("reach", "not additive"), ("followers", "not additive"), ("impressions_of_nobody", "has no metric")):
        with pytest.raises(TransformError, match=reason):
            compiled(metric)


def test_all_that_happened_equals_a_rebuild(world: World) -> None:
    """Last, since it looks at the marts that all tests before have left; and what was known earlier can be told again."""
    end = datetime(2026, 3, 9, 7, tzinfo=UTC)
    world.collector.send(stamp(world.tenant, "page_media_view", end, 1, after=timedelta(hours=5), is_final=False))
    world.collector.send(stamp(world.tenant, "page_media_view", end, 2))
    world.refreshed()
    assert_equals_rebuild(world.settings, LATE)
    assert values(world.settings, "select count(*) > 100 from marts.engagement_metrics") == [(True,)]
    refresh(world.settings, full=True, as_of=end + timedelta(days=1))
    assert world.rows("select metric_value, is_provisional from {metrics}") == [(1, True)]


def drawn_facts(rng: random.Random, tenant: UUID) -> list[Fact]:
    """A fortnight of a Page, an Instagram account and five posts of each: gaps, falls, restatements, unknowns."""
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
    for post in range(5):
        at, total, listed = begin_at + timedelta(hours=rng.randint(0, 100)), 0, 0
        for _ in range(rng.randint(1, 9)):
            at += timedelta(hours=rng.choice([1, 5, 18, 24, 36, 37, 60]), minutes=rng.randint(0, 59))
            total += rng.randint(-5, 100)
            listed += rng.randint(0, 9)
            facts.append(sample(tenant, f"page_{post}", "post_media_view", at, total if rng.random() > 0.1 else None))
            facts.append(sample(tenant, f"page_{post}", "post_total_media_view_unique", at, total))
            for key in rng.sample(["like", "love", "wow"], k=rng.randint(0, 3)):
                facts.append(sample(tenant, f"page_{post}", "post_reactions_by_type_total", at, listed, dim_key="key", dim_value=key))
            facts.append(sample(tenant, f"m_{post}", "like_count", at, listed, **{**medium, "period": "node"}))
            if rng.random() < 0.5:
                facts.append(sample(tenant, f"m_{post}", "likes", at + timedelta(minutes=5), listed + 1, **medium))
    return facts


def test_any_order_of_arrival_equals_a_rebuild(settings: Settings) -> None:
    """Facts of four tenants come shuffled in five deliveries; objects, a change of zone, a mark and new day rules in between."""
    rng = random.Random(20260309)
    refresh(settings, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    zones = ("Europe/Berlin", "Pacific/Honolulu", "Asia/Kolkata", "America/Los_Angeles")
    worlds = [new_world(settings, zone, UUID(int=number)) for number, zone in enumerate(zones, start=1)]
    collector = worlds[0].collector
    facts = [fact for world in worlds for fact in drawn_facts(rng, world.tenant)]
    rng.shuffle(facts)
    as_of = datetime(2026, 3, 14, tzinfo=UTC)
    for number in range(5):
        collector.send(*facts[number::5])
        if number == 1:
            for world in worlds:
                for post in range(4):
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
                    " values (null, 'days', '2026-03-05', '2026-03-06', 'recalculation')"
                )
        assert refresh(settings, as_of=as_of + timedelta(hours=18 * number)).window.mode == "incremental"
    assert_equals_rebuild(settings, as_of + timedelta(hours=18 * 4))
    assert values(settings, "select count(*) > 1000 from marts.engagement_metrics") == [(True,)]

"""What samples of posts become in post_performance: rows at set ages, values and rates of one sample; incremental equals a rebuild."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from agentmarts.refresh.run import begin, build, refresh, transform_lock
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.conversation_facts import refreshed, values
from tests.support.facts.social_facts import Collector, Fact, account_of, sample
from tests.support.marts.stories import Outcomes, Stories, Told

PUBLISHED = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATE = datetime(2026, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MEDIUM: dict[str, Any] = {"platform": "instagram", "object_type": "ig_media", "media_product": "FEED"}
LISTED: dict[str, Any] = {**MEDIUM, "period": "node"}
stories = Stories()


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own; the last one rebuilds what all of them left."""
    return new_built_warehouse()


@dataclass
class World:
    """A tenant with a Page and an Instagram account, and what is published of its posts."""

    settings: Settings
    tenant: UUID
    collector: Collector

    def refreshed(self, as_of: datetime = LATE) -> None:
        refreshed(self.settings, as_of)

    def rows(self, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Columns of the tenant's rows, by post and age."""
        return values(
            self.settings,
            f"select {columns} from marts.post_performance where tenant_id = '{self.tenant}' and {where}"
            " order by platform_post_id, array_position(array['1h', '6h', '24h', '48h', '72h', '7d', '14d', '28d', 'latest'], checkpoint)",
        )

    def add_post(self, object_id: str = "post", published_at: datetime | None = PUBLISHED, **given: Any) -> None:
        self.collector.add_object(self.tenant, object_id, published_at, **{"observed_at": PUBLISHED, **given})

    def add_medium(self, object_id: str = "medium", product: str = "FEED") -> None:
        kind = "story" if product == "STORY" else "ig_media"
        self.add_post(object_id, platform="instagram", kind=kind, product=product)

    def send(self, object_id: str, hours: float, metrics: Mapping[str, float | None], **given: Any) -> None:
        """One answer about a post, so many hours after its publication."""
        at = PUBLISHED + hours * HOUR
        self.collector.send(*(sample(self.tenant, object_id, metric, at, value, **given) for metric, value in metrics.items()))


@pytest.fixture
def world(warehouse: Settings) -> World:
    return new_world(warehouse)


@pytest.fixture(scope="module")
def told(warehouse: Settings) -> Outcomes:
    return stories.told(lambda: new_world(warehouse), lambda as_of: refreshed(warehouse, as_of))


def new_world(settings: Settings, tenant: UUID | None = None) -> World:
    tenant = tenant or uuid4()
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.tenants (tenant_id, slug, name, currency) values (%s, %s, 'Somebody', 'EUR')", (tenant, f"t-{tenant}")
        )
        connection.execute(
            "insert into raw.tenant_parameters (tenant_id, parameter, value) values (%s, 'timezone', %s)", (tenant, Jsonb("Europe/Berlin"))
        )
    collector = Collector(settings)
    collector.add_account(tenant)
    collector.add_account(tenant, "instagram")
    return World(settings, tenant, collector)


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    built = "select p::text from build.post_performance p order by 1"
    corrected = values(settings, built)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert set(corrected) ^ set(values(settings, built)) == set()
    assert rebuilt.published.changes == ()


def reactions(world: World, object_id: str, hours: float, **keys: int) -> None:
    at = PUBLISHED + hours * HOUR
    metric = "post_reactions_by_type_total"
    world.collector.send(*(sample(world.tenant, object_id, metric, at, count, dim_key="key", dim_value=key) for key, count in keys.items()))


def actions(world: World, object_id: str, hours: float, **keys: int) -> None:
    at = PUBLISHED + hours * HOUR
    metric = "post_activity_by_action_type"
    world.collector.send(*(sample(world.tenant, object_id, metric, at, count, dim_key="key", dim_value=key) for key, count in keys.items()))


def test_time_alone_brings_an_age_and_closes_it(world: World) -> None:
    """No row before the age, an open one until its tolerance is over, an empty one after that; Meta forgets a post after two years."""
    world.add_post()
    world.refreshed(PUBLISHED + 0.75 * HOUR)
    assert world.rows("checkpoint, sample_at, is_provisional") == [("latest", None, True)]
    world.refreshed(PUBLISHED + HOUR)
    assert world.rows("checkpoint, sample_at, is_provisional") == [("1h", None, True), ("latest", None, True)]
    world.send("post", 1.5, {"post_media_view": 5})
    world.refreshed(PUBLISHED + 1.6 * HOUR)
    assert world.rows("checkpoint, views, is_provisional") == [("1h", 5, False), ("latest", 5, True)]
    world.refreshed(PUBLISHED + 8 * HOUR)
    assert world.rows("checkpoint, views, is_provisional", "checkpoint = '6h'") == [("6h", None, True)]
    world.refreshed(PUBLISHED + 9.5 * HOUR)
    assert world.rows("checkpoint, views, is_provisional", "checkpoint = '6h'") == [("6h", None, False)]
    assert_equals_rebuild(world.settings, PUBLISHED + 9.5 * HOUR)
    world.refreshed(LATE)
    # An answer of the right time that arrives months later.
    world.send("post", 7, {"post_media_view": 8})
    world.refreshed(LATE)
    assert world.rows("checkpoint, views", "checkpoint in ('6h', 'latest')") == [("6h", 8), ("latest", 8)]


@stories.tell
def test_ages_are_told_by_the_first_sample_in_time(world: World) -> Told:
    """1h at the last instant, 6h too late, 24h by the first of two, 7d at the last instant, 28d a minute late; the rest nobody asked."""
    world.add_post()
    for hours, views in ((0.5, 1), (2, 20), (9.01, 30), (24, 40), (25, 41), (192, 70), (696.02, 90), (700, 91)):
        world.send("post", hours, {"post_media_view": views})
    yield LATE
    assert world.rows("checkpoint, views, age_hours, is_provisional") == [
        ("1h", 20, 2, False),
        ("6h", None, None, False),
        ("24h", 40, 24, False),
        ("48h", None, None, False),
        ("72h", None, None, False),
        ("7d", 70, 192, False),
        ("14d", None, None, False),
        ("28d", None, None, False),
        ("latest", 91, 700, True),
    ]


@stories.tell
def test_a_facebook_post_has_all_its_columns(world: World) -> Told:
    """A key that a dictionary leaves out is 0; a dictionary that did not come is unknown, and so are the sums it belongs to."""
    world.add_post()
    answer = {
        "post_media_view": 200, "post_total_media_view_unique": 100, "post_clicks": 30, "post_video_view_time": 5000,
        "post_video_avg_time_watched": 25.5,
    }  # fmt: skip
    for hours in (1, 24):
        world.send("post", hours, answer)
        world.send("post", hours, {"shares.count": 2}, period="node")
    reactions(world, "post", 1, like=6, love=2)
    actions(world, "post", 1, like=8)
    reactions(world, "post", 24, like=6)
    yield LATE
    columns = "views, reach, reactions, likes, comments, shares, clicks, video_view_time_ms, average_watch_ms, interactions"
    assert world.rows(columns, "checkpoint in ('1h', '24h')") == [
        (200, 100, 8, 6, 0, 2, 30, 5000, 25.5, 10),
        (200, 100, 6, 6, None, 2, 30, 5000, 25.5, None),
    ]
    rates = "engagement_rate_by_reach, engagement_rate_by_views, share_rate, comment_rate, save_rate, paid_scope"
    assert world.rows(rates, "checkpoint in ('1h', '24h')") == [
        (0.1, 0.05, 0.02, 0, None, "unstated"),
        (None, None, 0.02, None, None, "unstated"),
    ]
    unknown = "saved, reposts, replies, link_clicks, follows, profile_visits, total_interactions, skip_rate, media_product"
    assert set(world.rows(unknown)) == {(None,) * 9}


@stories.tell
def test_interactions_are_what_the_kind_of_object_has(world: World) -> Told:
    """Facebook reels have no saves, stories only shares, reels of Instagram a skip rate; media have likes for reactions."""
    world.add_post("reel", kind="reel")
    of_reel: dict[str, Any] = {"object_type": "reel", "dim_key": "key"}
    world.send("reel", 1, {"fb_reels_total_plays": 50, "post_video_view_time": 900}, object_type="reel")
    world.send("reel", 1, {"post_video_likes_by_reaction_type": 3}, **{**of_reel, "dim_value": "like"})
    world.send("reel", 1, {"post_video_social_actions": 2}, **{**of_reel, "dim_value": "comment"})
    world.add_medium()
    world.send("medium", 1, {"views": 90, "reach": 40, "likes": 5, "comments": 1, "shares": 1, "saved": 1, "profile_visits": 7}, **MEDIUM)
    world.send("medium", 24, {"views": 90, "reach": 40, "likes": 5, "comments": 1, "shares": 1}, **MEDIUM)
    world.add_medium("clip", "REELS")
    of_clip = {**MEDIUM, "media_product": "REELS"}
    world.send("clip", 1, {"views": 9, "reels_skip_rate": 12.5, "ig_reels_avg_watch_time": 800, "likes": 2, "saved": 0}, **of_clip)
    world.add_medium("story", "STORY")
    of_story = {**MEDIUM, "object_type": "story", "media_product": "STORY"}
    world.send("story", 8, {"views": 20, "reach": 10, "shares": 1, "replies": 2, "link_clicks": 3}, **of_story)
    yield LATE
    columns = "platform_post_id, views, reactions, likes, comments, shares, saved, interactions, engagement_rate_by_reach"
    assert world.rows(columns, "checkpoint = '1h' and sample_at is not null") == [
        ("clip", 9, None, 2, None, None, 0, None, None),
        ("medium", 90, None, 5, 1, 1, 1, 8, 0.2),
        ("reel", 50, 3, 3, 2, 0, None, 5, None),
    ]
    assert world.rows("saved, interactions, save_rate, share_rate", "checkpoint = '24h' and platform_post_id = 'medium'") == [
        (None, None, None, 0.025)
    ]
    assert world.rows("skip_rate, average_watch_ms", "platform_post_id = 'clip' and checkpoint = 'latest'") == [(0.125, 800)]
    assert world.rows("checkpoint, views, replies, link_clicks, interactions, is_provisional", "platform_post_id = 'story'") == [
        ("1h", None, None, None, None, False),
        ("6h", 20, 2, 3, 1, False),
        ("latest", 20, 2, 3, 1, False),
    ]
    assert world.rows("engagement_rate_by_views", "platform_post_id = 'reel' and checkpoint = '1h'") == [(0.1,)]


@stories.tell
def test_counts_of_a_list_stand_in_within_one_pull(world: World) -> Told:
    """The list comes seconds before insights, which lack the likes; an hour later the likes are others', and no list alone goes first."""
    world.add_medium()
    world.send("medium", 24, {"like_count": 10, "comments_count": 4, "saved_count": 2}, **LISTED)
    world.send("medium", 24.001, {"reach": 100, "views": 300, "likes": None, "comments": 3, "shares": 1}, **MEDIUM)
    world.send("medium", 48, {"like_count": 15}, **LISTED)
    world.send("medium", 49, {"reach": 150}, **MEDIUM)
    world.send("medium", 72, {"like_count": 20, "comments_count": None}, **LISTED)
    yield LATE
    columns = "checkpoint, reach, likes, comments, shares, saved, interactions"
    assert world.rows(columns, "checkpoint in ('24h', '48h', '72h', 'latest')") == [
        ("24h", 100, 10, 3, 1, 2, 16),
        ("48h", 150, None, None, None, None, None),
        ("72h", None, 20, None, None, None, None),
        ("latest", 150, None, None, None, None, None),
    ]


@stories.tell
def test_a_rate_needs_both_sides_and_something_to_divide_by(world: World) -> Told:
    world.add_medium()
    world.send("medium", 1, {"views": 100, "likes": 5}, **MEDIUM)
    world.send("medium", 24, {"views": 0, "reach": 0, "likes": 5, "comments": 0, "shares": 0, "saved": 0}, **MEDIUM)
    yield LATE
    # Views and likes are both organic, nothing else is known.
    assert world.rows("paid_scope, engagement_rate_by_views", "checkpoint = '1h'") == [("organic", None)]
    # Nothing is divided by 0.
    rates = "interactions, engagement_rate_by_reach, engagement_rate_by_views, save_rate, share_rate, comment_rate"
    assert world.rows(rates, "checkpoint = '24h'") == [(5, None, None, None, None, None)]


@stories.tell
def test_empty_answers_are_no_sample(world: World) -> Told:
    world.add_post()
    world.send("post", 1, {"post_media_view": None, "post_clicks": None})
    world.send("post", 24, {"post_media_view": None, "post_clicks": 0})
    yield LATE
    assert world.rows("checkpoint, sample_at is null, views, clicks", "checkpoint in ('1h', '24h', 'latest')") == [
        ("1h", True, None, None),
        ("24h", False, None, 0),
        ("latest", False, None, 0),
    ]


@stories.tell
def test_what_a_list_tells_anew_holds_for_all_rows(world: World) -> Told:
    """Another text, the deletion, another name of the account; nothing of it moves a number."""
    world.add_post(published_at=None)
    world.send("post", 1, {"post_media_view": 5})
    yield LATE
    assert world.rows("checkpoint, age_hours, account_name, is_deleted") == [("latest", None, None, False)]
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.graph_objects (tenant_id, account_id, object_id, revision, object_type, media_type, published_at, permalink,"
            " message, is_deleted, observed_at) values (%s, %s, 'post', 2, 'post', 'IMAGE', %s, 'https://x.example/p', 'Hello', true, %s)",
            (world.tenant, account_of(world.tenant, "facebook"), PUBLISHED, PUBLISHED + 100 * HOUR),
        )
        # News of an account that change no fact leave its ingest_xid alone.
        connection.execute("update raw.graph_accounts set display_name = 'The Shop' where tenant_id = %s", (world.tenant,))
    yield LATE
    found = world.rows("checkpoint, views, message, permalink, media_type, account_name, is_deleted, is_provisional")
    assert found[0] == ("1h", 5, "Hello", "https://x.example/p", "IMAGE", "The Shop", True, False)
    assert found[-1] == ("latest", 5, "Hello", "https://x.example/p", "IMAGE", "The Shop", True, False)
    assert len(found) == 9
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute("update raw.graph_accounts set display_name = 'Another' where tenant_id = %s", (world.tenant,))
    yield LATE
    assert set(world.rows("account_name")) == {("Another",)}


@stories.tell
def test_a_medium_of_two_accounts_is_one_post(world: World) -> Told:
    """It belongs to the account that listed it first, also when that is learned later."""
    world.add_post("shared", observed_at=PUBLISHED + 2 * HOUR)
    other = uuid4()
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.graph_accounts (tenant_id, account_id, platform, graph_id, login_kind, token_ref, token_kind, updated_at)"
            " values (%s, %s, 'facebook', 'other', 'facebook_login', 't', 'page', %s)",
            (world.tenant, other, PUBLISHED),
        )
    world.send("shared", 3, {"post_media_view": 5})
    yield LATE
    assert set(world.rows("account_id")) == {(account_of(world.tenant, "facebook"),)}
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.graph_objects (tenant_id, account_id, object_id, revision, object_type, published_at, observed_at)"
            " values (%s, %s, 'shared', 1, 'post', %s, %s)",
            (world.tenant, other, PUBLISHED, PUBLISHED + HOUR),
        )
    yield LATE
    assert set(world.rows("account_id, views")) == {(other, None)}
    assert len(world.rows("checkpoint")) == 9


def test_a_run_that_never_published_is_made_good(world: World, told: Outcomes) -> None:
    world.add_post()
    world.send("post", 1, {"post_media_view": 5})
    with transform_lock(world.settings):
        window = begin(world.settings, run_id="lost", as_of=LATE)
        build(world.settings, window)
    world.refreshed()
    assert len(world.rows("checkpoint")) == 9


def test_all_that_happened_equals_a_rebuild(warehouse: Settings, told: Outcomes) -> None:
    """Last, since it looks at all that the tests before have left."""
    assert_equals_rebuild(warehouse, LATE)
    assert values(warehouse, "select count(*) > 50 from marts.post_performance") == [(True,)]


def drawn_facts(rng: random.Random, tenant: UUID) -> list[Fact]:
    """Samples of ten posts and media: any age, gaps, falls, unknowns, answers twice and lists a little apart."""
    facts: list[Fact] = []
    for number in range(10):
        is_medium = number % 2 == 1
        common = {**MEDIUM, "media_product": "REELS" if number % 3 else "FEED"} if is_medium else {}
        at = PUBLISHED + rng.random() * 30 * HOUR
        for _ in range(rng.randint(1, 8)):
            at += timedelta(hours=rng.choice([0.5, 1, 4, 20, 24, 140]), minutes=rng.randint(0, 50))
            for metric in ("views", "reach", "likes", "comments", "shares", "saved") if is_medium else ("post_media_view", "shares.count"):
                given = {**common, "period": "node" if metric == "shares.count" else "lifetime"}
                value = rng.randint(0, 60) if rng.random() > 0.1 else None
                if rng.random() < 0.9:
                    facts.append(sample(tenant, f"o{number}", metric, at, value, **given))
                if rng.random() < 0.1:
                    facts.append(sample(tenant, f"o{number}", metric, at, value, **{**given, "sample_slot": "again"}))
            if is_medium and rng.random() < 0.5:
                apart = timedelta(minutes=rng.choice([-1, 0, 9, 11]))
                for metric in ("like_count", "saved_count"):
                    facts.append(sample(tenant, f"o{number}", metric, at + apart, rng.randint(0, 60), **{**common, "period": "node"}))
            for key in () if is_medium else rng.sample(["like", "love", "wow"], k=rng.randint(0, 3)):
                keyed = {"dim_key": "key", "dim_value": key}
                facts.append(sample(tenant, f"o{number}", "post_reactions_by_type_total", at, rng.randint(0, 9), **keyed))
                facts.append(sample(tenant, f"o{number}", "post_activity_by_action_type", at, rng.randint(0, 9), **keyed))
    return facts


def test_any_order_of_arrival_equals_a_rebuild(built_warehouse: Settings) -> None:
    """Facts of three tenants come shuffled in five deliveries; posts, their deletion and a mark come in between, and time goes on."""
    rng = random.Random(20261121)
    settings = built_warehouse
    worlds = [new_world(settings, UUID(int=number)) for number in (1, 2, 3)]
    collector = worlds[0].collector
    facts = [fact for world in worlds for fact in drawn_facts(rng, world.tenant)]
    rng.shuffle(facts)
    as_of = PUBLISHED + 25 * HOUR
    for number in range(5):
        collector.send(*facts[number::5])
        for world in worlds:
            for one in range(2 * number, 2 * number + 2):
                published = PUBLISHED + rng.randint(0, 30) * HOUR
                if one % 2:
                    collector.add_object(world.tenant, f"o{one}", published, platform="instagram", kind="ig_media", product="FEED")
                else:
                    collector.add_object(world.tenant, f"o{one}", published)
        if number == 3:
            collector.add_object(worlds[0].tenant, "o2", PUBLISHED + 4 * HOUR, revision=2)
            collector.configure(worlds[1].tenant, "instagram", display_name="Shop")
            with connect(settings, Role.MIGRATOR) as connection:
                connection.execute(
                    "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
                    " values (null, 'days', '2026-03-05', '2026-03-06', 'recalculation')"
                )
        assert refresh(settings, as_of=as_of + number * 47 * HOUR).window.mode == "incremental"
    assert_equals_rebuild(settings, as_of + 4 * 47 * HOUR)
    assert values(settings, "select count(*) > 150, count(interactions) > 10 from marts.post_performance") == [(True, True)]

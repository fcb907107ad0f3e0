"""What the ledger becomes in collection_health: local days, metrics, quarantine, complete days; an incremental run equals a rebuild."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from agentmarts.refresh.due import new_rows
from agentmarts.refresh.run import begin, build, refresh, transform_lock
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.facts.social_facts import PAGE_ID, Collector, account_of, asked, sample

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ITEM = "*"
NUMBERS = count(1)
PAGE_GROUPS = ("fb_page", "fb_page_split_ads", "fb_page_split_followers")


@dataclass
class World:
    """A tenant in Berlin with a Page and an Instagram account, its ledger, and what is published of it."""

    settings: Settings
    tenant: UUID
    collector: Collector
    attempts: dict[str, int] = field(default_factory=dict)

    def refreshed(self, as_of: datetime) -> None:
        assert refresh(self.settings, as_of=as_of).window.mode == "incremental"

    def rows(self, columns: str, where: str = "metric_name = '*'", platform: str = "facebook") -> list[tuple[Any, ...]]:
        """Columns of the account's rows, by day and metric."""
        account = account_of(self.tenant, "facebook" if platform == "facebook" else "instagram")
        statement = f"select {columns} from marts.collection_health where account_id = '{account}' and {where}"
        return values(self.settings, f"{statement} order by collection_date, metric_name")

    def enter(
        self, at: datetime, state: str = "ok", metric: str = ITEM, *, key: str | None = None, platform: str = "facebook", **given: Any
    ) -> None:
        """One row of the ledger; `key` names the item of work, which is a new one otherwise."""
        plan_key = key or f"item {next(NUMBERS)}"
        if metric == ITEM:
            self.attempts[plan_key] = self.attempts.get(plan_key, 0) + 1
        attempt = self.attempts.get(plan_key, 1)
        answered = int(state == "ok")
        is_page = platform == "facebook"
        self._insert(
            "collection_ledger",
            {
                "run_id": "r", "plan_key": plan_key, "attempt": attempt, "group_name": "fb_node", "edge": "node",
                "object_type": "page" if is_page else "ig_user", "metric": metric, "period": "day", "asked_count": 1,
                "answered_count": answered, "state": state, "http_calls": 1, "counted_calls": 1, "finished_at": at, **given,
            },
            platform,
        )  # fmt: skip

    def answer(self, at: datetime, version: str | None = "v25.0", usage: dict[str, Any] | None = None) -> None:
        self._insert(
            "graph_responses",
            {
                "response_id": uuid4(), "run_id": "r", "plan_key": "k", "attempt": 1, "edge": "node", "method": "GET", "path": "/page",
                "params": Jsonb({}), "requested_version": "v25.0", "served_version": version,
                "usage": Jsonb(usage) if usage else None, "fetched_at": at,
            },
            "facebook",
        )  # fmt: skip

    def days(self, group: str, first: date, days: int, at: datetime, state: str = "ok", platform: str = "facebook") -> None:
        """A call group asked for whole days: of the Page from 08:00 UTC, which is Pacific midnight in winter, of Instagram from 00:00."""
        begin_at = datetime(first.year, first.month, first.day, 8 if platform == "facebook" else 0, tzinfo=UTC)
        self.enter(at, state, group_name=group, window_start=begin_at, window_end=begin_at + days * DAY, platform=platform)

    def _insert(self, table: str, columns: dict[str, Any], platform: str) -> None:
        row = {
            "tenant_id": self.tenant,
            "account_id": account_of(self.tenant, "facebook" if platform == "facebook" else "instagram"),
            **columns,
        }
        statement = sql.SQL("insert into raw.{} ({}) values ({})").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
        )
        with connect(self.settings, Role.INGEST) as connection:
            connection.execute(statement, list(row.values()))

    def note(self, **columns: Any) -> None:
        """News of the Page's token: they leave ingest_xid alone."""
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in columns.items()
        )
        with connect(self.settings, Role.INGEST) as connection:
            connection.execute(
                sql.SQL("update raw.graph_accounts set {} where account_id = %s").format(assignments),
                (account_of(self.tenant, "facebook"),),
            )


@pytest.fixture(scope="module")
def warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Published once, without facts. The tests share it, each with a tenant of its own, and go forward in time together."""
    return new_built_warehouse()


@pytest.fixture
def world(warehouse: Settings) -> World:
    return new_world(warehouse)


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


def values(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings, Role.MIGRATOR) as connection:
        return connection.execute(query).fetchall()


def assert_equals_rebuild(settings: Settings, as_of: datetime) -> None:
    built = "select h::text from build.collection_health h order by 1"
    corrected = values(settings, built)
    rebuilt = refresh(settings, full=True, as_of=as_of)
    assert set(corrected) ^ set(values(settings, built)) == set()
    assert rebuilt.published.changes == ()


def test_a_day_is_the_local_one_and_the_ledger_wakes_a_refresh(world: World) -> None:
    """23:30 UTC is the next day in Berlin; an item that failed and came at the second attempt was asked for once."""
    world.enter(START, "error", key="a", asked_count=5, answered_count=0)
    world.enter(START + HOUR, key="a", asked_count=5, answered_count=4)
    world.enter(START + 10.9 * HOUR, asked_count=2, answered_count=2)
    world.enter(START + 11.5 * HOUR, "throttled", asked_count=3, answered_count=0, http_calls=2, counted_calls=40)
    assert "collection_ledger" in {one.table for one in new_rows(world.settings)}
    world.refreshed(START + 12 * HOUR)
    states = "ok_count, error_count, throttled_count"
    columns = f"collection_date, asked_count, answered_count, answered_rate, {states}, http_calls, counted_calls, status"
    assert world.rows(columns) == [
        (date(2026, 3, 2), 7, 6, pytest.approx(6 / 7), 2, 1, 0, 3, 3, "ok"),
        (date(2026, 3, 3), 3, 0, 0, 0, 0, 1, 2, 40, "blocked"),
    ]
    assert "collection_ledger" not in {one.table for one in new_rows(world.settings)}


def test_days_without_a_request_are_seen(world: World) -> None:
    """The collector stands still: the account has its rows all the same, and is stale after a day. Switched off, it has none."""
    world.enter(START)
    world.collector.send(sample(world.tenant, PAGE_ID, "fan_count", START, 5, object_type="page", period="node"))
    world.refreshed(START + 3 * DAY)
    assert world.rows("collection_date - '2026-03-02', asked_count, days_without_value, last_value_at, status") == [
        (0, 1, 0, START, "ok"),
        (1, 0, 1, START, "ok"),
        (2, 0, 2, START, "stale"),
        (3, 0, 3, START, "stale"),
    ]
    # A value of the second day that arrives late.
    late = START + DAY
    world.collector.send(sample(world.tenant, PAGE_ID, "fan_count", late, 6, object_type="page", period="node"))
    world.collector.configure(world.tenant, "instagram", is_active=False)
    world.refreshed(START + 3 * DAY)
    assert world.rows("days_without_value") == [(0,), (0,), (1,), (2,)]
    world.collector.configure(world.tenant, "facebook", is_active=False)
    world.refreshed(START + 4 * DAY)
    assert world.rows("collection_date - '2026-03-02'") == [(0,)]
    assert world.rows("status", platform="instagram") == []


def test_a_refused_metric_is_quarantined_until_it_is_answered(world: World) -> None:
    at = START + 4 * DAY
    world.enter(at, key="a", asked_count=3, answered_count=2, group_name="fb_page")
    world.enter(at, "deprecated", "page_views_total", key="a", group_name="fb_page", retry_after=at + 7 * DAY)
    world.enter(at, "empty", "page_follows", key="a", group_name="fb_page")
    world.enter(at, "ok", "page_media_view", key="a", group_name="fb_page")
    world.refreshed(at + 6 * HOUR)
    columns = "metric_name, asked_count, answered_count, deprecated_count, empty_count, quarantined_until, status"
    assert world.rows(columns, "true") == [
        (ITEM, 3, 2, 0, 0, at + 7 * DAY, "partial"),
        ("page_follows", 1, 0, 0, 1, None, "partial"),
        ("page_media_view", 1, 1, 0, 0, None, "ok"),
        ("page_views_total", 1, 0, 1, 0, at + 7 * DAY, "quarantined"),
    ]
    # A probe is answered the day after: the past keeps its quarantine.
    world.enter(at + DAY, "ok", "page_views_total", group_name="fb_page")
    world.refreshed(at + DAY + 6 * HOUR)
    assert world.rows("collection_date - '2026-03-02', status", "metric_name = 'page_views_total'") == [(4, "quarantined"), (5, "ok")]


def test_of_posts_the_samples_tell_which_metrics_were_asked(world: World) -> None:
    """A reel of Instagram: its metrics have a row without counts, those that only feed media have do not."""
    at = START + 6 * DAY
    reel: dict[str, Any] = {"platform": "instagram", "object_type": "ig_media", "media_product": "REELS", "group_name": "ig_media_due"}
    world.enter(at, key="r", object_id="reel", asked_count=8, answered_count=7, **reel)
    world.enter(at, "not_supported", "shares", key="r", retry_after=at + 7 * DAY, **reel)
    world.collector.send(sample(world.tenant, "reel", "views", at - 36 * DAY, 5, **{**reel, "group_name": "ig_media_due"}))
    world.refreshed(at + HOUR)
    found = {row[0]: row[1:] for row in world.rows("metric_name, asked_count, days_without_value, status", "true", "instagram")}
    assert found[ITEM] == (8, 36, "stale")
    assert found["views"] == (None, 36, "stale")
    assert found["reels_skip_rate"] == (None, None, "ok")
    assert found["shares"] == (None, None, "quarantined")
    assert "profile_visits" not in found
    assert "follower_count" not in found


def test_versions_usage_and_token(world: World) -> None:
    at = START + 7 * DAY
    world.enter(at)
    world.answer(at, "v25.0", {"app": {"call_pct": 12}, "page": None, "business": [{"load": {"cpu_pct": 61.5}}]})
    world.answer(at + HOUR, "v26.0", {"app": {"call_pct": 13}})
    world.note(token_state="expiring", token_expires_at=at + 9 * DAY, data_access_expires_at=at + 8 * DAY)
    world.refreshed(at + 2 * HOUR)
    versions = "pinned_version, served_version, is_version_mismatch, days_to_version_end, max_usage_pct, day_rule_source"
    assert world.rows(versions) == [("v25.0", "v26.0", True, (date(2028, 7, 29) - date(2026, 3, 9)).days, 61.5, "default")]
    assert world.rows("token_state, days_to_token_expiry, status") == [("expiring", 8, "ok")]
    world.note(token_state="invalid", day_rule_source="manual")
    world.refreshed(at + DAY)
    # Only the newest day has the present token; nobody knows what it was.
    assert world.rows("token_state, days_to_token_expiry, status, day_rule_source, pinned_version, served_version") == [
        (None, None, "ok", "manual", "v25.0", "v26.0"),
        ("invalid", 7, "blocked", "manual", "v25.0", None),
    ]


def test_days_are_complete_when_they_are_final_in_every_group(world: World) -> None:
    """Collected from March 10. Its first day ends on the 11th, is final 72 hours later; a group that lags holds all back."""
    world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 10))
    first = date(2026, 3, 10)
    for day in range(7):
        at = datetime(2026, 3, 11, 12, tzinfo=UTC) + day * DAY
        for group in PAGE_GROUPS:
            if group == "fb_page_split_ads" and day == 4:
                world.days(group, first + DAY, 4, at, "error")
            elif day < 6:
                world.days(group, date(2026, 3, 4) + day * DAY, 7, at)
    world.refreshed(START + 18 * DAY)
    through = dict(world.rows("collection_date, data_through"))
    assert through[date(2026, 3, 13)] is None
    # 80 hours and more after the end; on the 15th one group failed; the 16th makes it good.
    assert [through[date(2026, 3, day)] for day in (14, 15, 16, 17)] == [first, first, date(2026, 3, 12), date(2026, 3, 12)]
    # A gap that is filled later lets all days after it count.
    world.days(PAGE_GROUPS[0], date(2026, 3, 13), 7, START + 19 * DAY)
    world.days(PAGE_GROUPS[1], date(2026, 3, 14), 6, START + 19 * DAY)
    world.days(PAGE_GROUPS[2], date(2026, 3, 13), 7, START + 19 * DAY)
    world.refreshed(START + 19 * DAY)
    assert world.rows("data_through", "metric_name = '*' and collection_date = '2026-03-21'") == [(date(2026, 3, 12),)]
    world.days(PAGE_GROUPS[1], date(2026, 3, 13), 1, START + 20 * DAY)
    world.refreshed(START + 20 * DAY)
    assert world.rows("data_through", "metric_name = '*' and collection_date >= '2026-03-21'") == [
        (date(2026, 3, 12),),
        (date(2026, 3, 17),),
    ]


def test_a_limit_that_holds_blocks_the_newest_day(world: World) -> None:
    at = START + 21 * DAY
    world.enter(at)
    world.collector.send(sample(world.tenant, PAGE_ID, "fan_count", at, 5, object_type="page", period="node"))
    with connect(world.settings, Role.INGEST) as connection:
        connection.execute(
            "insert into raw.graph_budgets (app_id, scope, scope_id, tenant_id, blocked_until, updated_at)"
            " values (%s, 'page', %s, %s, %s, %s)",
            (f"app {world.tenant}", PAGE_ID, world.tenant, at + 2 * HOUR, at),
        )
    world.refreshed(at + HOUR)
    assert world.rows("status") == [("blocked",)]
    world.refreshed(at + 3 * HOUR)
    assert world.rows("status") == [("ok",)]


def test_a_run_that_never_published_is_made_good(world: World) -> None:
    at = START + 22 * DAY
    world.enter(at)
    with transform_lock(world.settings):
        window = begin(world.settings, run_id="lost", as_of=at)
        build(world.settings, window)
    world.refreshed(at + HOUR)
    assert world.rows("asked_count") == [(1,)]


def test_all_that_happened_equals_a_rebuild(world: World) -> None:
    """Last, since it looks at all that the tests before have left."""
    world.enter(START + 22 * DAY)
    world.refreshed(START + 23 * DAY)
    assert_equals_rebuild(world.settings, START + 23 * DAY)
    assert values(world.settings, "select count(*) > 100 from marts.collection_health") == [(True,)]


def test_any_order_of_arrival_equals_a_rebuild(built_warehouse: Settings) -> None:
    """Ledger, answers and values of two tenants come shuffled in five deliveries while days pass; zone, rule and activity change."""
    rng = random.Random(20261121)
    settings = built_warehouse
    worlds = [new_world(settings, UUID(int=number)) for number in (1, 2)]
    for world in worlds:
        world.collector.configure(world.tenant, "facebook", collect_from=date(2026, 3, 3))
    sends = [send for world in worlds for send in drawn_sends(rng, world)]
    rng.shuffle(sends)
    for number in range(5):
        for send in sends[number::5]:
            send()
        if number == 1:
            worlds[0].collector.configure(worlds[0].tenant, "instagram", is_active=False)
            worlds[1].note(token_state="expiring", token_expires_at=START + 30 * DAY)
        if number == 2:
            worlds[1].note(day_rule_source="calibrated")
            worlds[0].collector.configure(worlds[0].tenant, "instagram", ig_day_boundary="account")
        if number == 3:
            with connect(settings, Role.MIGRATOR) as connection:
                connection.execute(
                    "insert into raw.tenant_parameters (tenant_id, parameter, valid_from, value) values (%s, 'timezone', '2026-03-06', %s)",
                    (worlds[0].tenant, Jsonb("Asia/Kolkata")),
                )
                connection.execute(
                    "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause)"
                    " values (null, 'days', '2026-03-05', '2026-03-06', 'recalculation')"
                )
        assert refresh(settings, as_of=START + (6 + number) * DAY).window.mode == "incremental"
    assert_equals_rebuild(settings, START + 10 * DAY)
    assert values(
        settings, "select count(*) > 100, count(data_through) > 3, count(quarantined_until) > 3 from marts.collection_health"
    ) == [(True, True, True)]


def drawn_sends(rng: random.Random, world: World) -> list[Callable[[], None]]:
    """Ten days of a Page and an Instagram account: windows, refusals, samples, failures, versions; each is one thing to write."""
    sends: list[Callable[[], None]] = []

    def later(write: Callable[..., None], *given: Any, **named: Any) -> None:
        sends.append(lambda: write(*given, **named))

    def send(fact: Any) -> None:
        world.collector.send(fact)

    for day in range(10):
        at = START + day * DAY + timedelta(minutes=rng.randint(0, 1300))
        yesterday = (at - DAY).date()
        for group in PAGE_GROUPS:
            later(world.days, group, yesterday - 6 * DAY, 7, at, rng.choice(["ok", "ok", "ok", "error", "empty"]))
        for group in ("ig_series", "ig_total", "ig_follows"):
            for back in range(4):
                later(world.days, group, yesterday - back * DAY, 1, at, rng.choice(["ok", "ok", "throttled"]), "instagram")
        for metric in rng.sample(["page_media_view", "page_follows", "page_views_total"], k=2):
            refusal: dict[str, Any] = rng.choice([{}, {"state": "deprecated", "retry_after": at + 3 * DAY}, {"state": "empty"}])
            later(world.enter, at, metric=metric, group_name="fb_page", **refusal)
        media: dict[str, Any] = {"platform": "instagram", "object_type": "ig_media", "media_product": rng.choice(["FEED", "REELS"])}
        later(world.enter, at, object_id="m", group_name="ig_media_due", asked_count=9, answered_count=8, **media)
        later(world.answer, at, rng.choice(["v25.0", "v26.0", None]), rng.choice([None, {"page": {"call_pct": rng.randint(0, 99)}}]))
        later(
            send, asked(world.tenant, "views", yesterday, 1, rng.randint(0, 9), after=at - datetime(at.year, at.month, at.day, tzinfo=UTC))
        )
        later(send, sample(world.tenant, PAGE_ID, "fan_count", at, rng.randint(0, 9), object_type="page", period="node"))
    return sends

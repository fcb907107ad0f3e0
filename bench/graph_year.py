"""A year of daily pulls from the simulated Meta, with both clock changes: what of the marts differs from its truth."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr

from agentmarts.meta_graph.accounts import add_account
from agentmarts.meta_graph.collecting.collector import collect
from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from bench.scratch_warehouse import scratch_warehouse
from graph_simulator.insights.recipe_tables import object_type, recipe_of
from graph_simulator.insights.truth import truth
from graph_simulator.server import running
from graph_simulator.world.build import Size, build_world
from graph_simulator.world.instants import midnight
from graph_simulator.world.world import World

BEGIN = datetime(2026, 3, 1, 6, tzinfo=UTC)
"""Before the American change of 8 March 2026; a year on is after that of 1 November."""
ZONES = {"pacific": ZoneInfo("America/Los_Angeles"), "utc": ZoneInfo("UTC")}
REFRESH_EVERY = 30
_DAYS = """
select a.graph_id, m.platform, m.metric_name, m.source_metric, m.day_basis, m.metric_date, m.value_increment
from marts.engagement_metrics m join raw.graph_accounts a using (tenant_id, account_id)
where m.object_level = 'account' and m.dim_key = '' and m.additive and not m.is_provisional and m.day_basis <> 'tenant'
  and m.value_increment is not null and m.metric_name not in ('follower_growth', 'likes') and m.metric_date >= %s
"""
_WINDOWS = """
select a.graph_id, r.source_metric, r.day_basis, r.window_start_date, r.window_end_date, r.unique_accounts
from marts.account_reach r join raw.graph_accounts a using (tenant_id, account_id)
where not r.is_provisional and r.unique_accounts is not null and r.window_start_date >= %s
"""
_POSTS = """
select object_id, (array_agg(source_metric order by metric_date desc))[1], sum(value_increment), max(observed_at)
from marts.engagement_metrics
where object_level = 'post' and dim_key = '' and value_cumulative is not null
  and metric_name not in ('likes', 'comments', 'shares', 'link_clicks')
group by object_id, metric_name
"""


def run(days: int, seed: int, every: int) -> dict[str, float]:
    """Wrong days of Facebook and Instagram, wrong weeks, windows and posts' totals, of how many; rows that a rebuild would change; HTTP
    requests of a pull.

    `every`: days between two pulls; what lies between comes with the next one.
    """
    world = build_world(
        seed, BEGIN.isoformat(), Size(posts=4, reels=2, stories=0, history_days=20, future_days=days + 5, audience=1_500, views_per_post=60)
    )
    with scratch_warehouse(27834) as (scratch, _), running(world) as base_url:
        settings = scratch.model_copy(
            update={"graph_base_url": base_url, "graph_app_id": world.app_id, "graph_app_secret": SecretStr(world.app_secret)}
        )
        _connect(settings, world)
        requests = list(_pull(settings, base_url, days, every))
        first = BEGIN.date() + timedelta(days=1)
        found = _compare(settings, world, first)
        last = BEGIN + timedelta(days=(len(requests) - 1) * every)
        rebuilt = refresh(settings, full=True, as_of=last).published
        for change in rebuilt.changes:
            print(f"a rebuild changed {change}")
    return {
        **found,
        "graph_year_rows_a_rebuild_changes": rebuilt.rows_changed,
        "graph_requests_a_pull_mean": sum(requests[1:]) / len(requests[1:]),
        "graph_requests_a_pull_max": max(requests[1:]),
    }


def _connect(settings: Settings, world: World) -> None:
    os.environ["AGENTMARTS_GRAPH_TOKEN_BENCH"] = world.token("system")
    tenant = create_tenant(settings, slug="year", timezone="Europe/Berlin")
    with connect(settings, Role.INGEST) as connection:
        for one in world.accounts.values():
            add_account(
                connection, tenant_id=tenant.tenant_id, platform=one.platform, graph_id=one.id, login_kind="facebook_login",
                token_ref="bench", token_kind="system_user", at=BEGIN, collect_from=BEGIN.date(),  # noqa: S106 - names
            )  # fmt: skip


def _pull(settings: Settings, base_url: str, days: int, every: int) -> Iterator[int]:
    """HTTP requests of each pull; the marts are refreshed after every thirtieth, and at the end."""
    instants = list(range(0, days + 4, every))
    for count, number in enumerate(instants):
        at = BEGIN + timedelta(days=number)
        httpx.post(f"{base_url}/_control/clock", json={"to": at.isoformat()}, trust_env=False).raise_for_status()
        done = collect(settings, clock=lambda at=at: at, sleep=lambda seconds: None)  # type: ignore[misc]
        for one in done:
            if not one.is_complete:
                print(f"{at:%Y-%m-%d} {one.account.platform}: {one.error or one.outcome}")
        yield sum(one.outcome.counts.http_calls for one in done if one.outcome)
        if count % REFRESH_EVERY == 0 or number == instants[-1]:
            result = refresh(settings, as_of=at)
            print(f"{at:%Y-%m-%d}: {result.window.mode}, {result.published.rows_changed:,} rows changed")


def _compare(settings: Settings, world: World, first: date) -> dict[str, float]:
    with connect(settings, Role.MIGRATOR) as connection:
        days = connection.execute(_DAYS, [first]).fetchall()
        windows = connection.execute(_WINDOWS, [first]).fetchall()
        posts = connection.execute(_POSTS).fetchall()
    compared, wrong = Counter[str](), Counter[str]()
    wrong_dates: dict[str, set[date]] = defaultdict(set)
    weeks: dict[tuple[str, str, str, date], list[Any]] = defaultdict(list)
    for graph_id, platform, _, source, basis, day, value in days:
        compared[f"{platform}_day_values"] += 1
        if value != _true(world, graph_id, source, midnight(day, ZONES[basis]), midnight(day + timedelta(days=1), ZONES[basis])):
            wrong_dates[platform].add(day)
        weeks[graph_id, source, basis, day - timedelta(days=day.weekday())].append(value)
    for (graph_id, source, basis, monday), values in weeks.items():
        if len(values) == 7:
            compared["weeks"] += 1
            until = midnight(monday + timedelta(days=7), ZONES[basis])
            wrong["weeks"] += sum(values) != _true(world, graph_id, source, midnight(monday, ZONES[basis]), until)
    for graph_id, source, basis, start, end, people in windows:
        compared["windows"] += 1
        until = midnight(end + timedelta(days=1), ZONES[basis])
        wrong["windows"] += people != _true(world, graph_id, source, midnight(start, ZONES[basis]), until)
    for object_id, source, total, observed_at in posts:
        # Of older ones only what came since the first sample is known.
        if datetime.fromtimestamp(world.objects[object_id].published_at, UTC) >= BEGIN:
            compared["posts"] += 1
            wrong["posts"] += total != _true(world, object_id, source, None, int(observed_at.timestamp()))
    return {
        "graph_year_wrong_days_facebook": len(wrong_dates["facebook"]),
        "graph_year_wrong_days_instagram": len(wrong_dates["instagram"]),
        "graph_year_days": len({row[5] for row in days}),
        "graph_year_wrong_weeks": wrong["weeks"],
        "graph_year_wrong_windows": wrong["windows"],
        "graph_year_wrong_posts": wrong["posts"],
        **{f"graph_year_compared_{name}": count for name, count in compared.items()},
    }


def _true(world: World, id_: str, metric: str, since: int | None, until: int) -> float:
    thing = world.accounts.get(id_) or world.objects[id_]
    recipe = recipe_of(object_type(thing), metric)
    assert recipe is not None, f"{metric} of {id_}"
    value = truth(world.log, getattr(thing, "log_id", id_), recipe, since=since, until=until)
    return float(sum(value.values()) if isinstance(value, dict) else value)

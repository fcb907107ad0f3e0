"""An agency's accounts: how long all social marts take to build from years of collected metrics, and one new day of all accounts."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from bench.refresh import measure
from bench.scratch_warehouse import scratch_warehouse

TENANTS = 10
PAGE_METRICS = (
    "page_media_view", "page_total_media_view_unique", "page_views_total", "page_post_engagements", "page_total_actions",
    "page_actions_post_reactions_total", "page_daily_follows", "page_daily_follows_unique", "page_daily_unfollows_unique", "page_follows",
    "page_video_views", "page_video_view_time",
)  # fmt: skip
NODE_METRICS = ("followers_count", "fan_count", "talking_about_count", "rating_count", "overall_star_rating")
POST_METRICS = ("post_media_view", "post_clicks", "post_video_views", "shares.count")
AGES = (1, 6, 24, 48, 72, 96, 120, 168, 336, 672)
"""Hours after its publication at which a post is sampled; each account has one new post a day."""
GROUPS_OF_DAYS = ("fb_page", "fb_page_split_ads", "fb_page_split_followers")

_ACCOUNTS = """
insert into raw.graph_accounts (tenant_id, platform, graph_id, login_kind, token_ref, token_kind, token_state, collect_from, updated_at)
select tenant_id, 'facebook', 'page_' || number, 'facebook_login', 'TOKEN', 'page', 'ok', %(first)s::date, %(first)s
from raw.tenants cross join generate_series(1, %(accounts)s::int / %(tenants)s) as number
"""
# One day of all accounts, at six in the morning: what was asked, what came, and what it cost.
_DAY = (
    """
insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period,
                                   window_start, window_end, asked_count, answered_count, state, http_calls, counted_calls, finished_at)
select tenant_id, account_id, 'bench', account_id || group_name || day, 1, group_name, 'insights', 'page', '*', 'day',
       day - interval '8 days', day, 12, 12, 'ok', 1, 1, day + interval '6 hours'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(%(groups)s::text[]) as group_name
""",
    """
insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period,
                                   sample_slot, asked_count, answered_count, state, http_calls, counted_calls, finished_at)
select tenant_id, account_id, 'bench', account_id || 'node' || day, 1, 'fb_node', 'node', 'page', metric, 'node',
       'day:' || day::date, 1, 1, 'ok', 0, 0, day + interval '6 hours'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(%(node_metrics)s::text[] || '*'::text) as metric
""",
    """
insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period,
                                   window_start, window_end, asked_count, answered_count, state, http_calls, counted_calls, finished_at)
select tenant_id, account_id, 'bench', account_id || 'fb_page' || day, 1, 'fb_page', 'insights', 'page', metric, 'day',
       day - interval '8 days', day, 1, 1, 'ok', 0, 0, day + interval '6 hours'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(%(page_metrics)s::text[]) as metric
""",
    # Two metrics that Meta refuses, left alone for a week; every day one more reason to look back.
    """
insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period,
                                   asked_count, answered_count, state, http_calls, counted_calls, finished_at, retry_after)
select tenant_id, account_id, 'bench', account_id || 'refused' || day, 1, 'fb_page', 'insights', 'page', metric, 'day',
       1, 0, 'deprecated', 0, 0, day + interval '6 hours', day + interval '7 days 6 hours'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(array['page_fans', 'page_impressions']) as metric
""",
    """
insert into raw.graph_responses (tenant_id, account_id, response_id, run_id, plan_key, attempt, edge, method, path, params,
                                 requested_version, served_version, http_status, fetched_at)
select tenant_id, account_id, gen_random_uuid(), 'bench', 'k', 1, 'insights', 'GET', '/page', '{}', 'v25.0', 'v25.0', 200,
       day + interval '6 hours'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
""",
    """
insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, metric,
                                     period, window_end, value, state, is_final, observed_at, response_id, catalogue_version)
select tenant_id, account_id, gen_random_uuid(), 1, 'fb_page', 'facebook', 'page', graph_id, metric, 'day',
       day - interval '4 days' + interval '7 hours', abs(hashtext(metric || day)) %% 1000, 'ok', true, day + interval '6 hours',
       gen_random_uuid(), 'bench'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(%(page_metrics)s::text[]) as metric
""",
    """
insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, metric,
                                     period, sample_slot, value, state, is_final, observed_at, response_id, catalogue_version)
select tenant_id, account_id, gen_random_uuid(), 1, 'fb_node', 'facebook', 'page', graph_id, metric, 'node', 'day:' || day::date,
       10000 + (day::date - date '2020-01-01'), 'ok', true, day + interval '6 hours', gen_random_uuid(), 'bench'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
cross join unnest(%(node_metrics)s::text[]) as metric
""",
    """
insert into raw.graph_objects (tenant_id, account_id, object_id, revision, object_type, published_at, observed_at)
select tenant_id, account_id, graph_id || '_' || day::date, 1, 'post', day, day + interval '1 hour'
from raw.graph_accounts cross join generate_series(%(first)s, %(last)s, interval '1 day') as day
""",
    """
with sampled as (
    select o.tenant_id, o.account_id, o.object_id, age, o.published_at + age * interval '1 hour' as sampled_at
    from raw.graph_objects as o cross join unnest(%(ages)s::int[]) as age
    where o.published_at + age * interval '1 hour' >= %(first)s
        and o.published_at + age * interval '1 hour' < %(last)s::timestamptz + interval '1 day'
),
ledger as (
    insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, object_id, metric,
                                       period, sample_slot, asked_count, answered_count, state, http_calls, counted_calls, finished_at)
    select tenant_id, account_id, 'bench', object_id || 'age' || age, 1, 'fb_posts', 'published_posts', 'post', object_id, '*', 'lifetime',
           'age:' || age || 'h', 4, 4, 'ok', 0, 1, sampled_at
    from sampled
)
insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, metric,
                                     period, sample_slot, value, state, is_final, observed_at, response_id, catalogue_version)
select tenant_id, account_id, gen_random_uuid(), 1, 'fb_posts', 'facebook', 'post', object_id, metric, 'lifetime', 'age:' || age || 'h',
       round(500 * ln(1 + age)), 'ok', true, sampled_at, gen_random_uuid(), 'bench'
from sampled cross join unnest(%(post_metrics)s::text[]) as metric
""",
)


def run(accounts: int, days: int) -> dict[str, float]:
    """Seconds of SQL of a full build of a quarter of the days and of all of them, of one more day, and how the build grows with history."""
    quarter = _build(accounts, days // 4)
    whole = _build(accounts, days)
    return {
        **{f"graph_scale_{name}": value for name, value in whole.items()},
        "graph_scale_full_exponent": math.log(whole["full_sql_seconds"] / quarter["full_sql_seconds"]) / math.log(days / (days // 4)),
        "graph_scale_new_day_exponent": math.log(whole["new_day_sql_seconds"] / quarter["new_day_sql_seconds"])
        / math.log(days / (days // 4)),
    }


def _build(accounts: int, days: int) -> dict[str, float]:
    with scratch_warehouse(27833) as (settings, _):
        for number in range(1, TENANTS + 1):
            create_tenant(settings, slug=f"client-{number}", timezone="Europe/Berlin")
        last = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
        first = last - timedelta(days=days - 1)
        _execute(settings, first, last, accounts, _ACCOUNTS)
        rows = _execute(settings, first, last, accounts, *_DAY)
        print(f"  {accounts} accounts, {days} days: {rows:,} rows", flush=True)
        full = measure(settings, "full", full=True, slowest=12)
        measure(settings, "first after full")
        more = last + timedelta(days=1)
        _execute(settings, more, more, accounts, *_DAY)
        new_day = measure(settings, "one new day", slowest=12)
        return {"rows": rows, "full_sql_seconds": full.sql, "full_wall_seconds": full.wall, "new_day_sql_seconds": new_day.sql}


def _execute(settings: Settings, first: datetime, last: datetime, accounts: int, *statements: str) -> int:
    values = {
        "first": first,
        "last": last,
        "accounts": accounts,
        "tenants": TENANTS,
        "groups": list(GROUPS_OF_DAYS),
        "page_metrics": list(PAGE_METRICS),
        "node_metrics": list(NODE_METRICS),
        "post_metrics": list(POST_METRICS),
        "ages": list(AGES),
    }
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        rows = sum(connection.execute(statement, values).rowcount for statement in statements)
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        connection.execute("analyze")
    return rows

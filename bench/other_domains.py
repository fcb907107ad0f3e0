"""Facts of learning and social beside the conversations of a bench, made in the database: the refresh is measured, not the ingest."""

from __future__ import annotations

from datetime import datetime, timedelta

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect

ACCOUNTS = 10
DAYS = 90
POSTS = 40
PAGE_METRICS = ("page_media_view", "page_post_engagements", "page_video_views", "page_follows", "page_views_total")
POST_METRICS = ("post_media_view", "post_clicks", "post_reactions_like_total", "post_reactions_love_total")

_ACTIONS = """
insert into raw.agent_actions (tenant_id, event_id, occurred_at, received_at, predicted_confidence, conversation_id, action_type,
                               outcome_type)
select tenant_id, 'a-' || event_id, occurred_at, received_at, round((0.3 + 0.6 * random())::numeric, 2), conversation_id,
       (array['send_email', 'offer_discount', 'answer'])[1 + abs(hashtext(event_id)) %% 3],
       (array['email_engagement', 'deal_progression', 'resolution'])[1 + abs(hashtext(event_id)) %% 3]
from raw.conversation_events
where event_type = 'message_sent' and abs(hashtext(event_id || 'x')) %% 8 = 0
"""
_SIGNALS = """
insert into raw.outcome_signals (tenant_id, event_id, occurred_at, received_at, action_id, outcome_status, signal_source)
select tenant_id, 's-' || event_id, occurred_at + interval '5 hours', received_at + interval '5 hours', event_id,
       case when random() < 0.6 then 'positive' else 'negative' end, 'automatic'
from raw.agent_actions where abs(hashtext(event_id || 's')) %% 2 = 0 and occurred_at + interval '5 hours' < %(now)s
"""
_MORE_SIGNALS = """
insert into raw.outcome_signals (tenant_id, event_id, occurred_at, received_at, action_id, outcome_status, signal_source)
select a.tenant_id, 'm-' || a.event_id, a.occurred_at + interval '6 hours', %(now)s, a.event_id,
       case when random() < 0.6 then 'positive' else 'negative' end, 'automatic'
from raw.agent_actions a
where abs(hashtext(a.event_id || 's')) %% 2 = 1 and abs(hashtext(a.event_id || 'm')) %% 50 = 0
  and a.occurred_at + interval '6 hours' < %(now)s
"""
_FEEDBACK = """
insert into raw.feedback (tenant_id, event_id, occurred_at, received_at, rating, source, target_type, target_id, conversation_id,
                          reviewer_id)
select tenant_id, 'f-' || event_id, occurred_at, received_at, 1 + abs(hashtext(event_id)) %% 5, 'dashboard', 'conversation',
       conversation_id, conversation_id, 'r' || abs(hashtext(event_id)) %% 7
from raw.conversation_events
where event_type = 'message_received' and abs(hashtext(event_id || 'f')) %% 20 = 0
"""
_SOCIAL = """
with accounts as (
    insert into raw.graph_accounts (tenant_id, platform, graph_id, login_kind, token_ref, token_kind, token_state, collect_from, updated_at)
    select tenant_id, 'facebook', 'page', 'facebook_login', 'TOKEN', 'page', 'ok', %(first)s::date, %(now)s
    from raw.tenants order by slug limit %(accounts)s
    returning tenant_id, account_id
),
objects as (
    insert into raw.graph_objects (tenant_id, account_id, object_id, revision, object_type, published_at, observed_at)
    select a.tenant_id, a.account_id, 'page_' || n, 1, 'post', published_at, published_at + interval '1 hour'
    from accounts a cross join lateral (
        select n, %(first)s::timestamptz + n * interval '2 days' as published_at from generate_series(1, %(posts)s) as n
    ) p
    returning tenant_id, account_id, object_id, published_at
),
ledger as (
    insert into raw.collection_ledger (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period,
                                       window_start, window_end, asked_count, answered_count, state, http_calls, counted_calls, finished_at)
    select a.tenant_id, a.account_id, 'bench', 'fb_page|' || day, 1, 'fb_page', 'page_insights', 'page', '*', 'day',
           day - interval '3 days', day, %(page_count)s, %(page_count)s, 'ok', 1, 1, day + interval '6 hours'
    from accounts a cross join generate_series(%(first)s::timestamptz + interval '1 day', %(now)s, interval '1 day') as day
    where day + interval '6 hours' < %(now)s
),
of_page as (
    insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, metric,
                                         period, window_end, value, state, is_final, observed_at, response_id, catalogue_version)
    select a.tenant_id, a.account_id, gen_random_uuid(), 1, 'fb_page', 'facebook', 'page', 'page', metric, 'day',
           day, abs(hashtext(metric || day)) %% 1000, 'ok', true, day + interval '80 hours', gen_random_uuid(), 'bench'
    from accounts a cross join unnest(%(page_metrics)s::text[]) as metric
    cross join generate_series(date_trunc('day', %(first)s::timestamptz) + interval '7 hours', %(now)s, interval '1 day') as day
    where day + interval '80 hours' < %(now)s
)
insert into raw.metric_observations (tenant_id, account_id, fact_id, revision, group_name, platform, object_type, object_id, metric,
                                     period, sample_slot, value, state, is_final, observed_at, response_id, catalogue_version)
select o.tenant_id, o.account_id, gen_random_uuid(), 1, 'fb_posts', 'facebook', 'post', o.object_id, metric, 'lifetime',
       'at:' || sampled_at, round(500 * ln(1 + hours)), 'ok', true, sampled_at, gen_random_uuid(), 'bench'
from objects o cross join unnest(%(post_metrics)s::text[]) as metric
cross join lateral (
    select h as hours, o.published_at + h * interval '1 hour' as sampled_at
    from unnest(array[1, 6, 24, 48, 72, 96, 120, 168, 336, 672]) as h
) s
where sampled_at < %(now)s
"""


def fill_learning(settings: Settings, now: datetime) -> int:
    """Actions, signals and feedback on the conversations that are there; how many rows. `now`: nothing is stamped later (UTC)."""
    return _run(settings, now, _ACTIONS, _SIGNALS, _FEEDBACK)


def fill_social(settings: Settings, now: datetime) -> int:
    """Pages of the first tenants with daily metrics, posts and their samples; how many samples. `now`: nothing is stamped later (UTC)."""
    return _run(settings, now, _SOCIAL)


def more_outcomes(settings: Settings, now: datetime) -> int:
    """Signals for one in a hundred of the actions, of those that had none; how many. `now`: nothing is stamped later (UTC)."""
    return _run(settings, now, _MORE_SIGNALS)


def _run(settings: Settings, now: datetime, *statements: str) -> int:
    values = {
        "now": now,
        "first": now - timedelta(days=DAYS),
        "accounts": ACCOUNTS,
        "posts": POSTS,
        "page_count": len(PAGE_METRICS),
        "page_metrics": list(PAGE_METRICS),
        "post_metrics": list(POST_METRICS),
    }
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("set role am_owner")
        connection.execute("select setseed(0.5)")
        rows = sum(connection.execute(statement, values).rowcount for statement in statements)
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        connection.execute("analyze")
    return rows

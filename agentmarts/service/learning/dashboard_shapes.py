"""SQL of the role dashboards: columns of the warehouse's functions as JSON, with the keys of the original system, rounded.

What a figure is, its function in `marts` says (`sql_migrations/R__functions_*.sql`); nothing is computed here.
"""

# ruff: noqa: S608 (constants only)
from __future__ import annotations

from agentmarts.service.learning.dashboard_addresses import ROWS_OF_REPRESENTATIVE, addresses, rows_behind


def of_period(function: str, alias: str) -> str:
    """A join of the columns of a function over the period and representative asked for: NULL while no period is known."""
    return f"left join lateral marts.{function}(%(tenant)s, c.first_day, c.last_day, %(rep)s) {alias} on true"


def plain(alias: str, *names: str) -> str:
    """Keys and values of columns."""
    return ", ".join(f"'{name}', {alias}.{name}" for name in names)


def rounded(alias: str, *names: str, digits: int = 4) -> str:
    """Keys and rounded values of columns."""
    return ", ".join(f"'{name}', round({alias}.{name}::numeric, {digits})" for name in names)


def status(alias: str, *names: str, unknown: str = "no_data") -> str:
    """Keys and values of columns that say how to read another; before the first publish they say `unknown`."""
    return ", ".join(f"'{name}', coalesce({alias}.{name}, '{unknown}')" for name in names)


def rate(alias: str, name: str, shown_as: str | None = None) -> str:
    """A rate with both counts, its interval, and how to read it."""
    key = shown_as or name
    return f"""
      '{key}', round({alias}.{name}::numeric, 4),
      '{key}_numerator', {alias}.{name}_numerator, '{key}_denominator', {alias}.{name}_denominator,
      '{key}_low', round({alias}.{name}_low::numeric, 4), '{key}_high', round({alias}.{name}_high::numeric, 4),
      '{key}_status', coalesce({alias}.{name}_status, 'no_data')"""


OUTCOMES = of_period("outcome_counts", "f")
OUTCOME_COUNTS = ("total_actions", "positive_outcomes", "negative_outcomes", "ambiguous_outcomes", "expired_outcomes", "pending_outcomes")
SUCCESS_COUNTS = ("success_rate_numerator", "success_rate_denominator")
# The original's rate, which leaves out silence, and the one that uses actions whose window is still open.
OTHER_SUCCESS_RATES = f"""
      {rounded("f", "success_rate_resolved", "aj_success_rate")}, {plain("f", "aj_n")},
      {status("f", "success_rate_resolved_status", "aj_success_rate_status")}"""

RESPONSE_RATES = f"""json_build_object(
      {plain("f", *OUTCOME_COUNTS)}, {rate("f", "success_rate")}, {OTHER_SUCCESS_RATES},
      {rows_behind(*OUTCOME_COUNTS, *SUCCESS_COUNTS)})"""

DEAL_COUNTS = ("deals_progressed", "deals_stalled", "deals_closed_won")
DEAL_ADDRESSES = (*DEAL_COUNTS, "stage_advancement_rate_numerator", "stage_advancement_rate_denominator")
DEALS = f"{plain('f', *DEAL_COUNTS)}, {rate('f', 'stage_advancement_rate')}"
DEAL_IMPACT = f"json_build_object({DEALS}, {rows_behind(*DEAL_ADDRESSES)})"

TREND = of_period("success_trend", "t")


def trend(key: str, days_key: str) -> str:
    """Matured success of the first half of the period against the second, and its days."""
    halves = (
        f"""json_build_object('matured_positive', t.matured_positive_{half}, 'matured_labelled', t.matured_labelled_{half},
                          'success_rate', round(t.success_rate_{half}::numeric, 4))"""
        for half in ("before", "after")
    )
    return f"""
      '{key}', coalesce(t.trend, 'insufficient_data'), {rounded("t", "trend_p", digits=6)},
      'halves', json_build_array({", ".join(halves)}),
      '{days_key}', (select coalesce(json_agg(json_build_object(
        {plain("d", "metric_date", "actions", "positive_outcomes", "negative_outcomes", "pending_outcomes", "matured_labelled")},
        {plain("d", "matured_positive", "is_provisional")}, {rounded("d", "success_rate")}) order by d.metric_date), '[]')
        from marts.daily_outcomes(%(tenant)s, c.first_day, c.last_day, %(rep)s) d)"""


FEEDBACK = of_period("feedback_scores", "s")
_SCOPE = "'scope', case when %(rep)s::text is null then 'tenant' else 'actions_of_rep' end"
RECENT_TREND = f"{status('s', 'recent_trend', unknown='insufficient_data')}, {rounded('s', 'recent_trend_p', digits=6)}"
FEEDBACK_SCORES = f"""json_build_object(
      {_SCOPE}, {plain("s", "total_feedbacks", "ratings")}, {rounded("s", "average_rating", "normalized_avg")},
      {status("s", "average_rating_status", "normalized_avg_status")}, {RECENT_TREND},
      'by_source', (select json_object_agg(given.source, json_build_object(
        {plain("b", "entries", "ratings", "positive_count", "is_poor")},
        {rounded("b", "average_rating", "average_rating_se", "positive_share", "positive_share_low", "positive_share_high")}))
        from (values ('inline'), ('dashboard')) as given (source)
        left join marts.feedback_by_source(%(tenant)s, c.first_day, c.last_day, %(rep)s) b on b.source = given.source),
      'rows', case when %(rep)s::text is null then {addresses("total_feedbacks", "ratings")} end)"""

HEALTH = f"{FEEDBACK} {of_period('feedback_health', 'h')}"
FEEDBACK_HEALTH = f"""json_build_object(
      {_SCOPE}, {rounded("h", "submission_rate")},
      'submission_rate_status', case when c.last_day is null then 'no_data' else 'ok' end, 'submission_rate_unit', 'entries per day',
      {rounded("h", "coverage_percent", digits=2)}, {status("h", "coverage_status", unknown="not_linked")},
      {plain("h", "actions_with_feedback")}, {RECENT_TREND},
      {plain("h", "has_poor_feedback")}, {status("h", "has_poor_feedback_status")},
      'reviewers_scope', 'tenant', {plain("h", "reviewers", "fatigued_reviewers")},
      'reviewer_fatigue', (select coalesce(json_agg(json_build_object(
        {plain("r", "reviewer_id", "entries_last_7_days", "entries_28_days_before", "is_fatigued")},
        {rounded("r", "rate_ratio", "rate_ratio_low", "rate_ratio_high", "seed_entries_per_day")}
        ) order by r.rate_ratio_high, r.reviewer_id), '[]')
        from (select * from marts.reviewer_fatigue(%(tenant)s, c.last_day) order by rate_ratio_high, reviewer_id limit 50) r))"""

CALIBRATION = of_period("overall_calibration", "o")
OVERALL_BRIER = f"""
      {rounded("o", "overall_brier", digits=6)}, {plain("o", "overall_brier_n")}, {status("o", "overall_brier_status")}"""


def calibration_of_types(key: str) -> str:
    """Headline calibration of each type and the Brier score of them all, weighted by outcomes."""
    return f"""json_build_object('scope', 'tenant', {OVERALL_BRIER}, '{key}', (select coalesce(json_agg(json_build_object(
        {plain("k", "action_type", "n", "status", "is_calibrated", "direction", "e_alarm_at")},
        {rounded("k", "brier_score", "binned_calibration_error", digits=6)}, {rounded("k", "base_rate", "mean_confidence")},
        'href', '/v1/learning/calibration/' || marts.url_part(k.action_type)) order by k.action_type), '[]')
        from marts.calibration_by_type(%(tenant)s, c.first_day, c.last_day, %(rep)s) k))"""


ESCALATIONS = "left join lateral marts.escalation_rate(%(tenant)s, c.first_day, c.last_day) e on true"
ESCALATION_COUNTS = ("escalation_rate_numerator", "escalation_rate_denominator")
ESCALATION_RATE = rate("e", "escalation_rate")
ESCALATION_HISTORY = f"""(select coalesce(json_agg(json_build_object(
        {plain("v", "conversation_id", "episode_no", "escalated_at", "reason", "channel", "agent_id")}
        ) order by v.escalated_at desc, v.conversation_id, v.episode_no), '[]')
        from (select * from marts.escalation_history(%(tenant)s, c.first_day, c.last_day, %(rep)s)
              order by escalated_at desc, conversation_id, episode_no limit 50) v)"""
# With a representative the list is of the conversations he acted in, which no address can say.
ESCALATION_HISTORY_ROWS = f"case when %(rep)s::text is null then {addresses('escalation_history')}->>'escalation_history' end"

_BEST = "success_rate_low desc nulls last, total_actions desc, rep_id"
REPRESENTATIVES = f"""(select coalesce(json_agg(json_build_object(
        {plain("r", "rep_id", "total_actions", "positive_outcomes", "negative_outcomes", "pending_outcomes", "deals_progressed")},
        {rate("r", "success_rate")}, {rounded("r", "success_rate_resolved")}, 'rows', {ROWS_OF_REPRESENTATIVE}) order by {_BEST}), '[]')
        from (select * from marts.representative_outcomes(%(tenant)s, c.first_day, c.last_day, %(rep)s) order by {_BEST} limit 100) r)"""

COACHING = "cross join lateral marts.coaching_status(%(tenant)s, %(days)s) w"


def actionable_patterns(key: str, shown: int) -> str:
    """The first actionable patterns by rank; without any, why."""
    return f"""
      '{key}', (select coalesce(json_agg(json_build_object(
        {plain("p", "pattern_id", "recommendation", "pattern_type")}, 'pattern', p.description, 'sample_size', p.n,
        {rounded("p", "confidence", "success_rate", "difference")}, {rounded("p", "q_value", digits=6)}
        ) order by p.rank, p.pattern_id), '[]')
        from (select * from marts.coaching_patterns
              where tenant_id = %(tenant)s and window_days = w.window_days and is_actionable order by rank, pattern_id limit {shown}) p),
      '{key}_status', w.status, '{key}_window_days', w.window_days"""


SAVED = of_period("time_saved", "z")
TIME_SAVED = f"""
      {rounded("z", "estimated_time_saved_hours", digits=1)}, {status("z", "estimated_time_saved_hours_status")},
      {plain("z", "minutes_per_action")}"""

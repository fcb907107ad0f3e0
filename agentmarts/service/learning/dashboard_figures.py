"""SQL of the role dashboards: the figures they share, each as JSON made by PostgreSQL from the expressions of `role_relations`."""

# ruff: noqa: S608 (constants only)
from __future__ import annotations

from agentmarts.service.learning.dashboard_addresses import addresses, rows_behind


def rounded(*values: str, digits: int = 4) -> str:
    """Keys and rounded values of columns of `counted`."""
    return ", ".join(f"'{value}', round(f.{value}::numeric, {digits})" for value in values)


def plain(*values: str) -> str:
    """Keys and values of columns of `counted`."""
    return ", ".join(f"'{value}', f.{value}" for value in values)


def rate(name: str, is_provisional: str, shown_as: str | None = None) -> str:
    """A rate of `counted` with both counts, its interval, and how to read it."""
    key = shown_as or name
    return f"""
      '{key}', round(f.{name}::numeric, 4), '{key}_numerator', f.{name}_numerator, '{key}_denominator', f.{name}_denominator,
      '{key}_low', round(f.{name}_low::numeric, 4), '{key}_high', round(f.{name}_high::numeric, 4),
      '{key}_status', {status(f"f.{name}_denominator", is_provisional)}
    """


def status(n: str, is_provisional: str) -> str:
    """no_data, low_n, provisional or ok."""
    return (
        f"case when coalesce({n}, 0) = 0 then 'no_data' when {n} < c.small_sample then 'low_n' when {is_provisional} then 'provisional'"
        " else 'ok' end"
    )


OUTCOME_COUNTS = ("total_actions", "positive_outcomes", "negative_outcomes", "ambiguous_outcomes", "expired_outcomes", "pending_outcomes")


def success_rate(shown_as: str = "success_rate") -> str:
    """Success of matured actions."""
    return rate("success_rate", "f.matured_actions < f.total_actions", shown_as)


# The original's rate, which leaves out silence, and the one that uses actions whose window is still open.
OTHER_SUCCESS_RATES = f"""
      {rounded("success_rate_resolved")},
      'success_rate_resolved_status', {status("(f.positive_outcomes + f.negative_outcomes)", "false")},
      {rounded("aj_success_rate")}, 'aj_success_rate_status', {status("f.aj_n", "false")}, {plain("aj_n")}"""

RESPONSE_RATES = f"""json_build_object(
      {plain(*OUTCOME_COUNTS)}, {success_rate()}, {OTHER_SUCCESS_RATES},
      {rows_behind(*OUTCOME_COUNTS, "success_rate_numerator", "success_rate_denominator")})"""

DEAL_COUNTS = ("deals_progressed", "deals_stalled", "deals_closed_won")
DEAL_ADDRESSES = (*DEAL_COUNTS, "stage_advancement_rate_numerator", "stage_advancement_rate_denominator")
DEALS = f"{plain(*DEAL_COUNTS)}, {rate('stage_advancement_rate', 'f.matured_deal_actions < f.deal_actions')}"
DEAL_IMPACT = f"json_build_object({DEALS}, {rows_behind(*DEAL_ADDRESSES)})"

_HALVES = "h.successes_before, h.n_before, h.successes_after, h.n_after"
_TREND = f"marts.rate_trend({_HALVES})"
_TREND_P = f"round(marts.two_proportion_p({_HALVES})::numeric, 6)"
_DAYS = """(select coalesce(json_agg(json_build_object(
      'metric_date', metric_date, 'actions', actions, 'positive_outcomes', positive, 'negative_outcomes', negative,
      'pending_outcomes', pending, 'matured_labelled', labelled, 'matured_positive', successes,
      'success_rate', round(successes / nullif(labelled, 0)::numeric, 4), 'is_provisional', is_provisional
    ) order by metric_date), '[]') from days)"""


def trend(key: str, days_key: str) -> str:
    """Matured success of the first half of the period against the second, and the days it is made of."""
    return f"""
      '{key}', (select {_TREND} from halves h), 'trend_p', (select {_TREND_P} from halves h),
      'halves', (select json_build_array(
        json_build_object('matured_positive', h.successes_before, 'matured_labelled', h.n_before,
                          'success_rate', round(h.successes_before / nullif(h.n_before, 0)::numeric, 4)),
        json_build_object('matured_positive', h.successes_after, 'matured_labelled', h.n_after,
                          'success_rate', round(h.successes_after / nullif(h.n_after, 0)::numeric, 4))) from halves h),
      '{days_key}', {_DAYS}
    """


RECENT_TREND = """
      'recent_trend', coalesce((select marts.count_trend(count_before, count_after) from entry_halves), 'insufficient_data'),
      'recent_trend_p', (select round(marts.count_p(count_before, count_after)::numeric, 6) from entry_halves)"""

# Inline only, from five ratings on: even the upper end of the interval is below neutral.
_POOR_STATUS = "case when coalesce(ratings, 0) = 0 then 'no_data' when ratings < 5 then 'low_n' else 'ok' end"
_IS_POOR = "case when source = 'inline' and ratings >= 5 then average + 1.959963984540054 * error < 0 end"

FEEDBACK_SCORES = f"""(select json_build_object(
      'scope', case when %(rep)s::text is null then 'tenant' else 'actions_of_rep' end,
      'total_feedbacks', sum(entries), 'ratings', sum(ratings),
      'average_rating', case when count(*) filter (where ratings > 0) = 1 then round(max(average)::numeric, 4) end,
      'average_rating_status', case count(*) filter (where ratings > 0) when 0 then 'no_data' when 1 then 'ok' else 'mixed_sources' end,
      'normalized_avg', round((sum(normalized) / nullif(sum(ratings), 0))::numeric, 4),
      'normalized_avg_status', (select {status("n", "false")} from (select sum(ratings) as n from rated) all_sources),
      {RECENT_TREND},
      'by_source', json_object_agg(source, json_build_object(
        'entries', entries, 'ratings', ratings,
        'average_rating', round(average::numeric, 4), 'average_rating_se', round(error::numeric, 4),
        'positive_count', positives, 'positive_share', round(positives / nullif(ratings, 0)::numeric, 4),
        'positive_share_low', round(marts.wilson_low(positives, ratings)::numeric, 4),
        'positive_share_high', round(marts.wilson_high(positives, ratings)::numeric, 4),
        'is_poor', {_IS_POOR})),
      'rows', case when %(rep)s::text is null then {addresses("total_feedbacks", "ratings")} end
    ) from rated)"""

FEEDBACK_HEALTH = f"""json_build_object(
      'scope', case when %(rep)s::text is null then 'tenant' else 'actions_of_rep' end,
      'submission_rate', (select round(sum(entries) / %(days)s::numeric, 4) from rated),
      'submission_rate_status', case when c.last_day is null then 'no_data' else 'ok' end,
      'submission_rate_unit', 'entries per day',
      'coverage_percent', case when l.is_any then round(100.0 * l.actions / nullif(f.total_actions, 0), 2) end,
      'coverage_status', case when not coalesce(l.is_any, false) then 'not_linked' when f.total_actions > 0 then 'ok' else 'no_data' end,
      'actions_with_feedback', case when l.is_any then l.actions end,
      {RECENT_TREND},
      'has_poor_feedback', (select {_IS_POOR} from rated where source = 'inline'),
      'has_poor_feedback_status', (select {_POOR_STATUS} from rated where source = 'inline'),
      'reviewers_scope', 'tenant',
      'reviewers', (select case when c.last_day is not null then count(*) end from reviewers),
      'fatigued_reviewers', (select case when c.last_day is not null then count(*) filter (where ratio * factor < 1) end from reviewers),
      'reviewer_fatigue', (select coalesce(json_agg(json_build_object(
        'reviewer_id', reviewer_id, 'entries_last_7_days', recent, 'entries_28_days_before', before,
        'rate_ratio', round(ratio::numeric, 4), 'rate_ratio_low', round((ratio / factor)::numeric, 4),
        'rate_ratio_high', round((ratio * factor)::numeric, 4), 'is_fatigued', ratio * factor < 1,
        'seed_entries_per_day', round(recent / 7.0, 4)) order by ratio * factor, reviewer_id), '[]')
        from (select * from reviewers order by ratio * factor, reviewer_id limit 50) shown))"""

_TYPES = """(select coalesce(json_agg(json_build_object(
      'action_type', action_type, 'n', n, 'status', status, 'brier_score', round(brier_score::numeric, 6),
      'binned_calibration_error', round(binned_calibration_error::numeric, 6), 'base_rate', round(base_rate::numeric, 4),
      'mean_confidence', round(mean_confidence::numeric, 4), 'is_calibrated', is_calibrated, 'direction', direction,
      'e_alarm_at', e_alarm_at, 'href', '/v1/learning/calibration/' || marts.url_part(action_type)) order by action_type), '[]')
      from calibrated)"""

OVERALL_BRIER = """
      'overall_brier', (select round((sum(n * brier_score) / nullif(sum(n) filter (where brier_score is not null), 0))::numeric, 6)
                        from calibrated),
      'overall_brier_n', (select sum(n) from calibrated),
      'overall_brier_status', (select case when coalesce(sum(n), 0) = 0 then 'no_data' when sum(n) < 50 then 'low_n' else 'ok' end
                               from calibrated)"""


def calibration_of_types(key: str) -> str:
    """Headline calibration of each type and the Brier score of them all, weighted by outcomes."""
    return f"json_build_object('scope', 'tenant', {OVERALL_BRIER}, '{key}', {_TYPES})"


ESCALATION_HISTORY = """(select coalesce(json_agg(json_build_object(
      'conversation_id', conversation_id, 'episode_no', episode_no, 'escalated_at', handoff_at, 'reason', handoff_reason,
      'channel', channel, 'agent_id', agent_id) order by handoff_at desc, conversation_id, episode_no), '[]') from handed_over)"""

ESCALATION_RATE = f"""
      'escalation_rate', (select round(escalated / nullif(episodes, 0)::numeric, 4) from escalated),
      'escalation_rate_numerator', (select escalated from escalated), 'escalation_rate_denominator', (select episodes from escalated),
      'escalation_rate_low', (select round(marts.wilson_low(escalated, episodes)::numeric, 4) from escalated),
      'escalation_rate_high', (select round(marts.wilson_high(escalated, episodes)::numeric, 4) from escalated),
      'escalation_rate_status', coalesce((select {status("episodes", "false")} from escalated), 'no_data')"""

REPRESENTATIVES = """(select coalesce(json_agg(json_build_object(
      'rep_id', rep_id, 'total_actions', actions, 'positive_outcomes', positive, 'negative_outcomes', negative,
      'pending_outcomes', pending, 'success_rate', round(successes / nullif(labelled, 0)::numeric, 4),
      'success_rate_numerator', successes, 'success_rate_denominator', labelled,
      'success_rate_low', round(low::numeric, 4), 'success_rate_high', round(marts.wilson_high(successes, labelled)::numeric, 4),
      'success_rate_status', status, 'success_rate_resolved', round(positive / nullif(positive + negative, 0)::numeric, 4),
      'deals_progressed', progressed,
      'rows', format('/v1/marts/outcomes?metric_date=gte.%%s&metric_date=lte.%%s&rep_id=%%s', c.first_day, c.last_day,
                     case when rep_id is null then 'is.null' else 'eq.' || marts.url_part(rep_id) end)
    ) order by low desc nulls last, actions desc, rep_id), '[]') from (
      select
        *, marts.wilson_low(successes, labelled) as low,
        case when labelled = 0 then 'no_data' when labelled < c.small_sample then 'low_n' when matured < actions then 'provisional'
             else 'ok' end as status
      from (
        select
          rep_id, count(*)::integer as actions,
          (count(*) filter (where outcome_status = 'positive'))::integer as positive,
          (count(*) filter (where outcome_status = 'negative'))::integer as negative,
          (count(*) filter (where outcome_status = 'pending'))::integer as pending,
          (count(*) filter (where is_matured))::integer as matured,
          (count(*) filter (where outcome_type = 'deal_progression' and outcome_status = 'positive'))::integer as progressed,
          count(label)::integer as labelled, (count(*) filter (where label = 1))::integer as successes
        from actions group by rep_id
      ) each_rep
      order by low desc nulls last, actions desc, rep_id limit 100
    ) best)"""


def actionable_patterns(key: str, shown: int) -> str:
    """The first actionable patterns by rank; without any, why."""
    return f"""
      '{key}', (select coalesce(json_agg(json_build_object(
        'pattern_id', pattern_id, 'pattern', description, 'recommendation', recommendation, 'confidence', round(confidence::numeric, 4),
        'pattern_type', pattern_type, 'sample_size', n, 'success_rate', round(success_rate::numeric, 4),
        'difference', round(difference::numeric, 4), 'q_value', round(q_value::numeric, 6)) order by rank, pattern_id), '[]')
        from (select * from patterns where is_actionable order by rank, pattern_id limit {shown}) best),
      '{key}_status', (select case when count(*) = 0 then 'no_data' when bool_or(is_actionable) then 'ok' else 'none_actionable' end
                          from patterns),
      '{key}_window_days', %(coaching_days)s::integer"""


TIME_SAVED = """
      'estimated_time_saved_hours', (select round((f.positive_outcomes * minutes / 60)::numeric, 1) from saved),
      'estimated_time_saved_hours_status', case
        when f.positive_outcomes is null then 'no_data' when not exists (select from saved) then 'no_input' else 'ok' end,
      'minutes_per_action', (select minutes from saved)"""

# With a representative the list is of the conversations he acted in, which no address can say.
ESCALATION_HISTORY_ROWS = f"case when %(rep)s::text is null then {addresses('escalation_history')}->>'escalation_history' end"

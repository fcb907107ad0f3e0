"""SQL of the role dashboards: what they are counted from, as common table expressions; an answer uses some of them."""

from __future__ import annotations

# outcome_daily is not read, but it grows with every local day: by its log the period moves on when nothing else happens.
MARTS = (
    "outcomes", "outcome_daily", "calibration_summary", "coaching_patterns", "feedback_entries", "conversations", "daily_metrics",
    "dim_tenant", "dim_tenant_parameters",
)  # fmt: skip

CTES = """
    calendar as (
      select t.timezone, t.small_sample, l.as_of, d.today, d.today - %(days)s::integer as first_day, d.today - 1 as last_day,
             %(days)s::integer / 2 as half
      from marts.dim_tenant t
      cross join lateral (
        select max(p.as_of) as as_of
        from unnest(%(marts)s::text[]) as m (mart)
        cross join lateral (
          select as_of from marts.publish_log where tenant_id = t.tenant_id and mart = m.mart order by version desc limit 1
        ) p
      ) l
      cross join lateral (select (l.as_of at time zone t.timezone)::date as today) d
      where t.tenant_id = %(tenant)s
    ),
    actions as materialized (
      select o.action_id, o.action_type, o.outcome_type, o.rep_id, o.metric_date, o.outcome_status, o.is_matured, o.label
      from calendar c
      join marts.outcomes o on o.metric_date between c.first_day and c.last_day
      where o.tenant_id = %(tenant)s and (%(rep)s::text is null or o.rep_id = %(rep)s)
    ),
    counted as (
      select f.* from calendar c cross join lateral marts.outcome_counts(%(tenant)s, c.first_day, c.last_day, %(rep)s) f
    ),
    days as materialized (
      select
        d.metric_date,
        d.metric_date < c.first_day + c.half as in_first_half,
        d.metric_date > c.last_day - c.half as in_second_half,
        count(a.action_id)::integer as actions,
        (count(*) filter (where a.outcome_status = 'positive'))::integer as positive,
        (count(*) filter (where a.outcome_status = 'negative'))::integer as negative,
        (count(*) filter (where a.outcome_status = 'pending'))::integer as pending,
        count(a.label)::integer as labelled,
        (count(*) filter (where a.label = 1))::integer as successes,
        coalesce(bool_or(not a.is_matured), false) as is_provisional
      from calendar c
      join marts.dim_date d on d.metric_date between c.first_day and c.last_day
      left join actions a on a.metric_date = d.metric_date
      group by d.metric_date, c.first_day, c.last_day, c.half
    ),
    halves as (
      select
        (sum(successes) filter (where in_first_half))::integer as successes_before,
        (sum(labelled) filter (where in_first_half))::integer as n_before,
        (sum(successes) filter (where in_second_half))::integer as successes_after,
        (sum(labelled) filter (where in_second_half))::integer as n_after
      from days
    ),
    entries as materialized (
      select f.*
      from calendar c
      join marts.feedback_entries f on f.metric_date between c.first_day and c.last_day
      where f.tenant_id = %(tenant)s and (%(rep)s::text is null or f.action_id in (
        select action_id from marts.outcomes where tenant_id = %(tenant)s and rep_id = %(rep)s
      ))
    ),
    entry_halves as (
      select
        (count(*) filter (where e.metric_date < c.first_day + c.half))::integer as count_before,
        (count(*) filter (where e.metric_date > c.last_day - c.half))::integer as count_after
      from calendar c left join entries e on true
      where c.last_day is not null
    ),
    rated as (
      select
        s.source,
        coalesce(r.entries, case when c.last_day is not null then 0 end) as entries,
        coalesce(r.ratings, case when c.last_day is not null then 0 end) as ratings,
        coalesce(r.positives, case when c.last_day is not null then 0 end) as positives,
        r.normalized,
        r.total / nullif(r.ratings, 0)::double precision as average,
        sqrt((r.ratings * r.squares - r.total * r.total) / nullif(r.ratings - 1, 0) / nullif(r.ratings::double precision, 0) ^ 2) as error
      from (values ('inline'), ('dashboard')) as s (source)
      left join calendar c on true
      left join (
        select
          source,
          count(*)::integer as entries,
          (count(*) filter (where is_current))::integer as ratings,
          (count(*) filter (where is_current and rating >= case source when 'inline' then 1 else 4 end))::integer as positives,
          (sum(rating_normalized) filter (where is_current)) as normalized,
          (sum(rating) filter (where is_current))::double precision as total,
          (sum(rating * rating) filter (where is_current))::double precision as squares
        from entries group by source
      ) r on r.source = s.source
    ),
    reviewers as (
      select
        reviewer_id, recent, before,
        4 * (recent + lift) / (before + lift) as ratio,
        exp(1.959963984540054 * sqrt(1 / (recent + lift) + 1 / (before + lift))) as factor
      from (
        select
          f.reviewer_id,
          count(*) filter (where f.metric_date > c.last_day - 7) as recent,
          count(*) filter (where f.metric_date <= c.last_day - 7) as before,
          -- Half an entry more on both sides where one is empty: a ratio of nothing has no logarithm.
          case when bool_and(f.metric_date > c.last_day - 7) or bool_and(f.metric_date <= c.last_day - 7) then 0.5 else 0 end
            ::double precision as lift
        from calendar c
        join marts.feedback_entries f on f.metric_date between c.last_day - 34 and c.last_day
        where f.tenant_id = %(tenant)s and f.reviewer_id is not null
        group by f.reviewer_id
      ) counts
    ),
    linked as (
      select
        count(*) filter (where a.action_id in (
          select f.action_id from marts.feedback_entries f where f.tenant_id = %(tenant)s and f.action_id is not null
        )) as actions,
        exists (select from marts.feedback_entries f where f.tenant_id = %(tenant)s and f.action_id is not null) as is_any
      from actions a
    ),
    calibrated as (
      select s.*
      from marts.calibration_summary s
      where s.tenant_id = %(tenant)s and s.label_policy = 'headline'
        and (%(rep)s::text is null or s.action_type in (select action_type from actions))
    ),
    escalated as (
      select
        coalesce(sum(d.escalation_rate_numerator), 0)::integer as escalated,
        coalesce(sum(d.escalation_rate_denominator), 0)::integer as episodes
      from calendar c
      left join marts.daily_metrics d on d.tenant_id = %(tenant)s and d.metric_date between c.first_day and c.last_day
      group by c.today
    ),
    handed_over as (
      select v.conversation_id, v.episode_no, v.handoff_at, v.handoff_reason, v.channel, v.agent_id
      from calendar c
      join marts.conversations v on v.escalated_date between c.first_day and c.last_day
      where v.tenant_id = %(tenant)s and (%(rep)s::text is null or v.conversation_id in (
        select conversation_id from marts.outcomes where tenant_id = %(tenant)s and rep_id = %(rep)s
      ))
      order by v.handoff_at desc, v.conversation_id, v.episode_no limit 50
    ),
    patterns as (
      select p.*
      from marts.coaching_patterns p
      where p.tenant_id = %(tenant)s and p.window_days = %(coaching_days)s
    ),
    saved as (
      select p.number_value as minutes
      from calendar c
      join marts.dim_tenant_parameters p on p.valid_from <= c.today
      where p.tenant_id = %(tenant)s and p.parameter = 'minutes_per_action'
      order by p.valid_from desc limit 1
    )
"""

-- Functions over the learning marts. SECURITY INVOKER: row level security of the caller holds inside them.
set local role am_owner;

create or replace function marts.two_sided_p(z double precision) returns double precision
language sql immutable parallel safe as $$
  -- Abramowitz and Stegun 7.1.26 as everywhere in the warehouse: erf() exists only from PostgreSQL 16. Beyond 37 exp() would underflow.
  select case when z is not null then
    least(1, exp(-x * x) * k * (0.254829592 + k * (-0.284496736 + k * (1.421413741 + k * (-1.453152027 + k * 1.061405429)))))
  end
  from (select case when z is not null then least(abs(z), 37) end / sqrt(2::double precision) as x) argument
  cross join lateral (select 1 / (1 + 0.3275911 * x) as k) series
$$;
comment on function marts.two_sided_p(double precision) is
  'Chance that a standard normal value lies at least as far from 0 as z, to 1.5e-7; NULL when z is.';

create or replace function marts.two_proportion_z(positives_a integer, n_a integer, positives_b integer, n_b integer)
returns double precision
language sql immutable parallel safe as $$
  select (positives_a / nullif(n_a, 0)::double precision - positives_b / nullif(n_b, 0)::double precision)
    / nullif(sqrt(pooled * (1 - pooled) * (1 / nullif(n_a, 0)::double precision + 1 / nullif(n_b, 0)::double precision)), 0)
  from (select (positives_a + positives_b) / nullif(n_a + n_b, 0)::double precision as pooled) both_together
$$;
comment on function marts.two_proportion_z(integer, integer, integer, integer) is
  'Pooled two-proportion z of positives_a / n_a against positives_b / n_b; NULL when a group is empty, or both only succeed or only fail.';

create or replace function marts.two_proportion_p(positives_a integer, n_a integer, positives_b integer, n_b integer)
returns double precision
language sql immutable parallel safe as $$
  select marts.two_sided_p(marts.two_proportion_z(positives_a, n_a, positives_b, n_b))
$$;
comment on function marts.two_proportion_p(integer, integer, integer, integer) is
  'Two-sided p-value of two_proportion_z; NULL where that is.';

create or replace function marts.rate_trend(positives_before integer, n_before integer, positives_after integer, n_after integer)
returns text
language sql immutable parallel safe as $$
  select case
    when least(coalesce(n_before, 0), coalesce(n_after, 0)) < 20 then 'insufficient_data'
    when coalesce(marts.two_proportion_p(positives_before, n_before, positives_after, n_after), 1) >= 0.05 then 'stable'
    -- Whole numbers: more than ten per cent of the rate before, without rounding.
    when 10 * abs(positives_after::bigint * n_before - positives_before::bigint * n_after) <= positives_before::bigint * n_after
      then 'stable'
    when positives_after::bigint * n_before > positives_before::bigint * n_after then 'improving'
    else 'declining'
  end
$$;
comment on function marts.rate_trend(integer, integer, integer, integer) is
  'improving, declining or stable: a rate moved when two_proportion_p is below .05 and the relative change beyond 10 %. insufficient_data '
  'when a half has fewer than 20.';

create or replace function marts.count_p(count_before integer, count_after integer) returns double precision
language sql immutable parallel safe as $$
  select marts.two_sided_p((count_after - count_before) / nullif(sqrt((count_before + count_after)::double precision), 0))
$$;
comment on function marts.count_p(integer, integer) is
  'Two-sided p-value of two counts over equal times being of one rate; NULL when both are 0.';

create or replace function marts.count_trend(count_before integer, count_after integer) returns text
language sql immutable parallel safe as $$
  select case
    when coalesce(count_before + count_after, 0) < 40 then 'insufficient_data'
    when marts.count_p(count_before, count_after) >= 0.05 or 10 * abs(count_after - count_before) <= count_before then 'stable'
    when count_after > count_before then 'improving'
    else 'declining'
  end
$$;
comment on function marts.count_trend(integer, integer) is
  'improving, declining or stable: a count moved when count_p is below .05 and the relative change beyond 10 %. insufficient_data when '
  'both halves together have fewer than 40.';

create or replace function marts.url_part(content text) returns text
language sql immutable parallel safe as $$
  select case when content is not null then coalesce(string_agg(
    case when letter ~ ('[A-Za-z0-9._~-]' collate "C") then letter
    else regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end, '' order by place), '') end
  from regexp_split_to_table(content, '') with ordinality as letters (letter, place)
$$;
comment on function marts.url_part(text) is
  'The text as it stands in an address: percent-encoded UTF-8 but for unreserved characters (RFC 3986).';

drop function if exists marts.outcome_counts(uuid, date, date, text);
create function marts.outcome_counts(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  total_actions integer,
  positive_outcomes integer,
  negative_outcomes integer,
  ambiguous_outcomes integer,
  expired_outcomes integer,
  pending_outcomes integer,
  matured_actions integer,
  success_rate double precision,
  success_rate_numerator integer,
  success_rate_denominator integer,
  success_rate_low double precision,
  success_rate_high double precision,
  success_rate_status text,
  success_rate_resolved double precision,
  success_rate_resolved_status text,
  aj_success_rate double precision,
  aj_n integer,
  aj_success_rate_status text,
  deal_actions integer,
  matured_deal_actions integer,
  deals_progressed integer,
  deals_stalled integer,
  deals_closed_won integer,
  stage_advancement_rate double precision,
  stage_advancement_rate_numerator integer,
  stage_advancement_rate_denominator integer,
  stage_advancement_rate_low double precision,
  stage_advancement_rate_high double precision,
  stage_advancement_rate_status text
)
language plpgsql stable as $$
#variable_conflict use_column
declare
  period_start timestamptz;
  period_end timestamptz;
  small_sample integer;
begin
  if p_tenant is null or p_from is null or p_to is null then
    return;
  end if;
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;
  select p_from::timestamp at time zone t.timezone, (p_to + 1)::timestamp at time zone t.timezone, t.small_sample
  into period_start, period_end, small_sample
  from marts.dim_tenant t where t.tenant_id = p_tenant;

  return query
  with
  actions as (
    select
      action_type, outcome_type, outcome_status, is_matured, label, window_hours,
      -- Followed until its evidence, the end of its window or the end of the period, whichever is first.
      greatest(extract(epoch from least(resolved_at, window_expires_at, period_end) - created_at), 0)::double precision / 3600 as hours,
      -- A label that came past the window counts at its end.
      resolved_at <= period_end and outcome_status = 'positive' as has_succeeded,
      resolved_at <= period_end and outcome_status in ('positive', 'negative') as has_ended
    from marts.outcomes
    where tenant_id = p_tenant and metric_date between p_from and p_to and (p_rep_id is null or rep_id = p_rep_id)
  ),
  counted as (
    select
      count(*)::integer as total,
      (count(*) filter (where outcome_status = 'positive'))::integer as positive,
      (count(*) filter (where outcome_status = 'negative'))::integer as negative,
      (count(*) filter (where outcome_status = 'ambiguous'))::integer as ambiguous,
      (count(*) filter (where outcome_status = 'expired'))::integer as expired,
      (count(*) filter (where outcome_status = 'pending'))::integer as pending,
      (count(*) filter (where is_matured))::integer as matured,
      (count(*) filter (where label = 1))::integer as hits,
      count(label)::integer as labelled,
      (count(*) filter (where outcome_type = 'deal_progression'))::integer as deals,
      (count(*) filter (where outcome_type = 'deal_progression' and is_matured))::integer as deals_matured,
      (count(*) filter (where outcome_type = 'deal_progression' and outcome_status = 'positive'))::integer as progressed,
      (count(*) filter (where outcome_type = 'deal_progression' and outcome_status = 'negative'))::integer as stalled,
      (count(*) filter (where outcome_type = 'deal_progression' and label = 1))::integer as deal_hits,
      (count(label) filter (where outcome_type = 'deal_progression'))::integer as deals_labelled
    from actions
  ),
  -- Aalen-Johansen (learning marts, outcome_daily) over the period's own actions, by pair of types.
  cohorts as (
    select action_type, outcome_type, count(*) as n, max(hours) as longest, mode() within group (order by window_hours desc) as window_hours
    from actions group by action_type, outcome_type
  ),
  instants as (
    select
      a.action_type, a.outcome_type, a.hours,
      count(*) filter (where a.has_ended) as ends,
      count(*) filter (where a.has_succeeded) as successes,
      c.n - sum(count(*)) over w + count(*) as at_risk
    from actions a inner join cohorts c using (action_type, outcome_type)
    where a.hours <= c.window_hours
    group by a.action_type, a.outcome_type, a.hours, c.n
    window w as (partition by a.action_type, a.outcome_type order by a.hours)
  ),
  survived as (
    select
      *,
      case
        when coalesce(bool_or(ends = at_risk) over before, false) then 0
        else exp(coalesce(sum(ln(1 - least(ends, at_risk - 1) / at_risk::double precision)) over before, 0))
      end as survival
    from instants where ends > 0
    window before as (partition by action_type, outcome_type order by hours rows between unbounded preceding and 1 preceding)
  ),
  incidence as (
    select action_type, outcome_type, sum(survival * successes / at_risk) as rate
    from survived group by action_type, outcome_type
  ),
  pooled as (
    -- Nothing has happened yet and nobody was followed to the window's end: nothing is known of such a pair.
    select
      (sum(c.n * coalesce(i.rate, 0)) / nullif(sum(c.n), 0))::double precision as rate,
      coalesce(sum(c.n), 0)::integer as n
    from cohorts c left join incidence i using (action_type, outcome_type)
    where i.rate is not null or c.longest >= c.window_hours
  ),
  won as (
    -- Also by actions from before the period.
    select count(distinct conversation_id)::integer as conversations
    from marts.outcomes
    where tenant_id = p_tenant and metric_date <= p_to and closed_won_at >= period_start and closed_won_at < period_end
      and (p_rep_id is null or rep_id = p_rep_id)
  )
  select
    c.total,
    c.positive,
    c.negative,
    c.ambiguous,
    c.expired,
    c.pending,
    c.matured,
    c.hits / nullif(c.labelled, 0)::double precision,
    c.hits,
    c.labelled,
    marts.wilson_low(c.hits, c.labelled),
    marts.wilson_high(c.hits, c.labelled),
    marts.sample_status(c.labelled, small_sample, c.matured < c.total),
    c.positive / nullif(c.positive + c.negative, 0)::double precision,
    marts.sample_status(c.positive + c.negative, small_sample),
    p.rate,
    p.n,
    marts.sample_status(p.n, small_sample),
    c.deals,
    c.deals_matured,
    c.progressed,
    c.stalled,
    w.conversations,
    c.deal_hits / nullif(c.deals_labelled, 0)::double precision,
    c.deal_hits,
    c.deals_labelled,
    marts.wilson_low(c.deal_hits, c.deals_labelled),
    marts.wilson_high(c.deal_hits, c.deals_labelled),
    marts.sample_status(c.deals_labelled, small_sample, c.deals_matured < c.deals)
  from counted c cross join pooled p cross join won w;
end $$;
comment on function marts.outcome_counts(uuid, date, date, text) is
  'What became of the actions of the local days p_from to p_to, both inclusive, of one representative if p_rep_id is given. success_rate '
  'is of matured actions with a headline label; aj_success_rate (Aalen-Johansen by pair of types, weighted by actions) also uses those '
  'whose window is still open, as known at the end of p_to. One row; no row when tenant or a date is NULL.';

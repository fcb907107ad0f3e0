-- Functions of the marts that readers call. SECURITY INVOKER: row level security of the caller holds inside them.
set local role am_owner;

create or replace function marts.wilson_low(numerator integer, denominator integer) returns double precision
language sql immutable parallel safe as $$
  select case
    -- greatest() passes over NULL: without this line nothing known would be 0.
    when numerator is null or denominator is null or denominator = 0 then null
    when numerator = 0 then 0
    else greatest(0, (
      numerator / denominator::double precision + 1.959963984540054 ^ 2 / (2 * denominator)
      - 1.959963984540054 * sqrt(
        numerator / denominator::double precision * (1 - numerator / denominator::double precision) / denominator
        + 1.959963984540054 ^ 2 / (4 * denominator::double precision ^ 2))
    ) / (1 + 1.959963984540054 ^ 2 / denominator))
  end
$$;
comment on function marts.wilson_low(integer, integer) is
  'Lower end of the Wilson 95 % interval of numerator / denominator, 0..1; NULL when the denominator is 0 or a count is NULL.';

create or replace function marts.wilson_high(numerator integer, denominator integer) returns double precision
language sql immutable parallel safe as $$
  select 1 - marts.wilson_low(denominator - numerator, denominator)
$$;
comment on function marts.wilson_high(integer, integer) is
  'Upper end of the Wilson 95 % interval of numerator / denominator, 0..1; NULL when the denominator is 0 or a count is NULL.';

create or replace function marts.growth_rate(current_count integer, previous_count integer) returns double precision
language sql immutable parallel safe as $$
  select case
    when previous_count > 0 then (current_count - previous_count) / previous_count::double precision
    when current_count > 0 and previous_count = 0 then 1.0
    when current_count = 0 and previous_count = 0 then 0.0
  end
$$;
comment on function marts.growth_rate(integer, integer) is
  'Growth from previous_count to current_count; from nothing to something it is 1.0, see growth_status; NULL without a comparison.';

create or replace function marts.growth_status(current_count integer, previous_count integer) returns text
language sql immutable parallel safe as $$
  select case
    when current_count is null or previous_count is null then 'no_previous'
    when previous_count > 0 then 'ok'
    when current_count > 0 then 'from_zero'
    else 'no_data'
  end
$$;
comment on function marts.growth_status(integer, integer) is
  'How to read growth_rate: ok, from_zero (no base: show "new", not +100 %), no_data (both 0), no_previous (nothing to compare with).';

drop function if exists marts.compared_days(uuid, date, date, text);
create function marts.compared_days(p_tenant uuid, p_from date, p_to date, p_compare text default 'previous')
returns table (last_complete_day date, compared_from date, compared_to date, previous_from date, previous_to date)
language plpgsql stable strict as $$
begin
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;
  -- A row exists for every local day from the first event to as_of; before it there was nothing to wait for.
  select coalesce(max(d.metric_date) filter (where not d.is_partial), min(d.metric_date) - 1) into last_complete_day
  from marts.daily_metrics d where d.tenant_id = p_tenant;

  if p_compare <> 'none' and last_complete_day >= p_from then
    compared_from := p_from;
    compared_to := least(p_to, last_complete_day);
  end if;
  case p_compare
    when 'none' then null;
    when 'previous' then previous_from := p_from - (compared_to - p_from + 1); previous_to := p_from - 1;
    when 'week' then previous_from := p_from - 7; previous_to := compared_to - 7;
    -- Subtracting an interval of months clamps to the end of the month.
    when 'month' then previous_from := p_from - interval '1 month'; previous_to := compared_to - interval '1 month';
    when 'quarter' then previous_from := p_from - interval '3 months'; previous_to := compared_to - interval '3 months';
    when 'year' then previous_from := p_from - interval '1 year'; previous_to := compared_to - interval '1 year';
    else raise invalid_parameter_value using message = 'p_compare is none of previous, week, month, quarter, year, none';
  end case;
  if compared_to is null then
    previous_from := null;
    previous_to := null;
  end if;
  return next;
end $$;
comment on function marts.compared_days(uuid, date, date, text) is
  'Which complete local days of p_from to p_to are compared, and with which: p_compare as in period_metrics. NULL where nothing is.';

drop function if exists marts.period_counts(uuid, date, date);
create function marts.period_counts(p_tenant uuid, p_from date, p_to date)
returns table (
  total_conversations integer,
  resolved_conversations integer,
  escalated_conversations integer,
  abandoned_conversations integer,
  avg_response_time_ms bigint,
  total_messages integer,
  unique_customers integer,
  resolution_rate double precision,
  resolution_rate_numerator integer,
  resolution_rate_denominator integer,
  resolution_rate_low double precision,
  resolution_rate_high double precision,
  escalation_rate double precision,
  escalation_rate_numerator integer,
  escalation_rate_denominator integer,
  escalation_rate_low double precision,
  escalation_rate_high double precision,
  abandonment_rate double precision,
  abandonment_rate_numerator integer,
  abandonment_rate_denominator integer,
  abandonment_rate_low double precision,
  abandonment_rate_high double precision,
  contained_rate double precision,
  contained_rate_numerator integer,
  contained_rate_denominator integer,
  contained_rate_low double precision,
  contained_rate_high double precision,
  avg_conversation_length double precision,
  seed_resolution_rate double precision
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  return query
  with
  d as (
    select
      coalesce(sum(total_conversations), 0)::integer as total_conversations,
      coalesce(sum(resolved_conversations), 0) as resolved_conversations,
      coalesce(sum(escalated_conversations), 0) as escalated_conversations,
      coalesce(sum(abandoned_conversations), 0) as abandoned_conversations,
      round(sum(response_time_sum_ms) / nullif(sum(responses), 0))::bigint as avg_response_time_ms,
      coalesce(sum(total_messages), 0)::integer as total_messages,
      coalesce(sum(resolution_rate_numerator), 0)::integer as resolution_rate_numerator,
      coalesce(sum(resolution_rate_denominator), 0)::integer as resolution_rate_denominator,
      coalesce(sum(escalation_rate_numerator), 0)::integer as escalation_rate_numerator,
      coalesce(sum(escalation_rate_denominator), 0)::integer as escalation_rate_denominator,
      coalesce(sum(abandonment_rate_numerator), 0)::integer as abandonment_rate_numerator,
      coalesce(sum(abandonment_rate_denominator), 0)::integer as abandonment_rate_denominator,
      coalesce(sum(contained_rate_numerator), 0)::integer as contained_rate_numerator,
      coalesce(sum(contained_rate_denominator), 0)::integer as contained_rate_denominator,
      -- The day's sum of messages, a whole number, is the average times the count.
      sum(round(avg_conversation_length * episodes_started)) / nullif(sum(episodes_started), 0)::double precision as avg_conversation_length
    from marts.daily_metrics
    where tenant_id = p_tenant and metric_date between p_from and p_to
  ),
  -- The daily counts together count a conversation once for each day it was resolved on. Only one with several episodes can have
  -- more than one such day, and those are few: counting them is far cheaper than counting all conversations afresh.
  with_several_episodes as materialized (
    select distinct conversation_id
    from marts.conversations
    where
      tenant_id = p_tenant and episode_no > 1 and (
        resolved_date between p_from and p_to or escalated_date between p_from and p_to or abandoned_date between p_from and p_to
      )
  ),
  days_of_each as (
    select
      count(distinct c.resolved_date) filter (where c.resolved_date between p_from and p_to) as resolved,
      count(distinct c.escalated_date) filter (where c.escalated_date between p_from and p_to) as escalated,
      count(distinct c.abandoned_date) filter (where c.abandoned_date between p_from and p_to) as abandoned
    from with_several_episodes s
    inner join marts.conversations c on s.conversation_id = c.conversation_id and c.tenant_id = p_tenant
    group by c.conversation_id
  ),
  again as (
    select
      coalesce(sum(greatest(resolved - 1, 0)), 0) as resolved,
      coalesce(sum(greatest(escalated - 1, 0)), 0) as escalated,
      coalesce(sum(greatest(abandoned - 1, 0)), 0) as abandoned
    from days_of_each
  ),
  counted as (
    select
      d.*,
      (d.resolved_conversations - a.resolved)::integer as resolved,
      (d.escalated_conversations - a.escalated)::integer as escalated,
      (d.abandoned_conversations - a.abandoned)::integer as abandoned,
      (select count(distinct k.customer_id) from marts.customer_days k
       where k.tenant_id = p_tenant and k.metric_date between p_from and p_to)::integer as customers
    from d cross join again a
  )
  select
    total_conversations,
    resolved,
    escalated,
    abandoned,
    avg_response_time_ms,
    total_messages,
    customers,
    resolution_rate_numerator / nullif(resolution_rate_denominator, 0)::double precision,
    resolution_rate_numerator,
    resolution_rate_denominator,
    marts.wilson_low(resolution_rate_numerator, resolution_rate_denominator),
    marts.wilson_high(resolution_rate_numerator, resolution_rate_denominator),
    escalation_rate_numerator / nullif(escalation_rate_denominator, 0)::double precision,
    escalation_rate_numerator,
    escalation_rate_denominator,
    marts.wilson_low(escalation_rate_numerator, escalation_rate_denominator),
    marts.wilson_high(escalation_rate_numerator, escalation_rate_denominator),
    abandonment_rate_numerator / nullif(abandonment_rate_denominator, 0)::double precision,
    abandonment_rate_numerator,
    abandonment_rate_denominator,
    marts.wilson_low(abandonment_rate_numerator, abandonment_rate_denominator),
    marts.wilson_high(abandonment_rate_numerator, abandonment_rate_denominator),
    contained_rate_numerator / nullif(contained_rate_denominator, 0)::double precision,
    contained_rate_numerator,
    contained_rate_denominator,
    marts.wilson_low(contained_rate_numerator, contained_rate_denominator),
    marts.wilson_high(contained_rate_numerator, contained_rate_denominator),
    avg_conversation_length,
    resolved / nullif(total_conversations, 0)::double precision
  from counted;
end $$;
comment on function marts.period_counts(uuid, date, date) is
  'The key figures of the local days p_from to p_to, both inclusive: what dashboards show and periods are compared by. Distinct '
  'conversations and customers are exact for the whole period. One row; no row when an argument is NULL.';

drop function if exists marts.period_metrics(uuid, date, date, text);
create function marts.period_metrics(p_tenant uuid, p_from date, p_to date, p_compare text default 'previous')
returns table (
  total_conversations integer,
  resolved_conversations integer,
  escalated_conversations integer,
  abandoned_conversations integer,
  avg_response_time_ms bigint,
  total_messages integer,
  unique_customers integer,
  anonymous_conversations integer,
  reopened_conversations integer,
  resolutions integer,
  responses integer,
  responses_explicit integer,
  response_time_sum_ms bigint,
  response_time_hist jsonb,
  p50_response_time_ms double precision,
  p90_response_time_ms double precision,
  p95_response_time_ms double precision,
  seed_resolution_rate double precision,
  episodes_started integer,
  resolved_cohort integer,
  escalated_cohort integer,
  silent_cohort integer,
  abandoned_cohort integer,
  open_cohort integer,
  resolution_rate double precision,
  resolution_rate_numerator integer,
  resolution_rate_denominator integer,
  resolution_rate_low double precision,
  resolution_rate_high double precision,
  escalation_rate double precision,
  escalation_rate_numerator integer,
  escalation_rate_denominator integer,
  escalation_rate_low double precision,
  escalation_rate_high double precision,
  silence_rate double precision,
  silence_rate_numerator integer,
  silence_rate_denominator integer,
  silence_rate_low double precision,
  silence_rate_high double precision,
  abandonment_rate double precision,
  abandonment_rate_numerator integer,
  abandonment_rate_denominator integer,
  abandonment_rate_low double precision,
  abandonment_rate_high double precision,
  open_rate double precision,
  open_rate_numerator integer,
  open_rate_denominator integer,
  open_rate_low double precision,
  open_rate_high double precision,
  ai_involved integer,
  ai_resolved_conversations integer,
  contained_rate double precision,
  contained_rate_numerator integer,
  contained_rate_denominator integer,
  contained_rate_low double precision,
  contained_rate_high double precision,
  contained_pending integer,
  assumed_rate double precision,
  assumed_rate_numerator integer,
  assumed_rate_denominator integer,
  assumed_rate_low double precision,
  assumed_rate_high double precision,
  assumed_pending integer,
  confirmed_rate double precision,
  confirmed_rate_numerator integer,
  confirmed_rate_denominator integer,
  confirmed_rate_low double precision,
  confirmed_rate_high double precision,
  confirmed_pending integer,
  verified_of_contained_rate double precision,
  verified_of_contained_rate_numerator integer,
  verified_of_contained_rate_denominator integer,
  verified_of_contained_rate_low double precision,
  verified_of_contained_rate_high double precision,
  verified_pending integer,
  verified_rate double precision,
  durable_rate double precision,
  durable_rate_numerator integer,
  durable_rate_denominator integer,
  durable_rate_low double precision,
  durable_rate_high double precision,
  durable_pending integer,
  no_repeat_rate double precision,
  no_repeat_rate_numerator integer,
  no_repeat_rate_denominator integer,
  no_repeat_rate_low double precision,
  no_repeat_rate_high double precision,
  no_repeat_pending integer,
  avg_conversation_length double precision,
  unanswered_conversations integer,
  avg_first_response_ms double precision,
  p50_first_response_ms double precision,
  p90_first_response_ms double precision,
  p95_first_response_ms double precision,
  p50_first_response_business_ms double precision,
  avg_resolution_ms double precision,
  p50_resolution_ms double precision,
  p90_resolution_ms double precision,
  p50_resolution_business_ms double precision,
  csat_rate double precision,
  csat_rate_numerator integer,
  csat_rate_denominator integer,
  csat_rate_low double precision,
  csat_rate_high double precision,
  csat_response_rate double precision,
  csat_response_rate_numerator integer,
  csat_response_rate_denominator integer,
  csat_response_rate_low double precision,
  csat_response_rate_high double precision,
  avg_csat double precision,
  replies_with_confidence integer,
  low_confidence_replies integer,
  percentile_method text,
  complete_days integer,
  is_partial boolean,
  compared_from date,
  compared_to date,
  previous_from date,
  previous_to date,
  previous_total_conversations integer,
  previous_resolved_conversations integer,
  previous_escalated_conversations integer,
  previous_abandoned_conversations integer,
  previous_avg_response_time_ms bigint,
  previous_total_messages integer,
  previous_unique_customers integer,
  growth_rate double precision,
  growth_status text,
  absolute_change integer,
  previous_resolution_rate double precision,
  previous_escalation_rate double precision,
  previous_abandonment_rate double precision,
  previous_contained_rate double precision,
  resolution_rate_change_pp double precision,
  escalation_rate_change_pp double precision,
  abandonment_rate_change_pp double precision,
  contained_rate_change_pp double precision
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  return query
  with
  -- What adds up over days. Cohort counts do: an episode starts on one day only.
  d as (
    select
      coalesce(sum(resolutions), 0)::integer as resolutions,
      coalesce(sum(responses), 0)::integer as responses,
      coalesce(sum(responses_explicit), 0)::integer as responses_explicit,
      coalesce(sum(episodes_started), 0)::integer as episodes_started,
      coalesce(sum(resolved_cohort), 0)::integer as resolved_cohort,
      coalesce(sum(escalated_cohort), 0)::integer as escalated_cohort,
      coalesce(sum(silent_cohort), 0)::integer as silent_cohort,
      coalesce(sum(abandoned_cohort), 0)::integer as abandoned_cohort,
      coalesce(sum(open_cohort), 0)::integer as open_cohort,
      coalesce(sum(silence_rate_numerator), 0)::integer as silence_rate_numerator,
      coalesce(sum(silence_rate_denominator), 0)::integer as silence_rate_denominator,
      coalesce(sum(open_rate_numerator), 0)::integer as open_rate_numerator,
      coalesce(sum(open_rate_denominator), 0)::integer as open_rate_denominator,
      coalesce(sum(ai_involved), 0)::integer as ai_involved,
      coalesce(sum(ai_resolved_conversations), 0)::integer as ai_resolved_conversations,
      coalesce(sum(contained_rate_numerator), 0)::integer as contained_rate_numerator,
      coalesce(sum(contained_rate_denominator), 0)::integer as contained_rate_denominator,
      coalesce(sum(contained_pending), 0)::integer as contained_pending,
      coalesce(sum(assumed_rate_numerator), 0)::integer as assumed_rate_numerator,
      coalesce(sum(assumed_rate_denominator), 0)::integer as assumed_rate_denominator,
      coalesce(sum(assumed_pending), 0)::integer as assumed_pending,
      coalesce(sum(confirmed_rate_numerator), 0)::integer as confirmed_rate_numerator,
      coalesce(sum(confirmed_rate_denominator), 0)::integer as confirmed_rate_denominator,
      coalesce(sum(confirmed_pending), 0)::integer as confirmed_pending,
      coalesce(sum(verified_of_contained_rate_numerator), 0)::integer as verified_of_contained_rate_numerator,
      coalesce(sum(verified_of_contained_rate_denominator), 0)::integer as verified_of_contained_rate_denominator,
      coalesce(sum(verified_pending), 0)::integer as verified_pending,
      coalesce(sum(durable_rate_numerator), 0)::integer as durable_rate_numerator,
      coalesce(sum(durable_rate_denominator), 0)::integer as durable_rate_denominator,
      coalesce(sum(durable_pending), 0)::integer as durable_pending,
      coalesce(sum(no_repeat_rate_numerator), 0)::integer as no_repeat_rate_numerator,
      coalesce(sum(no_repeat_rate_denominator), 0)::integer as no_repeat_rate_denominator,
      coalesce(sum(no_repeat_pending), 0)::integer as no_repeat_pending,
      coalesce(sum(unanswered_conversations), 0)::integer as unanswered_conversations,
      coalesce(sum(csat_rate_numerator), 0)::integer as csat_rate_numerator,
      coalesce(sum(csat_rate_denominator), 0)::integer as csat_rate_denominator,
      coalesce(sum(csat_response_rate_numerator), 0)::integer as csat_response_rate_numerator,
      coalesce(sum(csat_response_rate_denominator), 0)::integer as csat_response_rate_denominator,
      coalesce(sum(replies_with_confidence), 0)::integer as replies_with_confidence,
      coalesce(sum(low_confidence_replies), 0)::integer as low_confidence_replies,
      coalesce(sum(response_time_sum_ms), 0)::bigint as response_time_sum_ms,
      -- A conversation without a known customer may be active on several days, which no mart remembers.
      case when count(*) filter (where anonymous_conversations > 0) <= 1
        then coalesce(sum(anonymous_conversations), 0)::integer end as anonymous_conversations,
      (count(*) filter (where not is_partial))::integer as complete_days
    from marts.daily_metrics
    where tenant_id = p_tenant and metric_date between p_from and p_to
  ),
  buckets as (
    select h.key::integer as bucket, sum(h.value::bigint)::bigint as replies
    from marts.daily_metrics m cross join lateral jsonb_each_text(m.response_time_hist) h
    where m.tenant_id = p_tenant and m.metric_date between p_from and p_to
    group by h.key
  ),
  ranked as (
    select
      bucket, replies,
      case when bucket = -1 then 0 else 2 * 1.02::double precision ^ bucket / 2.02 end as estimate,
      sum(replies) over (order by bucket) as cumulated,
      sum(replies) over () as total
    from buckets
  ),
  -- percentile_cont over the estimates: between the ranks floor(h) and floor(h) + 1 of h = q (n - 1), counted from 0.
  reply_percentiles as (
    select
      (max(value) filter (where q = 0.50)) as p50,
      (max(value) filter (where q = 0.90)) as p90,
      (max(value) filter (where q = 0.95)) as p95
    from (
      select
        q,
        min(estimate) filter (where cumulated > floor(q * (total - 1)))
          + (max(q * (total - 1) - floor(q * (total - 1))))::double precision
          * (min(estimate) filter (where cumulated > least(floor(q * (total - 1)) + 1, total - 1))
             - min(estimate) filter (where cumulated > floor(q * (total - 1)))) as value
      from ranked cross join unnest(array[0.50, 0.90, 0.95]) as q
      group by q
    ) per_quantile
  ),
  merged as (
    select coalesce(jsonb_object_agg(bucket::text, replies), '{}') as response_time_hist from buckets
  ),
  cohort as (
    select
      avg(first_response_ms)::double precision as avg_first_response_ms,
      percentile_cont(array[0.50, 0.90, 0.95]) within group (order by first_response_ms) as first_response,
      percentile_cont(0.50) within group (order by first_response_business_ms) as p50_first_response_business_ms,
      avg(resolution_ms)::double precision as avg_resolution_ms,
      percentile_cont(array[0.50, 0.90]) within group (order by resolution_ms) as resolution,
      percentile_cont(0.50) within group (order by resolution_business_ms) as p50_resolution_business_ms,
      avg(csat_rating)::double precision as avg_csat,
      count(distinct conversation_id) filter (where episode_no > 1) as reopened
    from marts.conversations
    where tenant_id = p_tenant and start_date between p_from and p_to
  )
  select
    p.total_conversations,
    p.resolved_conversations,
    p.escalated_conversations,
    p.abandoned_conversations,
    p.avg_response_time_ms,
    p.total_messages,
    p.unique_customers,
    d.anonymous_conversations,
    o.reopened::integer,
    d.resolutions,
    d.responses,
    d.responses_explicit,
    d.response_time_sum_ms,
    merged.response_time_hist,
    r.p50,
    r.p90,
    r.p95,
    p.seed_resolution_rate,
    d.episodes_started,
    d.resolved_cohort,
    d.escalated_cohort,
    d.silent_cohort,
    d.abandoned_cohort,
    d.open_cohort,
    p.resolution_rate,
    p.resolution_rate_numerator,
    p.resolution_rate_denominator,
    p.resolution_rate_low,
    p.resolution_rate_high,
    p.escalation_rate,
    p.escalation_rate_numerator,
    p.escalation_rate_denominator,
    p.escalation_rate_low,
    p.escalation_rate_high,
    d.silence_rate_numerator / nullif(d.silence_rate_denominator, 0)::double precision,
    d.silence_rate_numerator,
    d.silence_rate_denominator,
    marts.wilson_low(d.silence_rate_numerator, d.silence_rate_denominator),
    marts.wilson_high(d.silence_rate_numerator, d.silence_rate_denominator),
    p.abandonment_rate,
    p.abandonment_rate_numerator,
    p.abandonment_rate_denominator,
    p.abandonment_rate_low,
    p.abandonment_rate_high,
    d.open_rate_numerator / nullif(d.open_rate_denominator, 0)::double precision,
    d.open_rate_numerator,
    d.open_rate_denominator,
    marts.wilson_low(d.open_rate_numerator, d.open_rate_denominator),
    marts.wilson_high(d.open_rate_numerator, d.open_rate_denominator),
    d.ai_involved,
    d.ai_resolved_conversations,
    p.contained_rate,
    p.contained_rate_numerator,
    p.contained_rate_denominator,
    p.contained_rate_low,
    p.contained_rate_high,
    d.contained_pending,
    d.assumed_rate_numerator / nullif(d.assumed_rate_denominator, 0)::double precision,
    d.assumed_rate_numerator,
    d.assumed_rate_denominator,
    marts.wilson_low(d.assumed_rate_numerator, d.assumed_rate_denominator),
    marts.wilson_high(d.assumed_rate_numerator, d.assumed_rate_denominator),
    d.assumed_pending,
    d.confirmed_rate_numerator / nullif(d.confirmed_rate_denominator, 0)::double precision,
    d.confirmed_rate_numerator,
    d.confirmed_rate_denominator,
    marts.wilson_low(d.confirmed_rate_numerator, d.confirmed_rate_denominator),
    marts.wilson_high(d.confirmed_rate_numerator, d.confirmed_rate_denominator),
    d.confirmed_pending,
    d.verified_of_contained_rate_numerator / nullif(d.verified_of_contained_rate_denominator, 0)::double precision,
    d.verified_of_contained_rate_numerator,
    d.verified_of_contained_rate_denominator,
    marts.wilson_low(d.verified_of_contained_rate_numerator, d.verified_of_contained_rate_denominator),
    marts.wilson_high(d.verified_of_contained_rate_numerator, d.verified_of_contained_rate_denominator),
    d.verified_pending,
    d.contained_rate_numerator / nullif(d.contained_rate_denominator, 0)::double precision
      * (d.verified_of_contained_rate_numerator / nullif(d.verified_of_contained_rate_denominator, 0)::double precision),
    d.durable_rate_numerator / nullif(d.durable_rate_denominator, 0)::double precision,
    d.durable_rate_numerator,
    d.durable_rate_denominator,
    marts.wilson_low(d.durable_rate_numerator, d.durable_rate_denominator),
    marts.wilson_high(d.durable_rate_numerator, d.durable_rate_denominator),
    d.durable_pending,
    d.no_repeat_rate_numerator / nullif(d.no_repeat_rate_denominator, 0)::double precision,
    d.no_repeat_rate_numerator,
    d.no_repeat_rate_denominator,
    marts.wilson_low(d.no_repeat_rate_numerator, d.no_repeat_rate_denominator),
    marts.wilson_high(d.no_repeat_rate_numerator, d.no_repeat_rate_denominator),
    d.no_repeat_pending,
    p.avg_conversation_length,
    d.unanswered_conversations,
    o.avg_first_response_ms,
    o.first_response[1],
    o.first_response[2],
    o.first_response[3],
    o.p50_first_response_business_ms,
    o.avg_resolution_ms,
    o.resolution[1],
    o.resolution[2],
    o.p50_resolution_business_ms,
    d.csat_rate_numerator / nullif(d.csat_rate_denominator, 0)::double precision,
    d.csat_rate_numerator,
    d.csat_rate_denominator,
    marts.wilson_low(d.csat_rate_numerator, d.csat_rate_denominator),
    marts.wilson_high(d.csat_rate_numerator, d.csat_rate_denominator),
    d.csat_response_rate_numerator / nullif(d.csat_response_rate_denominator, 0)::double precision,
    d.csat_response_rate_numerator,
    d.csat_response_rate_denominator,
    marts.wilson_low(d.csat_response_rate_numerator, d.csat_response_rate_denominator),
    marts.wilson_high(d.csat_response_rate_numerator, d.csat_response_rate_denominator),
    o.avg_csat,
    d.replies_with_confidence,
    d.low_confidence_replies,
    'histogram',
    d.complete_days,
    coalesce(p_to > w.last_complete_day, true),
    w.compared_from,
    w.compared_to,
    w.previous_from,
    w.previous_to,
    b.total_conversations,
    b.resolved_conversations,
    b.escalated_conversations,
    b.abandoned_conversations,
    b.avg_response_time_ms,
    b.total_messages,
    b.unique_customers,
    marts.growth_rate(n.total_conversations, b.total_conversations),
    marts.growth_status(n.total_conversations, b.total_conversations),
    n.total_conversations - b.total_conversations,
    b.resolution_rate,
    b.escalation_rate,
    b.abandonment_rate,
    b.contained_rate,
    (n.resolution_rate - b.resolution_rate) * 100,
    (n.escalation_rate - b.escalation_rate) * 100,
    (n.abandonment_rate - b.abandonment_rate) * 100,
    (n.contained_rate - b.contained_rate) * 100
  from d
  cross join merged
  cross join reply_percentiles r
  cross join cohort o
  cross join lateral marts.compared_days(p_tenant, p_from, p_to, p_compare) w
  cross join lateral marts.period_counts(p_tenant, p_from, p_to) p
  left join lateral marts.period_counts(p_tenant, w.compared_from, w.compared_to) n on true
  left join lateral marts.period_counts(p_tenant, w.previous_from, w.previous_to) b on true;
end $$;
comment on function marts.period_metrics(uuid, date, date, text) is
  'All columns of daily_metrics recounted for the local days p_from to p_to, both inclusive, and compared: p_compare is previous (as many '
  'days right before), week, month, quarter, year (the same days that much earlier) or none; only complete days are compared. One row; no '
  'row when an argument is NULL. Nothing is averaged over days: distincts are counted anew, reply percentiles come from merged histograms '
  '(within 1 %).';

drop function if exists marts.roi(uuid, date, date, numeric, numeric, numeric, numeric);
create function marts.roi(
  p_tenant uuid, p_from date, p_to date,
  p_avg_human_agent_cost_per_hour numeric default null, p_avg_conversation_time_minutes numeric default null,
  p_ai_cost_per_conversation numeric default null, p_rework_minutes numeric default null
)
returns table (
  total_conversations integer,
  ai_resolved_conversations integer,
  reworked_conversations integer,
  human_agent_cost numeric,
  ai_cost numeric,
  savings numeric,
  roi_percentage numeric,
  human_cost_avoided numeric,
  rework_cost numeric,
  net_savings numeric,
  net_savings_low numeric,
  net_savings_high numeric,
  roi_percentage_net numeric,
  parameter_versions integer
)
language plpgsql stable as $$
#variable_conflict use_column
begin
  if p_tenant is null or p_from is null or p_to is null then
    return;
  end if;
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;

  return query
  with
  -- One row per conversation that began in the window; what became of it in later episodes counts for its first day.
  later as (
    select
      conversation_id,
      bool_or(is_ai_resolution is true) as is_ai_resolved,
      bool_or(is_ai_resolution is true and is_durable is null) as is_pending,
      bool_or(is_ai_resolution is true and is_durable is false) as was_reopened,
      bool_or(outcome = 'silent' and is_contained is true) as is_silent_contained,
      (array_agg(is_ai_resolution is true order by episode_no desc))[1] as ends_with_ai
    from marts.conversations
    where tenant_id = p_tenant and start_date >= p_from and episode_no > 1
    group by conversation_id
  ),
  cases as (
    select
      f.start_date,
      f.is_ai_resolution is true or l.is_ai_resolved is true as is_ai_resolved,
      (f.is_ai_resolution is true and f.is_durable is null) or l.is_pending is true as is_pending,
      (f.outcome = 'silent' and f.is_contained is true) or l.is_silent_contained is true as is_silent_contained,
      ((f.is_ai_resolution is true and f.is_durable is false) or l.was_reopened is true)
        and not coalesce(l.ends_with_ai, f.is_ai_resolution is true) as is_rework
    from marts.conversations f
    left join later l using (conversation_id)
    where f.tenant_id = p_tenant and f.episode_no = 1 and f.start_date between p_from and p_to
  ),
  days as (
    select
      start_date,
      count(*) as conversations,
      count(*) filter (where is_ai_resolved) as resolved,
      count(*) filter (where is_ai_resolved and not is_pending) as settled,
      count(*) filter (where is_ai_resolved or is_silent_contained) as at_most,
      count(*) filter (where is_rework) as reworked
    from cases group by start_date
  ),
  valued as (
    select
      d.*,
      coalesce(p_avg_human_agent_cost_per_hour, v.hourly) as hourly,
      coalesce(p_avg_conversation_time_minutes, v.minutes) as minutes,
      coalesce(p_ai_cost_per_conversation, v.per_conversation) as per_conversation,
      coalesce(p_rework_minutes, v.own_rework, p_avg_conversation_time_minutes, v.minutes) as rework
    from days d
    cross join lateral (
      select
        (array_agg(number_value::numeric order by valid_from desc) filter (where parameter = 'avg_human_agent_cost_per_hour'))[1] as hourly,
        (array_agg(number_value::numeric order by valid_from desc) filter (where parameter = 'avg_conversation_time_minutes'))[1]
          as minutes,
        (array_agg(number_value::numeric order by valid_from desc) filter (where parameter = 'ai_cost_per_conversation'))[1]
          as per_conversation,
        -- The default of rework_minutes is avg_conversation_time_minutes, whatever that is by then.
        (array_agg(case when not is_default then number_value::numeric end order by valid_from desc)
          filter (where parameter = 'rework_minutes'))[1] as own_rework
      from marts.dim_tenant_parameters
      where tenant_id = p_tenant and valid_from <= d.start_date
        and parameter in ('avg_human_agent_cost_per_hour', 'avg_conversation_time_minutes', 'ai_cost_per_conversation', 'rework_minutes')
    ) v
  ),
  -- Divided by 60 only after summing: exact as long as possible.
  sums as (
    select
      coalesce(sum(conversations), 0)::integer as conversations,
      coalesce(sum(resolved), 0)::integer as resolved,
      coalesce(sum(reworked), 0)::integer as reworked,
      coalesce(sum(conversations * minutes * hourly), 0) / 60 as all_human,
      coalesce(sum(conversations * per_conversation), 0) as all_ai,
      coalesce(sum(resolved * per_conversation), 0) as resolved_ai,
      coalesce(sum(resolved * minutes * hourly), 0) / 60 as avoided,
      coalesce(sum(settled * minutes * hourly), 0) / 60 as avoided_low,
      coalesce(sum(at_most * minutes * hourly), 0) / 60 as avoided_high,
      coalesce(sum(reworked * rework * hourly), 0) / 60 as reworking,
      count(distinct row(hourly, minutes, per_conversation, rework))::integer as versions
    from valued
  )
  select
    conversations,
    resolved,
    reworked,
    all_human,
    all_ai,
    avoided - resolved_ai,
    case when all_ai = 0 then 0.0 else (avoided - resolved_ai) / all_ai * 100 end,
    avoided,
    reworking,
    avoided - all_ai - reworking,
    avoided_low - all_ai - reworking,
    avoided_high - all_ai - reworking,
    (avoided - all_ai - reworking) / nullif(all_ai, 0) * 100,
    versions
  from sums;
end $$;
comment on function marts.roi(uuid, date, date, numeric, numeric, numeric, numeric) is
  'What the AI saved on conversations that began on the local days p_from to p_to, both inclusive, in the tenant''s currency. Each is '
  'costed with the parameters of its first day unless overridden; parameter_versions says how many sets of them applied. savings and '
  'roi_percentage charge the AI only for what it resolved; net_savings charges it for every conversation and for rework. One row; no row '
  'when tenant or a date is NULL.';

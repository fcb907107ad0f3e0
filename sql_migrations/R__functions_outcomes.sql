-- Functions of the role dashboards over actions, their outcomes and escalations. SECURITY INVOKER: row level security of the caller holds
-- inside them. Periods are local days, both ends included.
set local role am_owner;

drop function if exists marts.daily_outcomes(uuid, date, date, text);
create function marts.daily_outcomes(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  metric_date date,
  actions integer,
  positive_outcomes integer,
  negative_outcomes integer,
  pending_outcomes integer,
  matured_labelled integer,
  matured_positive integer,
  success_rate double precision,
  is_provisional boolean
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
  with counted as (
    select
      metric_date,
      count(*)::integer as actions,
      (count(*) filter (where outcome_status = 'positive'))::integer as positive,
      (count(*) filter (where outcome_status = 'negative'))::integer as negative,
      (count(*) filter (where outcome_status = 'pending'))::integer as pending,
      count(label)::integer as labelled,
      (count(*) filter (where label = 1))::integer as hits,
      bool_or(not is_matured) as is_open
    from marts.outcomes
    where tenant_id = p_tenant and metric_date between p_from and p_to and (p_rep_id is null or rep_id = p_rep_id)
    group by metric_date
  )
  select
    d.metric_date,
    coalesce(c.actions, 0),
    coalesce(c.positive, 0),
    coalesce(c.negative, 0),
    coalesce(c.pending, 0),
    coalesce(c.labelled, 0),
    coalesce(c.hits, 0),
    c.hits / nullif(c.labelled, 0)::double precision,
    coalesce(c.is_open, false)
  from marts.dim_date d
  left join counted c on d.metric_date = c.metric_date
  where d.metric_date between p_from and p_to
  order by d.metric_date;
end $$;
comment on function marts.daily_outcomes(uuid, date, date, text) is
  'What became of the actions of each local day of p_from to p_to, of one representative if p_rep_id is given: a row per day, also for '
  'days without an action. No row when tenant or a date is NULL.';

drop function if exists marts.success_trend(uuid, date, date, text);
create function marts.success_trend(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  before_to date,
  after_from date,
  matured_positive_before integer,
  matured_labelled_before integer,
  success_rate_before double precision,
  matured_positive_after integer,
  matured_labelled_after integer,
  success_rate_after double precision,
  trend text,
  trend_p double precision
)
language plpgsql stable as $$
#variable_conflict use_column
declare
  half integer := (p_to - p_from + 1) / 2;
begin
  if p_tenant is null or p_from is null or p_to is null then
    return;
  end if;
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;
  return query
  with halves as (
    -- A single day has no halves: nothing is known of them, which is not 0.
    select
      case when half > 0 then (count(*) filter (where label = 1 and metric_date < p_from + half))::integer end as successes_before,
      case when half > 0 then (count(label) filter (where metric_date < p_from + half))::integer end as n_before,
      case when half > 0 then (count(*) filter (where label = 1 and metric_date > p_to - half))::integer end as successes_after,
      case when half > 0 then (count(label) filter (where metric_date > p_to - half))::integer end as n_after
    from marts.outcomes
    where tenant_id = p_tenant and metric_date between p_from and p_to and (p_rep_id is null or rep_id = p_rep_id)
  )
  select
    case when half > 0 then p_from + half - 1 end,
    case when half > 0 then p_to - half + 1 end,
    successes_before,
    n_before,
    successes_before / nullif(n_before, 0)::double precision,
    successes_after,
    n_after,
    successes_after / nullif(n_after, 0)::double precision,
    marts.rate_trend(successes_before, n_before, successes_after, n_after),
    marts.two_proportion_p(successes_before, n_before, successes_after, n_after)
  from halves;
end $$;
comment on function marts.success_trend(uuid, date, date, text) is
  'Success of matured actions in the first half of the local days p_from to p_to against the second (of an odd number the middle day is in '
  'neither), of one representative if p_rep_id is given; trend as in rate_trend. One row; no row when tenant or a date is NULL.';

drop function if exists marts.representative_outcomes(uuid, date, date, text);
create function marts.representative_outcomes(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  rep_id text,
  total_actions integer,
  positive_outcomes integer,
  negative_outcomes integer,
  pending_outcomes integer,
  success_rate double precision,
  success_rate_numerator integer,
  success_rate_denominator integer,
  success_rate_low double precision,
  success_rate_high double precision,
  success_rate_status text,
  success_rate_resolved double precision,
  deals_progressed integer
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
  with counted as (
    select
      rep_id,
      count(*)::integer as actions,
      (count(*) filter (where outcome_status = 'positive'))::integer as positive,
      (count(*) filter (where outcome_status = 'negative'))::integer as negative,
      (count(*) filter (where outcome_status = 'pending'))::integer as pending,
      (count(*) filter (where is_matured))::integer as matured,
      (count(*) filter (where label = 1))::integer as hits,
      count(label)::integer as labelled,
      (count(*) filter (where outcome_type = 'deal_progression' and outcome_status = 'positive'))::integer as progressed
    from marts.outcomes
    where tenant_id = p_tenant and metric_date between p_from and p_to and (p_rep_id is null or rep_id = p_rep_id)
    group by rep_id
  )
  select
    c.rep_id,
    c.actions,
    c.positive,
    c.negative,
    c.pending,
    c.hits / nullif(c.labelled, 0)::double precision,
    c.hits,
    c.labelled,
    marts.wilson_low(c.hits, c.labelled),
    marts.wilson_high(c.hits, c.labelled),
    marts.sample_status(c.labelled, t.small_sample, c.matured < c.actions),
    c.positive / nullif(c.positive + c.negative, 0)::double precision,
    c.progressed
  from counted c
  left join marts.dim_tenant t on t.tenant_id = p_tenant;
end $$;
comment on function marts.representative_outcomes(uuid, date, date, text) is
  'What became of the actions of the local days p_from to p_to by representative, the actions of nobody too: a row each. Compare them by '
  'success_rate_low, which few actions cannot flatter. No row when tenant or a date is NULL.';

drop function if exists marts.time_saved(uuid, date, date, text);
create function marts.time_saved(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  positive_outcomes integer,
  minutes_per_action double precision,
  estimated_time_saved_hours double precision,
  estimated_time_saved_hours_status text
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
  select
    c.positive,
    m.number_value,
    c.positive * m.number_value / 60,
    case when m.number_value is null then 'no_input' else 'ok' end
  from (
    select count(*)::integer as positive
    from marts.outcomes
    where
      tenant_id = p_tenant and metric_date between p_from and p_to and outcome_status = 'positive'
      and (p_rep_id is null or rep_id = p_rep_id)
  ) c
  -- What holds once the period has ended: the day of as_of, for periods up to it.
  left join marts.parameter_on(p_tenant, 'minutes_per_action', p_to + 1) m on true;
end $$;
comment on function marts.time_saved(uuid, date, date, text) is
  'Hours that the successful actions of the local days p_from to p_to are estimated to have saved, at the tenant''s minutes_per_action of '
  'the day after p_to. One row; no row when tenant or a date is NULL.';

drop function if exists marts.escalation_rate(uuid, date, date);
create function marts.escalation_rate(p_tenant uuid, p_from date, p_to date)
returns table (
  escalation_rate double precision,
  escalation_rate_numerator integer,
  escalation_rate_denominator integer,
  escalation_rate_low double precision,
  escalation_rate_high double precision,
  escalation_rate_status text
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;
  return query
  select
    c.escalated / nullif(c.episodes, 0)::double precision,
    c.escalated,
    c.episodes,
    marts.wilson_low(c.escalated, c.episodes),
    marts.wilson_high(c.escalated, c.episodes),
    marts.sample_status(c.episodes, t.small_sample)
  from (
    select
      coalesce(sum(escalation_rate_numerator), 0)::integer as escalated,
      coalesce(sum(escalation_rate_denominator), 0)::integer as episodes
    from marts.daily_metrics
    where tenant_id = p_tenant and metric_date between p_from and p_to
  ) c
  left join marts.dim_tenant t on t.tenant_id = p_tenant;
end $$;
comment on function marts.escalation_rate(uuid, date, date) is
  'Share of the conversations begun on the local days p_from to p_to that were escalated, whoever acted in them: as in period_counts, with '
  'how to read it. One row; no row when an argument is NULL.';

drop function if exists marts.escalation_history(uuid, date, date, text);
create function marts.escalation_history(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (conversation_id text, episode_no integer, escalated_at timestamptz, reason text, channel text, agent_id text)
language sql stable as $$
  select v.conversation_id, v.episode_no, v.handoff_at, v.handoff_reason, v.channel, v.agent_id
  from marts.conversations v
  where v.tenant_id = p_tenant and v.escalated_date between p_from and p_to and (
    p_rep_id is null
    or v.conversation_id in (select o.conversation_id from marts.outcomes o where o.tenant_id = p_tenant and o.rep_id = p_rep_id)
  )
$$;
comment on function marts.escalation_history(uuid, date, date, text) is
  'Episodes handed to a human on the local days p_from to p_to, of conversations in which p_rep_id ever acted if that is given.';

drop function if exists marts.coaching_status(uuid, integer);
create function marts.coaching_status(p_tenant uuid, p_days integer)
returns table (window_days integer, patterns integer, actionable_patterns integer, status text)
language sql stable strict as $$
  select
    w.days,
    count(p.pattern_id)::integer,
    (count(*) filter (where p.is_actionable))::integer,
    case when count(p.pattern_id) = 0 then 'no_data' when bool_or(p.is_actionable) then 'ok' else 'none_actionable' end
  from (select case when p_days <= 30 then 30 else 90 end as days) w
  left join marts.coaching_patterns p on p.tenant_id = p_tenant and p.window_days = w.days
  group by w.days
$$;
comment on function marts.coaching_status(uuid, integer) is
  'Which window of coaching_patterns fits a period of p_days (30 up to 30 days, else 90), and whether there is anything to act on in it. '
  'One row; no row when an argument is NULL.';

-- Functions that tell which local days a figure is of, and how to read it. SECURITY INVOKER: row level security of the caller holds inside.
set local role am_owner;

create or replace function marts.sample_status(n integer, small_sample integer, is_provisional boolean default false) returns text
language sql immutable parallel safe as $$
  select case
    when coalesce(n, 0) = 0 then 'no_data'
    when n < small_sample then 'low_n'
    when is_provisional then 'provisional'
    else 'ok'
  end
$$;
comment on function marts.sample_status(integer, integer, boolean) is
  'How to read a figure of n cases: no_data (n is 0 or NULL), low_n (below small_sample), provisional (it may still change by itself), ok.';

create or replace function marts.newest_as_of(p_tenant uuid, p_marts text[] default null) returns timestamptz
language sql stable as $$
  -- The newest version of each mart by its index: the log has many.
  select max(newest.as_of)
  from unnest(coalesce(p_marts, array(select distinct l.mart from marts.publish_log l where l.tenant_id = p_tenant))) as given (mart)
  cross join lateral (
    select l.as_of from marts.publish_log l where l.tenant_id = p_tenant and l.mart = given.mart order by l.version desc limit 1
  ) newest
$$;
comment on function marts.newest_as_of(uuid, text[]) is
  'The instant that the newest publish of the given marts (default: all of the tenant) looked at; NULL before the first.';

drop function if exists marts.last_complete_days(uuid, integer, text[]);
create function marts.last_complete_days(p_tenant uuid, p_days integer, p_marts text[] default null)
returns table (as_of timestamptz, first_day date, last_day date, period_start timestamptz, period_end timestamptz)
language plpgsql stable as $$
begin
  if p_tenant is null or p_days is null then
    return;
  end if;
  if p_days < 1 then
    raise invalid_parameter_value using message = 'p_days is below 1';
  end if;
  return query
  select
    n.as_of,
    d.today - p_days,
    d.today - 1,
    (d.today - p_days)::timestamp at time zone t.timezone,
    d.today::timestamp at time zone t.timezone
  from marts.dim_tenant t
  cross join lateral (select marts.newest_as_of(p_tenant, p_marts) as as_of) n
  cross join lateral (select (n.as_of at time zone t.timezone)::date as today) d
  where t.tenant_id = p_tenant;
end $$;
comment on function marts.last_complete_days(uuid, integer, text[]) is
  'The last p_days local days that had ended by newest_as_of: the dates that other functions take. One row for a tenant with a zone, NULLs '
  'before its first publish; no row when the tenant is unknown or an argument is NULL.';

drop function if exists marts.parameter_on(uuid, text, date);
create function marts.parameter_on(p_tenant uuid, p_parameter text, p_on date)
returns table (value text, number_value double precision, valid_from date, is_default boolean)
language sql stable as $$
  select p.value, p.number_value, nullif(p.valid_from, '-infinity'), p.is_default
  from marts.dim_tenant_parameters p
  where p.tenant_id = p_tenant and p.parameter = p_parameter and p.valid_from <= p_on
  order by p.valid_from desc limit 1
$$;
comment on function marts.parameter_on(uuid, text, date) is
  'The value of a tenant parameter that holds on the local day p_on. No row when there is none.';

drop function if exists marts.roi_parameters(uuid, date, date, numeric, numeric, numeric, numeric);
create function marts.roi_parameters(
  p_tenant uuid, p_from date, p_to date,
  p_avg_human_agent_cost_per_hour numeric default null, p_avg_conversation_time_minutes numeric default null,
  p_ai_cost_per_conversation numeric default null, p_rework_minutes numeric default null
)
returns table (parameter text, valid_from date, value numeric, source text)
language sql stable as $$
  with
  given (parameter, value) as (
    values
    ('avg_human_agent_cost_per_hour', p_avg_human_agent_cost_per_hour),
    ('avg_conversation_time_minutes', p_avg_conversation_time_minutes),
    ('ai_cost_per_conversation', p_ai_cost_per_conversation),
    ('rework_minutes', p_rework_minutes)
  ),
  stored as (
    select
      p.parameter,
      p.valid_from,
      p.number_value::numeric as value,
      p.is_default,
      lead(p.valid_from) over (partition by p.parameter order by p.valid_from) as valid_before
    from marts.dim_tenant_parameters p
    inner join given g on p.parameter = g.parameter and g.value is null
    where p.tenant_id = p_tenant
  )
  select g.parameter, null::date, g.value, 'request'
  from given g
  where g.value is not null
  union all
  select s.parameter, nullif(s.valid_from, '-infinity'), s.value, case when s.is_default then 'default' else 'tenant' end
  from stored s
  where s.valid_from <= p_to and coalesce(s.valid_before > p_from, true)
$$;
comment on function marts.roi_parameters(uuid, date, date, numeric, numeric, numeric, numeric) is
  'The costs and minutes that roi takes with the same arguments, and since when each holds: a row per value that holds on any of the days.';

drop function if exists marts.period_growth(uuid, date, date, text);
create function marts.period_growth(p_tenant uuid, p_from date, p_to date, p_compare text default 'previous')
returns table (
  is_partial boolean,
  compared_from date,
  compared_to date,
  previous_from date,
  previous_to date,
  total_conversations integer,
  previous_total_conversations integer,
  growth_rate double precision,
  growth_status text,
  absolute_change integer
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  return query
  select
    p_to > w.last_complete_day,
    w.compared_from,
    w.compared_to,
    w.previous_from,
    w.previous_to,
    n.conversations,
    b.conversations,
    marts.growth_rate(n.conversations, b.conversations),
    marts.growth_status(n.conversations, b.conversations),
    n.conversations - b.conversations
  from marts.compared_days(p_tenant, p_from, p_to, p_compare) w
  left join lateral (
    select coalesce(sum(d.total_conversations), 0)::integer as conversations
    from marts.daily_metrics d where d.tenant_id = p_tenant and d.metric_date between w.compared_from and w.compared_to
  ) n on w.compared_to is not null
  left join lateral (
    select coalesce(sum(d.total_conversations), 0)::integer as conversations
    from marts.daily_metrics d where d.tenant_id = p_tenant and d.metric_date between w.previous_from and w.previous_to
  ) b on w.previous_to is not null;
end $$;
comment on function marts.period_growth(uuid, date, date, text) is
  'Conversations begun on the complete local days of p_from to p_to against those before: the growth that period_metrics gives, without '
  'its other columns. p_compare as there. One row; no row when an argument is NULL.';

drop function if exists marts.quality_by_scorer(uuid, date, date);
create function marts.quality_by_scorer(p_tenant uuid, p_from date, p_to date)
returns table (
  scorer_kind text,
  scorer text,
  attempts integer,
  scored integer,
  failed integer,
  overall_mean double precision,
  low_quality integer
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  if p_to < p_from then
    raise invalid_parameter_value using message = 'the period ends before it begins';
  end if;
  return query
  select
    q.scorer_kind,
    q.scorer,
    sum(q.attempts)::integer,
    sum(q.scored)::integer,
    sum(q.failed)::integer,
    sum(q.overall_mean * q.scored) / nullif(sum(q.scored) filter (where q.overall_mean is not null), 0),
    sum(q.low_quality)::integer
  from marts.quality_daily q
  where q.tenant_id = p_tenant and q.metric_date between p_from and p_to
  group by q.scorer_kind, q.scorer;
end $$;
comment on function marts.quality_by_scorer(uuid, date, date) is
  'What each scorer made of the conversations of the local days p_from to p_to, both included: a row per scorer, never averaged over them.';

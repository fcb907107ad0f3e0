-- Functions over the calibration marts. SECURITY INVOKER: row level security of the caller holds inside them.
set local role am_owner;

drop function if exists marts.calibration_by_type(uuid, date, date, text);
create function marts.calibration_by_type(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  action_type text,
  n integer,
  status text,
  brier_score double precision,
  binned_calibration_error double precision,
  base_rate double precision,
  mean_confidence double precision,
  is_calibrated boolean,
  direction text,
  e_alarm_at timestamptz
)
language sql stable as $$
  select
    s.action_type, s.n, s.status, s.brier_score, s.binned_calibration_error, s.base_rate, s.mean_confidence, s.is_calibrated, s.direction,
    s.e_alarm_at
  from marts.calibration_summary s
  where s.tenant_id = p_tenant and s.label_policy = 'headline' and (p_rep_id is null or s.action_type in (
    select o.action_type from marts.outcomes o
    where o.tenant_id = p_tenant and o.rep_id = p_rep_id and o.metric_date between p_from and p_to
  ))
$$;
comment on function marts.calibration_by_type(uuid, date, date, text) is
  'calibration_summary under the headline policy: a row per action type, only of types that p_rep_id used on the local days p_from to p_to '
  'if that is given. Calibration is of all forecasts of a type, whoever acted and whenever.';

drop function if exists marts.overall_calibration(uuid, date, date, text);
create function marts.overall_calibration(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (overall_brier double precision, overall_brier_n integer, overall_brier_status text)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
  select
    sum(n * brier_score) / nullif(sum(n) filter (where brier_score is not null), 0),
    sum(n)::integer,
    -- Fewer outcomes say nothing of calibration (calibration_summary).
    marts.sample_status(sum(n)::integer, 50)
  from marts.calibration_by_type(p_tenant, p_from, p_to, p_rep_id);
end $$;
comment on function marts.overall_calibration(uuid, date, date, text) is
  'The Brier score of the types of calibration_by_type together, each weighted by its outcomes. One row.';

drop function if exists marts.calibrated_confidence(uuid, text, numeric);
create function marts.calibrated_confidence(p_tenant uuid, p_action_type text, p_confidence numeric)
returns table (
  grid_point numeric,
  p_calibrated numeric,
  block_low double precision,
  block_high double precision,
  block_n integer,
  block_rate double precision,
  block_rate_low double precision,
  block_rate_high double precision,
  n integer,
  status text,
  trust text,
  trust_reason text
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  return query
  select
    m.p_raw,
    -- Below the minimum nothing is corrected: what came goes back.
    case when m.status = 'ok' then m.p_calibrated::numeric else p_confidence end,
    m.block_low,
    m.block_high,
    m.block_n,
    m.block_rate,
    b.low,
    b.high,
    m.n,
    m.status,
    case
      when m.status <> 'ok' then 'none'
      when m.block_n >= 200 then 'good'
      when m.block_n >= 50 then 'fair'
      else 'weak'
    end,
    case
      when m.status <> 'ok' then format(
        'only %s matured outcomes with a known result: below 200 nothing is corrected and the confidence is returned as it came', m.n)
      else format(
        '%s of %s matured outcomes were predicted like this and %s %% of them succeeded (95 %% interval %s to %s); '
        'the answer leans on the raw confidence with the weight of 20 more', m.block_n, m.n, round(100 * m.block_rate::numeric),
        round(100 * b.low::numeric), round(100 * b.high::numeric))
    end
  from marts.calibration_map m
  cross join lateral (select round(m.block_n * m.block_rate)::integer as positives) k
  cross join lateral (
    select marts.wilson_low(k.positives, m.block_n) as low, marts.wilson_high(k.positives, m.block_n) as high
  ) b
  where m.tenant_id = p_tenant and m.action_type = p_action_type and m.p_raw = round(p_confidence, 2);
end $$;
comment on function marts.calibrated_confidence(uuid, text, numeric) is
  'What to believe instead of a raw confidence 0..1, by the nearest point of calibration_map, with the evidence for it. No row when the '
  'action type has no map, the confidence is none, or an argument is NULL.';

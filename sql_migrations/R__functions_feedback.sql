-- Functions over feedback. SECURITY INVOKER: row level security of the caller holds inside them. Periods are local days with both ends.
set local role am_owner;

drop function if exists marts.feedback_by_source(uuid, date, date, text);
create function marts.feedback_by_source(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  source text,
  entries integer,
  ratings integer,
  average_rating double precision,
  average_rating_se double precision,
  positive_count integer,
  positive_share double precision,
  positive_share_low double precision,
  positive_share_high double precision,
  normalized_sum double precision,
  is_poor boolean
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
  counted as (
    select
      s.source,
      count(f.feedback_id)::integer as entries,
      (count(*) filter (where f.is_current))::integer as ratings,
      (count(*) filter (where f.is_current and f.rating >= case s.source when 'inline' then 1 else 4 end))::integer as positives,
      (sum(f.rating_normalized) filter (where f.is_current))::double precision as normalized,
      (sum(f.rating) filter (where f.is_current))::double precision as total,
      (sum(f.rating * f.rating) filter (where f.is_current))::double precision as squares
    from (values ('inline'), ('dashboard')) as s (source)
    left join marts.feedback_entries f
      on
        f.tenant_id = p_tenant and f.metric_date between p_from and p_to and f.source = s.source
        and (p_rep_id is null or f.action_id in (
          select o.action_id from marts.outcomes o where o.tenant_id = p_tenant and o.rep_id = p_rep_id
        ))
    group by s.source
  ),
  averaged as (
    select
      *,
      total / nullif(ratings, 0)::double precision as average,
      sqrt((ratings * squares - total * total) / nullif(ratings - 1, 0) / nullif(ratings::double precision, 0) ^ 2) as error
    from counted
  )
  select
    source,
    entries,
    ratings,
    average,
    error,
    positives,
    positives / nullif(ratings, 0)::double precision,
    marts.wilson_low(positives, ratings),
    marts.wilson_high(positives, ratings),
    normalized,
    -- Thumbs only, from five on: even the upper end of the interval is below neutral.
    case when source = 'inline' and ratings >= 5 then average + 1.959963984540054 * error < 0 end
  from averaged;
end $$;
comment on function marts.feedback_by_source(uuid, date, date, text) is
  'Feedback of the local days p_from to p_to by source, since thumbs and stars are never averaged together; only on actions of p_rep_id if '
  'that is given. Two rows, also without an entry; no row when tenant or a date is NULL.';

drop function if exists marts.feedback_scores(uuid, date, date, text);
create function marts.feedback_scores(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  total_feedbacks integer,
  ratings integer,
  average_rating double precision,
  average_rating_status text,
  normalized_avg double precision,
  normalized_avg_status text,
  entries_before integer,
  entries_after integer,
  recent_trend text,
  recent_trend_p double precision
)
language plpgsql stable as $$
#variable_conflict use_column
declare
  half integer := (p_to - p_from + 1) / 2;
begin
  if p_tenant is null or p_from is null or p_to is null then
    return;
  end if;
  return query
  with
  summed as (
    select
      sum(entries)::integer as entries,
      sum(ratings)::integer as ratings,
      count(*) filter (where ratings > 0) as rated_sources,
      max(average_rating) as average,
      sum(normalized_sum) / nullif(sum(ratings), 0) as normalized
    from marts.feedback_by_source(p_tenant, p_from, p_to, p_rep_id)
  ),
  halves as (
    select
      (count(*) filter (where metric_date < p_from + half))::integer as before,
      (count(*) filter (where metric_date > p_to - half))::integer as after
    from marts.feedback_entries
    where
      tenant_id = p_tenant and metric_date between p_from and p_to
      and (p_rep_id is null or action_id in (
        select o.action_id from marts.outcomes o where o.tenant_id = p_tenant and o.rep_id = p_rep_id
      ))
  )
  select
    s.entries,
    s.ratings,
    case when s.rated_sources = 1 then s.average end,
    case s.rated_sources when 0 then 'no_data' when 1 then 'ok' else 'mixed_sources' end,
    s.normalized,
    marts.sample_status(s.ratings, t.small_sample),
    h.before,
    h.after,
    marts.count_trend(h.before, h.after),
    marts.count_p(h.before, h.after)
  from summed s
  cross join halves h
  left join marts.dim_tenant t on t.tenant_id = p_tenant;
end $$;
comment on function marts.feedback_scores(uuid, date, date, text) is
  'Feedback of the local days p_from to p_to, only on actions of p_rep_id if that is given. average_rating is of one source alone; across '
  'sources there is only normalized_avg. The trend compares the number of entries of both halves. One row; no row when tenant or a date is '
  'NULL.';

drop function if exists marts.reviewer_fatigue(uuid, date);
create function marts.reviewer_fatigue(p_tenant uuid, p_to date)
returns table (
  reviewer_id text,
  entries_last_7_days integer,
  entries_28_days_before integer,
  rate_ratio double precision,
  rate_ratio_low double precision,
  rate_ratio_high double precision,
  is_fatigued boolean,
  seed_entries_per_day double precision
)
language plpgsql stable strict as $$
#variable_conflict use_column
begin
  return query
  with
  counted as (
    select
      reviewer_id,
      (count(*) filter (where metric_date > p_to - 7))::integer as recent,
      (count(*) filter (where metric_date <= p_to - 7))::integer as before
    from marts.feedback_entries
    where tenant_id = p_tenant and metric_date between p_to - 34 and p_to and reviewer_id is not null
    group by reviewer_id
  ),
  compared as (
    select
      c.*,
      4 * (c.recent + l.lift) / (c.before + l.lift) as ratio,
      exp(1.959963984540054 * sqrt(1 / (c.recent + l.lift) + 1 / (c.before + l.lift))) as factor
    from counted c
    -- Half an entry more on both sides where one is empty: a ratio of nothing has no logarithm.
    cross join lateral (select case when c.recent = 0 or c.before = 0 then 0.5 else 0 end::double precision as lift) l
  )
  select
    reviewer_id,
    recent,
    before,
    ratio,
    ratio / factor,
    ratio * factor,
    ratio * factor < 1,
    recent / 7::double precision
  from compared;
end $$;
comment on function marts.reviewer_fatigue(uuid, date) is
  'Each reviewer''s pace in the seven local days up to p_to against the 28 before. Tired is who has slowed down beyond chance. A row per '
  'reviewer with an entry in these five weeks.';

drop function if exists marts.feedback_health(uuid, date, date, text);
create function marts.feedback_health(p_tenant uuid, p_from date, p_to date, p_rep_id text default null)
returns table (
  submission_rate double precision,
  actions_with_feedback integer,
  total_actions integer,
  coverage_percent double precision,
  coverage_status text,
  has_poor_feedback boolean,
  has_poor_feedback_status text,
  reviewers integer,
  fatigued_reviewers integer
)
language plpgsql stable as $$
#variable_conflict use_column
begin
  if p_tenant is null or p_from is null or p_to is null then
    return;
  end if;
  return query
  with
  given as (
    select
      sum(entries) as entries,
      bool_or(is_poor) as is_poor,
      max(ratings) filter (where source = 'inline') as thumbs
    from marts.feedback_by_source(p_tenant, p_from, p_to, p_rep_id)
  ),
  covered as (
    select
      count(*)::integer as actions,
      (count(*) filter (where o.action_id in (
        select f.action_id from marts.feedback_entries f where f.tenant_id = p_tenant and f.action_id is not null
      )))::integer as with_feedback,
      -- Without any link nothing is known of coverage, which is not 0.
      exists(select from marts.feedback_entries f where f.tenant_id = p_tenant and f.action_id is not null) as is_linked
    from marts.outcomes o
    where o.tenant_id = p_tenant and o.metric_date between p_from and p_to and (p_rep_id is null or o.rep_id = p_rep_id)
  ),
  pace as (
    select count(*)::integer as reviewers, (count(*) filter (where is_fatigued))::integer as fatigued
    from marts.reviewer_fatigue(p_tenant, p_to)
  )
  select
    g.entries / (p_to - p_from + 1)::double precision,
    case when c.is_linked then c.with_feedback end,
    c.actions,
    case when c.is_linked then 100 * c.with_feedback / nullif(c.actions, 0)::double precision end,
    case when not c.is_linked then 'not_linked' when c.actions > 0 then 'ok' else 'no_data' end,
    g.is_poor,
    case when g.thumbs = 0 then 'no_data' when g.thumbs < 5 then 'low_n' else 'ok' end,
    p.reviewers,
    p.fatigued
  from given g cross join covered c cross join pace p;
end $$;
comment on function marts.feedback_health(uuid, date, date, text) is
  'Whether people still give feedback, on what share of the actions, and whether it is poor: of the local days p_from to p_to, only on '
  'actions of p_rep_id if that is given; reviewers are always those of the tenant. One row; no row when tenant or a date is NULL.';

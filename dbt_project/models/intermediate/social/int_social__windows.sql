{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'window_days', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What Meta says of closed windows of accounts, by series and last day: the newest answer that exists at as_of. Rolling counts are left
-- out: they are stamped daily, and nothing may be added to them or compared with them.
with
{% if not is_full_run() -%}
-- A touched window needs all of its days; growth of followers needs the day before, which is among them.
needed_days as (

    select distinct
        touched.tenant_id,
        touched.account_id,
        series.day as metric_date
    from {{ ref('int_social__touched_reach_days') }} as touched
    cross join lateral {{ date_series('touched.window_end_date - 27', 'touched.window_end_date') }}

),

-- A window ends within two days of its last one: so much can be looked up.
needed_spans as (

    select
        tenant_id,
        account_id,
        {{ utc_midnight('min(metric_date) - 2') }} as ends_from,
        {{ utc_midnight('max(metric_date) + 3') }} as ends_to
    from needed_days
    group by tenant_id, account_id

),

{% endif -%}
-- By columns of raw, and not by what staging makes of them: the planner knows how many rows that leaves.
observations as (

    -- noqa: disable=LT02
    {% if is_full_run() -%}
    select * from {{ ref('stg_metric_observations') }}
    where
        not is_sample
        and object_type in ('page', 'ig_user')
        and window_days is not null
    {%- else -%}
    select observations.*
    from needed_spans
    cross join lateral (
        select candidates.*
        from {{ ref('stg_metric_observations') }} as candidates
        where
            candidates.tenant_id = needed_spans.tenant_id
            and candidates.account_id = needed_spans.account_id
            and candidates.window_end between needed_spans.ends_from and needed_spans.ends_to
            and not candidates.is_sample
            and candidates.object_type in ('page', 'ig_user')
            and candidates.window_days is not null
        {{ row_by_row() }}
    ) as observations
    {%- endif %}
    -- noqa: enable=LT02

),

dated as (

    select
        dated_observations.*,
        false as is_new
    from {{ dated_observations('observations') }} as dated_observations
    {% if not is_full_run() -%}
    inner join needed_days
        on
            dated_observations.tenant_id = needed_days.tenant_id
            and dated_observations.account_id = needed_days.account_id
            and dated_observations.metric_date = needed_days.metric_date
    {% endif %}
),

revised as (

    select
        *,
        row_number() over (partition by tenant_id, fact_id order by revision desc) as newest_no
    from dated

),

-- Several groups may ask for the same; a window under a day rule of the past may end on the same date.
told as (

    select
        *,
        row_number() over (
            partition by tenant_id, account_id, object_id, metric, period, dim_key, dim_value, window_days, metric_date
            order by value is null asc, observed_at desc, fact_id asc
        ) as answer_no
    from revised
    where newest_no = 1

),

answers as (

    select * from told
    where answer_no = 1

),

series as (
    {{ observed_series('answers') }}
),

-- The keys of a dictionary that make one sum are one row.
united as (

    select
        {{ series_columns() }},
        {{ series_attributes() }},
        source_metric,
        preference,
        period,
        role,
        kind,
        window_days,
        metric_date,
        case when count(*) = count(value) then sum(value) end as value,
        case when count(*) = count(value) then 'ok' else max(state) filter (where value is null) end as state,
        bool_and(is_final) as is_final,
        max(observed_at) as observed_at
    from series
    where kind <> 'rolling'
    group by {{ series_columns() }}, {{ series_attributes() }}, source_metric, preference, period, role, kind, window_days, metric_date

),

-- Several metrics of Meta may carry one name.
ranked as (

    select
        *,
        row_number() over (
            partition by {{ series_columns() }}, window_days, metric_date
            order by value is null asc, preference asc, observed_at desc, period asc, source_metric asc, day_basis asc
        ) as candidate_no
    from united

),

final as (

    select * from ranked
    where candidate_no = 1

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Growth of running totals in a tenant-local day: the total at its end, or at its last sample where the end is not known, minus what the
-- days before ended with. So days always add up to the difference of two samples.
with sampled as (

    select
        {{ series_columns() }},
        metric_date,
        count(*) as points,
        {{ first_in_order('value', 'observed_at', 'true') }} as first_value,
        {{ last_in_order('value', 'observed_at', 'true') }} as last_value,
        {{ last_in_order('source_metric', 'observed_at', 'true') }} as source_metric,
        {{ last_in_order('period', 'observed_at', 'true') }} as period,
        max(observed_at) as observed_at,
        bool_or(next_at is null) as is_last_day
    from {{ ref('int_social__total_points') }}
    group by {{ series_columns() }}, metric_date

),

days as (

    select
        {{ series_columns() }},
        metric_date
    from sampled
    union
    select
        {{ series_columns() }},
        starting_date as metric_date
    from {{ ref('int_social__total_midnights') }}

),

bounded as (

    select
        {{ series_columns('days') }},
        days.metric_date,
        coalesce(sampled.source_metric, day_start.source_metric) as source_metric,
        coalesce(sampled.period, day_start.period) as period,
        case
            when day_start.total is not null then day_start.total
            when day_start.date_before is not null then day_start.value_before
            -- The first sample of all: alone it says nothing of its day.
            when sampled.points > 1 or day_end.total is not null then sampled.first_value
        end as opening_total,
        coalesce(day_end.total, sampled.last_value) as closing_total,
        case
            when day_start.total is null and day_start.date_before is not null then days.metric_date - day_start.date_before + 1
            else 1
        end as days_covered,
        (day_start.date_before is not null and (day_start.total is null or not day_start.is_exact))
        or (day_end.date_before is not null and (day_end.total is null or not day_end.is_exact)) as is_estimated,
        coalesce(sampled.is_last_day, false) as is_partial,
        case when day_end.total is null then sampled.observed_at else day_end.next_at end as observed_at
    from days
    {{ within_needed_spans('days', 'days.metric_date', 'days.metric_date') }}
    left join {{ ref('int_social__total_midnights') }} as day_start
        on
            {{ same_series('days', 'day_start') }}
            and days.metric_date = day_start.starting_date
    left join {{ ref('int_social__total_midnights') }} as day_end
        on
            {{ same_series('days', 'day_end') }}
            and days.metric_date + 1 = day_end.starting_date
    left join sampled
        on
            {{ same_series('days', 'sampled') }}
            and days.metric_date = sampled.metric_date

),

final as (

    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        closing_total - opening_total as value_increment,
        closing_total as value_cumulative,
        case when closing_total - opening_total is not null then days_covered end as days_covered,
        is_estimated and closing_total - opening_total is not null as is_estimated,
        is_partial,
        observed_at
    from bounded

)

select * from final

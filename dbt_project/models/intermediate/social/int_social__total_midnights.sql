{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'starting_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Running totals at the tenant's midnights that lie between two points: interpolated if these are at most 36 hours apart, else NULL.
with points as (

    select * from {{ ref('int_social__total_points') }}
    where next_date > metric_date

),

crossed as (

    select
        points.*,
        series.day as starting_date,
        {{ local_day_start('points.tenant_id', 'series.day') }} as day_start
    from points
    {{ within_needed_spans('points', 'points.metric_date', 'points.next_date') }}
    cross join lateral {{ date_series('points.metric_date + 1', 'points.next_date') }}

),

final as (

    select
        {{ series_columns() }},
        -- The date that begins at this midnight, and the point before it.
        starting_date,
        source_metric,
        period,
        metric_date as date_before,
        value as value_before,
        next_at,
        day_start = next_at as is_exact,
        case
            when day_start = next_at then next_value
            when next_at <= observed_at + {{ hours(36) }}
                then
                    -- Rounded here and not in the days, so that these still add up exactly.
                    round(
                        value
                        + (next_value - value)
                        * {{ seconds_between('observed_at', 'day_start') }} / {{ seconds_between('observed_at', 'next_at') }},
                        places
                    )
        end as total
    from crossed

)

select * from final

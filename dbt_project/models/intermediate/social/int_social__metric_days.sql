{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Every series by day, as Meta told it: buckets of a day, and what samples say. Of the same day a known value counts before an unknown one,
-- then a bucket before a field of the node, which is only as old as the question.
with windows as (

    select * from {{ ref('int_social__windows') }}
    where window_days = 1

),

sampled_days as (

    select * from {{ ref('int_social__sampled_days') }}

),

united as (

    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        {{ series_attributes() }},
        case kind when 'flow' then value end as value_increment,
        cast(null as {{ type_decimal() }}) as value_cumulative,
        case when kind <> 'flow' then value end as value_level,
        case when kind = 'flow' and value is not null then 1 end as days_covered,
        false as is_estimated,
        false as is_partial,
        not is_final as is_provisional,
        state,
        observed_at,
        1 as preference
    from windows
    union all
    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        {{ series_attributes() }},
        value_increment,
        value_cumulative,
        value_level,
        days_covered,
        is_estimated,
        is_partial,
        is_partial as is_provisional,
        state,
        observed_at,
        2 as preference
    from sampled_days

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ series_columns() }}, metric_date
            order by coalesce(value_increment, value_level) is null, preference
        ) as candidate_no
    from united

),

final as (

    select * from ranked
    where candidate_no = 1

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What is known of running totals, each point with the one after it: the samples, and the 0 from which a series counts.
with totals as (

    select
        *,
        -- Decimals of the unit: a count stays whole.
        case when unit in ('count', 'ms') then 0 else 6 end as places
    from {{ ref('int_social__samples') }}
    where
        kind = 'total'
        and value is not null

),

begun as (

    select
        {{ series_columns() }},
        is_key,
        places,
        {{ first_in_order('source_metric', 'observed_at', 'true') }} as source_metric,
        {{ first_in_order('period', 'observed_at', 'true') }} as period,
        min(base_at) as base_at,
        min(base_date) as base_date,
        min(observed_at) as first_at
    from totals
    group by {{ series_columns() }}, is_key, places

),

answered as (

    select distinct
        tenant_id,
        account_id,
        object_id,
        source_metric,
        observed_at,
        metric_date
    from totals

),

-- Of a dictionary come only keys that are not 0: one that is new was 0 in the answer before.
answered_before as (

    select
        {{ series_columns('begun') }},
        max(answered.observed_at) as observed_at,
        max(answered.metric_date) as metric_date
    from begun
    inner join answered
        on
            {{ same_object('begun', 'answered') }}
            and begun.source_metric = answered.source_metric
            and begun.first_at > answered.observed_at
    where begun.is_key
    group by {{ series_columns('begun') }}

),

zeros as (

    select
        {{ series_columns('begun') }},
        begun.source_metric,
        begun.period,
        begun.places,
        -- The 0 of a publication is known and was not sampled.
        answered_before.observed_at is null as is_base,
        coalesce(answered_before.observed_at, begun.base_at) as observed_at,
        coalesce(answered_before.metric_date, begun.base_date) as metric_date
    from begun
    left join answered_before on {{ same_series('begun', 'answered_before') }}
    where coalesce(answered_before.observed_at, begun.base_at) < begun.first_at

),

points as (

    select
        {{ series_columns() }},
        source_metric,
        period,
        places,
        false as is_base,
        observed_at,
        metric_date,
        value
    from totals
    union all
    select
        {{ series_columns() }},
        source_metric,
        period,
        places,
        is_base,
        observed_at,
        metric_date,
        0 as value
    from zeros

),

final as (

    select
        *,
        lead(observed_at) over later as next_at,
        lead(metric_date) over later as next_date,
        lead(value) over later as next_value
    from points
    window later as (partition by {{ series_columns() }} order by observed_at)

)

select * from final

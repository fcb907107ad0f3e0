{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What samples say of a tenant-local day: how much a running total grew in it, and the last value of everything else.
with samples as (

    select * from {{ ref('int_social__samples') }}

),

total_days as (

    select * from {{ ref('int_social__total_days') }}

),

-- Answers of the day, those without a value too.
told as (

    select
        {{ series_columns('samples') }},
        samples.metric_date,
        samples.kind,
        {{ last_in_order('samples.value', 'samples.observed_at', 'samples.value is not null') }} as last_value,
        {{ last_in_order('samples.state', 'samples.observed_at, samples.preference', 'true') }} as last_state,
        coalesce(
            {{ last_in_order('samples.source_metric', 'samples.observed_at', 'samples.value is not null') }},
            {{ last_in_order('samples.source_metric', 'samples.observed_at, samples.preference', 'true') }}
        ) as source_metric,
        coalesce(
            {{ last_in_order('samples.period', 'samples.observed_at', 'samples.value is not null') }},
            {{ last_in_order('samples.period', 'samples.observed_at, samples.preference', 'true') }}
        ) as period,
        coalesce(max(samples.observed_at) filter (where samples.value is not null), max(samples.observed_at)) as observed_at
    from samples
    {{ within_needed_spans('samples', 'samples.metric_date', 'samples.metric_date') }}
    group by {{ series_columns('samples') }}, samples.metric_date, samples.kind

),

united as (

    select
        {{ series_columns('total_days') }},
        total_days.metric_date,
        total_days.source_metric,
        total_days.period,
        total_days.value_increment,
        total_days.value_cumulative,
        cast(null as {{ type_decimal() }}) as value_level,
        total_days.days_covered,
        total_days.is_estimated,
        total_days.is_partial,
        case
            when total_days.value_increment is not null then 'ok'
            when total_days.value_cumulative is not null then 'first_sample'
            else coalesce(told.last_state, 'no_sample')
        end as state,
        coalesce(total_days.observed_at, told.observed_at) as observed_at
    from total_days
    left join told
        on
            {{ same_series('total_days', 'told') }}
            and total_days.metric_date = told.metric_date
            and told.kind = 'total'
    union all
    select
        {{ series_columns('told') }},
        told.metric_date,
        told.source_metric,
        told.period,
        null as value_increment,
        null as value_cumulative,
        told.last_value as value_level,
        null as days_covered,
        false as is_estimated,
        false as is_partial,
        case when told.last_value is null then told.last_state else 'ok' end as state,
        told.observed_at
    from told
    left join total_days
        on
            {{ same_series('told', 'total_days') }}
            and told.metric_date = total_days.metric_date
            and told.kind = 'total'
    where total_days.tenant_id is null

),

-- What the catalogue says of the metric behind a row.
sources as (

    select distinct
        {{ series_columns() }},
        source_metric,
        period,
        {{ series_attributes() }}
    from samples

),

final as (

    select
        united.*,
        {{ series_attributes('sources') }}
    from united
    inner join sources
        on
            {{ same_series('united', 'sources') }}
            and united.source_metric = sources.source_metric
            and united.period = sources.period

)

select * from final

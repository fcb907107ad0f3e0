{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_social__touched_social_days') }}
-- Every metric of pages, accounts, posts and media by day: what a day added, or the level it left.
with told as (

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
        is_provisional,
        state,
        observed_at
    from {{ ref('int_social__metric_days') }}

),

growth as (

    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        {{ series_attributes() }},
        value_increment,
        cast(null as {{ type_decimal() }}) as value_cumulative,
        cast(null as {{ type_decimal() }}) as value_level,
        days_covered,
        false as is_estimated,
        false as is_partial,
        is_provisional,
        state,
        observed_at
    from {{ ref('int_social__follower_growth') }}

),

metrics as (

    select * from told
    union all
    select * from growth

),

final as (

    select
        metrics.tenant_id,
        metrics.account_id,
        metrics.object_level,
        metrics.object_id,
        metrics.metric_name,
        metrics.dim_key,
        metrics.dim_value,
        metrics.metric_date,
        metrics.platform,
        case metrics.object_level when 'post' then metrics.object_id end as platform_post_id,
        metrics.source_metric,
        cast(coalesce(metrics.value_increment, metrics.value_level) as {{ type_double() }}) as metric_value,
        cast(metrics.value_increment as {{ type_double() }}) as value_increment,
        cast(metrics.value_cumulative as {{ type_double() }}) as value_cumulative,
        cast(metrics.value_level as {{ type_double() }}) as value_level,
        cast(metrics.days_covered as integer) as days_covered,
        metrics.day_basis,
        metrics.period,
        metrics.additive,
        metrics.algorithm_class,
        metrics.is_algorithm_dependent,
        metrics.paid_scope,
        metrics.unit,
        metrics.is_estimated,
        -- Likes may be withdrawn, views recounted: a total that falls is a correction, and stays negative.
        coalesce(metrics.value_increment < 0, false) and metrics.value_cumulative is not null as is_correction,
        metrics.is_partial,
        metrics.is_provisional,
        metrics.state,
        metrics.observed_at
    from metrics
    {% if is_incremental() -%}
    inner join {{ ref('int_social__touched_social_days') }} as touched
        on
            metrics.tenant_id = touched.tenant_id
            and metrics.account_id = touched.account_id
            and metrics.object_id = touched.object_id
            and metrics.metric_date = touched.metric_date
    {% endif %}
)

select * from final

{#
    Dated observations (a CTE) with the series each belongs to, as a SELECT: what the value is called, what kind of number it is, and what the
    catalogue says of it. A key of a dictionary may belong to several series: its own, a named one, and the sum of all keys. A metric that
    the catalogue does not know keeps its name and is taken for a level: all else about it is NULL.
#}
{% macro observed_series(observations) %}
    select
        observed.tenant_id,
        observed.account_id,
        observed.platform,
        observed.object_level,
        observed.object_id,
        coalesce(series.metric_name, observed.metric) as metric_name,
        observed.metric as source_metric,
        coalesce(series.preference, 1) as preference,
        coalesce(series.role, 'self') as role,
        observed.period,
        case when series.role in ('key', 'sum') then '' else observed.dim_key end as dim_key,
        case when series.role in ('key', 'sum') then '' else observed.dim_value end as dim_value,
        -- Of a dictionary only keys that are not 0 come, until one was seen.
        observed.dim_key = 'key' and coalesce(series.role, 'self') <> 'sum' as is_key,
        coalesce(series.kind, 'level') as kind,
        coalesce(series.additive, false) as additive,
        series.algorithm_class,
        series.is_algorithm_dependent,
        case
            when observed.dim_key like 'is_from_ads%' then case left(observed.dim_value, 1) when '1' then 'paid' else 'organic' end
            when series.is_scope_in_key and observed.dim_value = 'paid' then 'paid'
            when series.is_scope_in_key and observed.dim_value = 'unpaid' then 'organic'
            when series.is_scope_in_key and observed.dim_value = 'total' then 'all'
            else series.paid_scope
        end as paid_scope,
        series.unit,
        observed.day_basis,
        observed.window_days,
        observed.metric_date,
        observed.value,
        observed.state,
        observed.is_final,
        observed.observed_at,
        observed.is_new
    from {{ observations }} as observed
    left join {{ ref('stg_metric_series') }} as series
        on
            observed.platform = series.platform
            and observed.catalogue_object = series.object
            and observed.metric = series.metric
            and observed.period = series.period
            and (series.media_product is null or observed.media_product = series.media_product)
            and (series.not_media_product is null or observed.media_product is distinct from series.not_media_product)
            and (
                series.role = 'self'
                or (observed.dim_key = 'key' and (series.role = 'sum' or observed.dim_value = series.key))
            )
{%- endmacro %}

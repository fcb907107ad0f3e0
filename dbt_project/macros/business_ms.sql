{#
    Business milliseconds in [first, last): the overlap with the opening windows of each local day (bigint). NULL when either end is NULL or
    when a day of the span has no schedule: part of the answer would be unknown. Rounded once, after summing.

    tenant: column with the tenant; first_date, last_date: the local days of both ends.
#}
{% macro business_ms(tenant, first, first_date, last, last_date) -%}
    (
        select
            case when bool_and(windows.is_scheduled) then cast(round(coalesce(sum(greatest(0, {{ seconds_between(
                'greatest(windows.opens_at, ' ~ first ~ ')', 'least(windows.closes_at, ' ~ last ~ ')'
            ) }})) filter (where windows.opens_at is not null), 0) * 1000) as bigint) end
        from {{ ref('int_conversations__business_windows') }} as windows
        where
            windows.tenant_id = {{ tenant }}
            and windows.metric_date between {{ first_date }} and {{ last_date }}
            and (windows.metric_date = {{ first_date }} or windows.day_start < {{ last }})
    )
{%- endmacro %}

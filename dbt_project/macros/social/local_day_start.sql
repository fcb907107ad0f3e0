{#
    First instant of a tenant's local date, as a scalar: at a change of zone that may be the change itself. The same rule as local_calendar, for
    single days.
#}
{% macro local_day_start(tenant_id, day) -%}
    (
        select min(greatest(zones.from_at, {{ local_midnight(day, 'zones.zone') }}))
        from {{ ref('int_core__time_zones') }} as zones
        where
            zones.tenant_id = {{ tenant_id }}
            and {{ day }} <= zones.last_date
            and greatest(zones.from_at, {{ local_midnight(day, 'zones.zone') }}) < zones.to_at
    )
{%- endmacro %}

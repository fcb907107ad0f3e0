{#
    Every local day of a tenant, from that of its first fact to the end of the week and month as_of falls into: where it begins and ends, whether
    it has begun and is complete, and when its cohort columns mature. It knows of the clock only each tenant's date: between two midnights it
    stays the same, and no run makes it anew.

    first_facts: the relation with each tenant's first fact; first_at: its column with the instant.
#}
{% macro local_calendar(first_facts, first_at) %}
with first_facts as (

    select
        tenant_id,
        {{ first_at }} as first_at
    from {{ ref(first_facts) }}

),

time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

today as (

    select * from {{ ref('int_core__today') }}

),

tenant_span as (

    select
        first_facts.tenant_id,
        least({{ local_date('first_facts.first_at', 'first_zone.zone') }}, first_zone.last_date) as first_day,
        today.today as last_day
    from first_facts
    inner join time_zones as first_zone
        on
            first_facts.tenant_id = first_zone.tenant_id
            and first_facts.first_at >= first_zone.from_at
            and first_facts.first_at < first_zone.to_at
    inner join today on first_facts.tenant_id = today.tenant_id

),

days as (

    select
        tenant_span.tenant_id,
        tenant_span.last_day,
        series.day
    from tenant_span
    cross join lateral {{ date_series(
        'tenant_span.first_day',
        'greatest(' ~ month_end('tenant_span.last_day') ~ ', ' ~ week_start('tenant_span.last_day') ~ ' + 6) + 1'
    ) }}

),

-- A day begins with the first instant that carries its date or a later one: at a change of zone that may be the change itself.
candidates as (

    select
        days.tenant_id,
        days.day,
        days.last_day,
        time_zones.to_at,
        greatest(time_zones.from_at, {{ local_midnight('days.day', 'time_zones.zone') }}) as starts_at
    from days
    inner join time_zones
        on
            days.tenant_id = time_zones.tenant_id
            and days.day <= time_zones.last_date

),

begun as (

    select
        tenant_id,
        day,
        last_day,
        min(starts_at) as day_start
    from candidates
    where starts_at < to_at
    group by tenant_id, day, last_day

),

bounded as (

    select
        *,
        lead(day_start) over (partition by tenant_id order by day) as day_end
    from begun

),

final as (

    select
        bounded.tenant_id,
        bounded.day as metric_date,
        {{ week_start('bounded.day') }} as week_start,
        {{ period_start('month', 'bounded.day') }} as month_start,
        bounded.day_start,
        bounded.day_end,
        cast({{ seconds_between('bounded.day_start', 'bounded.day_end') }} / 3600 as {{ type_double() }}) as day_hours,
        bounded.day <= bounded.last_day as has_begun,
        bounded.day < bounded.last_day as is_complete,
        -- From here on no cohort column of the day can change by time alone.
        bounded.day_end + {{ hours('24 * tenant_parameters.durable_days') }} as matures_at
    from bounded
    inner join tenant_parameters
        on
            bounded.tenant_id = tenant_parameters.tenant_id
            and bounded.day >= tenant_parameters.valid_from
            and bounded.day < tenant_parameters.valid_to
    where bounded.day_end is not null

)

select * from final
{% endmacro %}

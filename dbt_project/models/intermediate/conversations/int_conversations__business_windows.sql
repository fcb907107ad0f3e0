{{ config(indexes=[{'columns': ['tenant_id', 'metric_date']}], post_hook="{{ analyze_relation() }}") }}
-- Opening windows of each local day as instants, for tenants that ever had a schedule. A day without windows (weekend, holiday) has one row
-- with NULL bounds; a day before the schedule has one with is_scheduled false: what falls on it cannot be measured.
with local_days as (

    select * from {{ ref('int_conversations__local_days') }}
    where has_begun

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

scheduled_tenants as (

    select distinct tenant_id
    from tenant_parameters
    where business_hours is not null

),

days as (

    select
        local_days.tenant_id,
        local_days.metric_date,
        local_days.day_start,
        local_days.day_end,
        time_zones.zone,
        tenant_parameters.business_hours is not null as is_scheduled,
        case
            when {{ json_array_holds('tenant_parameters.holidays', 'cast(local_days.metric_date as ' ~ type_text() ~ ')') }} then null
            else tenant_parameters.business_hours
        end as opening_hours
    from local_days
    inner join scheduled_tenants on local_days.tenant_id = scheduled_tenants.tenant_id
    inner join tenant_parameters
        on
            local_days.tenant_id = tenant_parameters.tenant_id
            and local_days.metric_date >= tenant_parameters.valid_from
            and local_days.metric_date < tenant_parameters.valid_to
    inner join time_zones
        on
            local_days.tenant_id = time_zones.tenant_id
            and local_days.metric_date >= time_zones.valid_from
            and local_days.metric_date < time_zones.last_date

),

windows as (

    select
        days.tenant_id,
        days.metric_date,
        days.day_start,
        days.day_end,
        days.zone,
        {{ json_text('elements.element', 'opens') }} as opens,
        {{ json_text('elements.element', 'closes') }} as closes
    from days
    cross join lateral {{ json_elements('days.opening_hours') }}
    where cast({{ json_text('elements.element', 'weekday') }} as integer) = {{ iso_weekday('days.metric_date') }}

),

edges as (

    select
        tenant_id,
        metric_date,
        day_start,
        day_end,
        case
            when opens = '00:00' then day_start
            else greatest({{ instant_of(wall_clock('metric_date', 'opens'), 'zone') }}, day_start)
        end as opens_at,
        case
            when closes = '24:00' then day_end
            else least({{ instant_of(wall_clock('metric_date', 'closes'), 'zone') }}, day_end)
        end as closes_at
    from windows

),

final as (

    select
        days.tenant_id,
        days.metric_date,
        days.day_start,
        days.is_scheduled,
        edges.opens_at,
        edges.closes_at
    from days
    left join edges
        on
            days.tenant_id = edges.tenant_id
            and days.metric_date = edges.metric_date

)

select * from final

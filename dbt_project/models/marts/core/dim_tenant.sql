with tenants as (

    select * from {{ ref('int_core__tenants') }}

),

first_events as (

    select * from {{ ref('int_conversations__first_events') }}

),

time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

final as (

    select
        tenants.tenant_id,
        tenants.slug,
        tenants.name,
        time_zones.zone as timezone,
        tenants.currency,
        tenants.industry_vertical,
        tenant_parameters.small_sample,
        tenants.created_at,
        first_events.first_event_at
    from tenants
    inner join time_zones
        on
            tenants.tenant_id = time_zones.tenant_id
            and {{ as_of() }} >= time_zones.from_at
            and {{ as_of() }} < time_zones.to_at
    inner join tenant_parameters
        on
            tenants.tenant_id = tenant_parameters.tenant_id
            and least({{ local_time(as_of(), 'time_zones.zone') }}::date, time_zones.last_date) >= tenant_parameters.valid_from
            and least({{ local_time(as_of(), 'time_zones.zone') }}::date, time_zones.last_date) < tenant_parameters.valid_to
    left join first_events on tenants.tenant_id = first_events.tenant_id

)

select * from final

with tenants as (

    select * from {{ ref('int_core__tenants') }}

),

first_events as (

    select * from {{ ref('int_conversations__first_events') }}

),

today as (

    select * from {{ ref('int_core__today') }}

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

final as (

    select
        tenants.tenant_id,
        tenants.slug,
        tenants.name,
        today.zone as timezone,
        tenants.currency,
        tenants.industry_vertical,
        tenant_parameters.small_sample,
        tenants.created_at,
        first_events.first_event_at
    from tenants
    inner join today on tenants.tenant_id = today.tenant_id
    inner join tenant_parameters
        on
            tenants.tenant_id = tenant_parameters.tenant_id
            and today.today >= tenant_parameters.valid_from
            and today.today < tenant_parameters.valid_to
    left join first_events on tenants.tenant_id = first_events.tenant_id

)

select * from final

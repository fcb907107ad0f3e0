with source as (

    select * from {{ source('raw', 'tenants') }}

),

renamed as (

    select
        tenant_id,
        slug,
        name,
        currency,
        industry_vertical,
        created_at
    from source

)

select * from renamed

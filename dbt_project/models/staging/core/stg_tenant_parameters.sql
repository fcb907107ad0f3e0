with source as (

    select * from {{ source('raw', 'tenant_parameters') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        parameter,
        valid_from,
        value,
        ingest_xid,
        parameter_id
    from source

)

select * from renamed

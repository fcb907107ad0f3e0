with source as (

    select * from {{ source('raw', 'touch_marks') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        mark_id,
        tenant_id,
        scope,
        date_from,
        date_to,
        cause,
        ingest_xid
    from source

)

select * from renamed

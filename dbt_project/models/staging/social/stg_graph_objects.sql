with source as (

    select * from {{ source('raw', 'graph_objects') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        account_id,
        object_id,
        revision,
        object_type,
        media_product,
        media_type,
        published_at,
        permalink,
        message,
        is_deleted,
        observed_at,
        ingest_xid
    from source

)

select * from renamed

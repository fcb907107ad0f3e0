with source as (

    select * from {{ source('raw', 'feedback') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        event_id as feedback_id,
        occurred_at,
        ingest_xid,
        conversation_id,
        target_type,
        target_id,
        source,
        rating,
        comment,
        reviewer_id,
        reviewer_role,
        action_id
    from source

)

select * from renamed

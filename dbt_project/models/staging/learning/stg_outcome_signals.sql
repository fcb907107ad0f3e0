with source as (

    select * from {{ source('raw', 'outcome_signals') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        event_id,
        action_id,
        occurred_at,
        received_at,
        ingest_xid,
        outcome_status,
        outcome_score,
        signal_source
    from source

)

select * from renamed

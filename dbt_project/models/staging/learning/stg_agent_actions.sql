with source as (

    select * from {{ source('raw', 'agent_actions') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        event_id as action_id,
        conversation_id,
        action_type,
        outcome_type,
        rep_id,
        predicted_confidence,
        window_hours,
        occurred_at as created_at,
        ingest_xid,
        {{ json_text('event_data', 'deal_stage_at_creation') }} as deal_stage_at_creation,
        {{ json_text('event_data', 'channel') }} as channel,
        {{ json_text('event_data', 'persona') }} as persona,
        coalesce({{ json_text('event_data', 'escalation_trigger') }}, 'unknown') as escalation_trigger
    from source

)

select * from renamed

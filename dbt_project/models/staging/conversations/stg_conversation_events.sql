with source as (

    select * from {{ source('raw', 'conversation_events') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        conversation_id,
        event_id,
        event_type,
        {{ event_rank('event_type') }} as event_rank,
        occurred_at,
        received_at,
        ingest_xid,
        customer_id,
        channel,
        {{ json_text('event_data', 'language') }} as language,
        agent_id,
        case when event_type = 'message_sent' then coalesce(agent_kind, 'ai') else agent_kind end as agent_kind,
        model,
        case
            when event_type <> 'message_sent' or message_kind is not null then message_kind
            when {{ last_character('text') }} in ('?', '？', '؟') then 'question'
            else 'answer'
        end as message_kind,
        response_time_ms,
        confidence,
        case
            when event_type = 'conversation_started' then coalesce({{ json_text('event_data', 'initiated_by') }}, 'customer')
        end as initiated_by,
        case
            when event_type <> 'conversation_resolved' then null
            when closed_by is not null then closed_by
            when agent_kind = 'ai' then 'ai_agent'
            when agent_kind = 'human' then 'human'
            when agent_kind = 'system' then 'automation'
            else 'unknown'
        end as closed_by,
        case
            when event_type = 'conversation_resolved' then cast({{ json_text('event_data', 'customer_confirmed') }} as boolean)
        end as customer_confirmed,
        case
            when event_type in ('conversation_escalated', 'conversation_abandoned', 'conversation_reopened')
                then {{ json_text('event_data', 'reason') }}
        end as reason,
        case
            when event_type = 'knowledge_retrieved'
                then cast(cast({{ json_text('event_data', 'result_count') }} as {{ type_decimal() }}) as integer)
        end as result_count,
        case
            when event_type = 'csat_submitted' then cast(cast({{ json_text('event_data', 'rating') }} as {{ type_decimal() }}) as integer)
        end as rating,
        case when event_type = 'deal_stage_changed' then {{ json_text('event_data', 'deal_stage') }} end as deal_stage
    from source

)

select * from renamed

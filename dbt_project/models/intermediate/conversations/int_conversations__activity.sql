{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    meta={'touched_by': 'int_conversations__touched_facts', 'touched_keys': ['tenant_id', 'conversation_id']},
    indexes=[
        {'columns': ['tenant_id', 'conversation_id']},
        {'columns': ['tenant_id', 'metric_date']},
        {'columns': ['tenant_id', 'customer_id', 'metric_date']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_conversations__touched_facts', 'int_conversations__touched_weeks', 'int_conversations__touched_months',
    'int_conversations__touched_quality_days'
) }}
-- What happened in a conversation in each local hour that has an event of it.
with events as (

    select * from {{ ref('int_conversations__events') }}

),

headers as (

    select * from {{ ref('int_conversations__headers') }}

),

hours as (

    select
        tenant_id,
        conversation_id,
        hour_start,
        min(metric_date) as metric_date,
        min(local_hour) as local_hour,
        min(event_no) = 1 as has_first_event,
        min(occurred_at) as first_event_at,
        count(*) filter (where is_public_message) as messages,
        count(*) filter (where event_type = 'message_received') as messages_received,
        min(occurred_at) filter (
            where event_type in ('message_received', 'citation_clicked', 'csat_submitted')
        ) as first_action_at
    from events
    group by tenant_id, conversation_id, hour_start

),

-- The customer starts a conversation unless the agent did; a start that nobody sent is the customer's too.
started as (

    select
        hours.*,
        headers.customer_id,
        hours.has_first_event and coalesce(headers.initiated_by, 'customer') <> 'agent' as is_start
    from hours
    inner join headers
        on
            hours.tenant_id = headers.tenant_id
            and hours.conversation_id = headers.conversation_id

),

final as (

    select
        tenant_id,
        conversation_id,
        hour_start,
        metric_date,
        local_hour,
        customer_id,
        cast(messages as integer) as messages,
        cast(messages_received as integer) as messages_received,
        cast(is_start as integer) as conversations_started,
        is_start or first_action_at is not null as is_active,
        least(first_action_at, case when is_start then first_event_at end) as first_active_at
    from started

)

select * from final

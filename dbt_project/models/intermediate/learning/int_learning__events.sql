{{ config(
    indexes=[{'columns': ['tenant_id', 'conversation_id', 'event_type', 'occurred_at']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What may be evidence in the conversations of the actions this run resolves: received messages and deal stages.
with conversations as (

    select distinct
        tenant_id,
        conversation_id
    from {{ ref('int_learning__actions') }}
    where conversation_id is not null

),

events as (

    select
        events.tenant_id,
        events.conversation_id,
        events.event_type,
        events.event_id,
        events.occurred_at,
        events.received_at,
        events.deal_stage
    from conversations
    -- noqa: disable=LT02
    {% if is_full_run() -%}
    inner join {{ ref('stg_conversation_events') }} as events
        on
            conversations.tenant_id = events.tenant_id
            and conversations.conversation_id = events.conversation_id
    {%- else -%}
    -- One lookup per conversation; its bounds in time let it visit only the partitions in which the conversation lies.
    inner join {{ ref('int_conversations__spans') }} as spans
        on
            conversations.tenant_id = spans.tenant_id
            and conversations.conversation_id = spans.conversation_id
    cross join lateral (
        select candidates.*
        from {{ ref('stg_conversation_events') }} as candidates
        where
            candidates.tenant_id = spans.tenant_id
            and candidates.conversation_id = spans.conversation_id
            and candidates.occurred_at between spans.first_event_at and spans.last_event_at
        {{ row_by_row() }}
    ) as events
    {%- endif %}
    -- noqa: enable=LT02
    where
        events.event_type in ('message_received', 'deal_stage_changed')
        and events.occurred_at <= {{ as_of() }}

)

select * from events

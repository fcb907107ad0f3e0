{{ config(
    indexes=[{'columns': ['tenant_id', 'conversation_id', 'event_type', 'occurred_at']}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__touched_actions']}
) }}
-- What may be evidence in the conversations of the actions this run resolves: received messages and deal stages.
{% set previous_spans = previous_relation('int_conversations__spans', {
    'tenant_id': 'uuid', 'conversation_id': 'text', 'first_event_at': 'timestamptz', 'last_event_at': 'timestamptz'
}) %}
with conversations as (

    select distinct
        tenant_id,
        conversation_id
    from {{ ref('int_learning__actions') }}
    where conversation_id is not null

),

-- Between which instants their events lie: with what is new in this run, and as the last run left the others.
{% if not is_full_run() -%}
spans as (

    select
        tenant_id,
        conversation_id,
        first_event_at,
        last_event_at
    from {{ ref('int_conversations__touched_facts') }}
    union all
    select
        unchanged.tenant_id,
        unchanged.conversation_id,
        unchanged.first_event_at,
        unchanged.last_event_at
    from {{ previous_spans }} as unchanged
    where
        not exists (
            select 1 from {{ ref('int_conversations__touched_facts') }} as changed
            where
                changed.tenant_id = unchanged.tenant_id
                and changed.conversation_id = unchanged.conversation_id
        )

),
{%- endif %}

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
    inner join spans
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

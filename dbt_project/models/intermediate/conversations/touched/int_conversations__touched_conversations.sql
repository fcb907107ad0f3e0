{{ config(
    indexes=[{'columns': ['tenant_id', 'conversation_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_conversations__touched_facts', 'stg_touched_backlog']}
) }}
-- Conversations whose row in the mart may change: those read again, and those whose customer began or no longer began another conversation
-- within repeat_days after their resolution.
{% set keys = {'tenant_id': 'uuid', 'conversation_id': 'text'} %}
{% set previous_spans = previous_relation('int_conversations__spans', dict(keys, customer_id='text', started_at='timestamptz')) %}
{% set previous_conversations = previous_relation(
    'conversations', dict(keys, customer_id='text', resolved_at='timestamptz', is_ai_resolution='boolean')
) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with changed as (

    select
        tenant_id,
        conversation_id
    from {{ ref('int_conversations__touched_facts') }}

),

starts_before as (

    select
        changed.tenant_id,
        changed.conversation_id,
        spans.customer_id,
        spans.started_at
    from changed
    inner join {{ previous_spans }} as spans
        on
            changed.tenant_id = spans.tenant_id
            and changed.conversation_id = spans.conversation_id
    where spans.customer_id is not null and spans.started_at is not null

),

starts_after as (

    select
        tenant_id,
        conversation_id,
        customer_id,
        started_at
    from {{ ref('int_conversations__headers') }}
    where customer_id is not null and started_at is not null

),

new_or_moved as (

    {{ changed_rows('starts_before', 'starts_after') }}

),

longest_windows as (

    select
        tenant_id,
        max(repeat_days) as repeat_days
    from {{ ref('int_core__tenant_parameters') }}
    group by tenant_id

),

repeated as (

    select
        conversations.tenant_id,
        conversations.conversation_id
    from new_or_moved
    inner join longest_windows on new_or_moved.tenant_id = longest_windows.tenant_id
    inner join {{ previous_conversations }} as conversations
        on
            new_or_moved.tenant_id = conversations.tenant_id
            and new_or_moved.customer_id = conversations.customer_id
            and new_or_moved.started_at > conversations.resolved_at
            and new_or_moved.started_at - {{ hours('24 * longest_windows.repeat_days') }} < conversations.resolved_at
    where conversations.is_ai_resolution

),

backlog as (

    {{ backlog(['tenant_id', 'conversation_id']) }}

),

final as (

    select
        tenant_id,
        conversation_id
    from changed
    union
    select
        tenant_id,
        conversation_id
    from repeated
    union
    select
        tenant_id,
        conversation_id
    from backlog

)

select * from final
{%- endif %}

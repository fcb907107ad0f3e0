{{ config(
    indexes=[{'columns': ['tenant_id', 'conversation_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Conversations to be read again from raw, and between which instants their events lie. A full run reads all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'conversation_id': 'text'} %}
{% set previous_spans = previous_relation('int_conversations__spans', {
    'tenant_id': 'uuid', 'conversation_id': 'text', 'first_event_at': 'timestamptz', 'last_event_at': 'timestamptz', 'next_fact_at': 'timestamptz'
}) %}
{% set previous_conversations = previous_relation('conversations', dict(keys, reassess_at='timestamptz')) %}
{%- if is_full_run() %}
select * from {{ no_rows({
    'tenant_id': 'uuid', 'conversation_id': 'text', 'first_event_at': 'timestamptz', 'last_event_at': 'timestamptz'
}) }} as nothing
{%- else %}
with new_events as (

    select
        tenant_id,
        conversation_id,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at
    from {{ ref('stg_conversation_events') }}
    where ingest_xid >= {{ xid_from() }}
    group by tenant_id, conversation_id

),

new_scores as (

    select distinct
        tenant_id,
        conversation_id
    from {{ ref('stg_quality_scores') }}
    where ingest_xid >= {{ xid_from() }}

),

-- Time alone changes them: a window ends.
reassessed as (

    select
        tenant_id,
        conversation_id
    from {{ previous_conversations }} as conversations
    where reassess_at <= {{ as_of() }}

),

-- Facts that were stamped after the earlier as_of begin to exist.
begun as (

    select
        tenant_id,
        conversation_id
    from {{ previous_spans }} as spans
    where next_fact_at <= {{ as_of() }}

),

in_ranges as (

    select
        tenant_id,
        conversation_id
    from {{ ref('int_conversations__facts_in_ranges') }}

),

backlog as (

    {{ backlog(['tenant_id', 'conversation_id']) }}

),

united as (

    select
        tenant_id,
        conversation_id
    from new_events
    union
    select
        tenant_id,
        conversation_id
    from new_scores
    union
    select
        tenant_id,
        conversation_id
    from reassessed
    union
    select
        tenant_id,
        conversation_id
    from begun
    union
    select
        tenant_id,
        conversation_id
    from in_ranges
    union
    select
        tenant_id,
        conversation_id
    from backlog

),

final as (

    select
        united.tenant_id,
        united.conversation_id,
        -- A conversation known only from old raw rows may lie anywhere.
        case
            when spans.tenant_id is null and new_events.tenant_id is null then {{ min_instant() }}
            else least(spans.first_event_at, new_events.first_event_at)
        end as first_event_at,
        case
            when spans.tenant_id is null and new_events.tenant_id is null then {{ max_instant() }}
            else greatest(spans.last_event_at, new_events.last_event_at)
        end as last_event_at
    from united
    left join lateral (
        select
            known_spans.tenant_id,
            known_spans.first_event_at,
            known_spans.last_event_at
        from {{ previous_spans }} as known_spans
        where
            known_spans.tenant_id = united.tenant_id
            and known_spans.conversation_id = united.conversation_id
        {{ row_by_row() }}
    ) as spans on true
    left join new_events
        on
            united.tenant_id = new_events.tenant_id
            and united.conversation_id = new_events.conversation_id

)

select * from final
{%- endif %}

{{ config(meta={'rows_of': ['int_conversations__touched_facts']}) }}
-- What the events of a conversation say about it as a whole, for the conversations this run reads; also those that have begun to exist only
-- in facts stamped after as_of.
with events as (

    select * from {{ ref('int_conversations__events') }}

),

existing as (

    select
        tenant_id,
        conversation_id,
        min(occurred_at) as started_at,
        min(metric_date) as start_date,
        max(occurred_at) as last_existing_at,
        {{ last_in_order('customer_id', 'event_no', 'customer_id is not null') }} as customer_id,
        {{ first_in_order('channel', 'event_no', 'channel is not null') }} as channel,
        {{ first_in_order('language', 'event_no', 'language is not null') }} as language,
        -- NULL when no conversation_started was sent.
        {{ first_in_order('initiated_by', 'event_no', "event_type = 'conversation_started'") }} as initiated_by
    from events
    group by tenant_id, conversation_id

),

later_events as (

    select
        events.tenant_id,
        events.conversation_id,
        min(events.occurred_at) as next_event_at,
        max(events.occurred_at) as last_event_at
    from {{ ref('stg_conversation_events') }} as events
    {% if not is_full_run() -%}
    inner join {{ ref('int_conversations__touched_facts') }} as changed
        on
            events.tenant_id = changed.tenant_id
            and events.conversation_id = changed.conversation_id
    {% endif -%}
    where events.occurred_at > {{ as_of() }}
    group by events.tenant_id, events.conversation_id

),

later_scores as (

    select
        scores.tenant_id,
        scores.conversation_id,
        min(scores.occurred_at) as next_score_at
    from {{ ref('stg_quality_scores') }} as scores
    {% if not is_full_run() -%}
    inner join {{ ref('int_conversations__touched_facts') }} as changed
        on
            scores.tenant_id = changed.tenant_id
            and scores.conversation_id = changed.conversation_id
    {% endif -%}
    where scores.occurred_at > {{ as_of() }}
    group by scores.tenant_id, scores.conversation_id

),

keys as (

    select
        tenant_id,
        conversation_id
    from existing
    union
    select
        tenant_id,
        conversation_id
    from later_events
    union
    select
        tenant_id,
        conversation_id
    from later_scores

),

final as (

    select
        keys.tenant_id,
        keys.conversation_id,
        existing.customer_id,
        existing.channel,
        existing.language,
        existing.initiated_by,
        existing.started_at,
        existing.start_date,
        later_events.next_event_at,
        least(later_events.next_event_at, later_scores.next_score_at) as next_fact_at,
        least(existing.started_at, later_events.next_event_at) as first_event_at,
        greatest(existing.last_existing_at, later_events.last_event_at) as last_event_at
    from keys
    left join existing
        on
            keys.tenant_id = existing.tenant_id
            and keys.conversation_id = existing.conversation_id
    left join later_events
        on
            keys.tenant_id = later_events.tenant_id
            and keys.conversation_id = later_events.conversation_id
    left join later_scores
        on
            keys.tenant_id = later_scores.tenant_id
            and keys.conversation_id = later_scores.conversation_id

)

select * from final

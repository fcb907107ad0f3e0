{{ config(meta={'rows_of': ['int_conversations__touched_facts']}) }}
-- Actions of conversations with new events. A received message is a reply inside the window of an e-mail only; a deal stage counts at any
-- time: before the action it is where it started from.
{%- if is_full_run() %}
select * from {{ no_rows({'tenant_id': 'uuid', 'action_id': 'text'}) }} as nothing
{%- else %}
with actions_of_changed as (

    select
        changed.first_event_at,
        changed.last_event_at,
        actions.tenant_id,
        actions.action_id,
        actions.conversation_id,
        actions.outcome_type,
        actions.created_at,
        actions.window_expires_at
    from {{ ref('int_conversations__touched_facts') }} as changed
    cross join lateral (
        select known_actions.*
        from {{ ref('int_learning__known_actions') }} as known_actions
        where
            known_actions.tenant_id = changed.tenant_id
            and known_actions.conversation_id = changed.conversation_id
        {{ row_by_row() }}
    ) as actions

),

final as (

    select distinct
        actions.tenant_id,
        actions.action_id
    from actions_of_changed as actions
    cross join lateral (
        select true as is_new
        from {{ ref('stg_conversation_events') }} as events
        where
            events.tenant_id = actions.tenant_id
            and events.conversation_id = actions.conversation_id
            and events.occurred_at between actions.first_event_at and actions.last_event_at
            and {{ has_arrived('events', at='occurred_at') }}
            and (
                events.event_type = 'deal_stage_changed'
                or (
                    events.event_type = 'message_received'
                    and actions.outcome_type = 'email_engagement'
                    and events.occurred_at > actions.created_at
                    and events.occurred_at <= actions.window_expires_at
                )
            )
        {{ row_by_row() }}
    ) as news

)

select * from final
{%- endif %}

{{ config(
    indexes=[{'columns': ['tenant_id', 'action_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__touched_actions']}
) }}
-- From which stage the deal of an action starts, and when it was won.
with actions as (

    select * from {{ ref('int_learning__actions') }}

),

final as (

    select
        actions.tenant_id,
        actions.action_id,
        coalesce(
            actions.deal_stage_at_creation,
            earlier.deal_stage,
            -- Only an outcome that is measured by stages must have one to start from.
            case when actions.outcome_type = 'deal_progression' then 'prospecting' end
        ) as deal_stage_at_creation,
        won.occurred_at as closed_won_at
    from actions
    left join lateral (
        select events.deal_stage
        from {{ ref('int_learning__events') }} as events
        where
            events.tenant_id = actions.tenant_id
            and events.conversation_id = actions.conversation_id
            and events.event_type = 'deal_stage_changed'
            and events.occurred_at <= actions.created_at
        order by events.occurred_at desc, {{ bytewise('events.event_id') }} desc
        limit 1
    ) as earlier on true
    left join lateral (
        select events.occurred_at
        from {{ ref('int_learning__events') }} as events
        where
            events.tenant_id = actions.tenant_id
            and events.conversation_id = actions.conversation_id
            and events.event_type = 'deal_stage_changed'
            and events.deal_stage = 'closed_won'
            and events.occurred_at > actions.created_at
        order by events.occurred_at
        limit 1
    ) as won on true

)

select * from final

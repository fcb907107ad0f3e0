{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_learning__touched_actions']}) }}
-- Each deal stage reached in the window of an action that is to move a deal, and what that says. A step back or on the spot is no evidence.
with actions as (

    select * from {{ ref('int_learning__actions') }}
    where outcome_type = 'deal_progression'

),

deals as (

    select * from {{ ref('int_learning__deals') }}

),

events as (

    select * from {{ ref('int_learning__events') }}
    where event_type = 'deal_stage_changed'

),

moves as (

    select
        actions.tenant_id,
        actions.action_id,
        events.event_id,
        events.occurred_at,
        events.received_at,
        events.deal_stage in ('closed_lost', 'stalled') as is_setback,
        {{ deal_stage_rank('events.deal_stage') }} - {{ deal_stage_rank('deals.deal_stage_at_creation') }} as stage_delta
    from actions
    inner join deals
        on
            actions.tenant_id = deals.tenant_id
            and actions.action_id = deals.action_id
    inner join events
        on
            actions.tenant_id = events.tenant_id
            and actions.conversation_id = events.conversation_id
    where
        events.occurred_at > actions.created_at
        and events.occurred_at <= actions.window_expires_at

),

final as (

    select
        tenant_id,
        action_id,
        event_id,
        occurred_at,
        received_at,
        stage_delta,
        case
            when is_setback then 'negative'
            -- A stage that is not in the list, before or after.
            when stage_delta is null then 'ambiguous'
            when stage_delta > 0 then 'positive'
        end as outcome_status,
        cast(
            case
                when is_setback then 0.0
                when stage_delta > 0 then least(0.2 * stage_delta, 1.0)
            end as {{ type_double() }}
        ) as outcome_score,
        row_number() over (
            partition by tenant_id, action_id order by occurred_at desc, {{ bytewise('event_id') }} desc
        ) = 1 as is_last
    from moves

)

select * from final

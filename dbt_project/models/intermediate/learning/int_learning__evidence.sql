{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_learning__touched_actions']}) }}
-- All evidence on the actions this run resolves: the first reply, deal stages, signals, and labels of people.
with actions as (

    select * from {{ ref('int_learning__actions') }}

),

stage_moves as (

    select * from {{ ref('int_learning__stage_moves') }}
    where outcome_status is not null

),

signals as (

    select * from {{ ref('stg_outcome_signals') }}
    where occurred_at <= {{ as_of() }}

),

emails as (

    select *
    from actions
    where outcome_type = 'email_engagement'

),

-- Only inbound messages are replies: the agent's own follow-up is nobody's answer.
replies as (

    select
        emails.tenant_id,
        emails.action_id,
        first_reply.event_id,
        first_reply.occurred_at,
        first_reply.received_at
    from emails
    cross join lateral (
        select
            events.event_id,
            events.occurred_at,
            events.received_at
        from {{ ref('int_learning__events') }} as events
        where
            events.tenant_id = emails.tenant_id
            and events.conversation_id = emails.conversation_id
            and events.event_type = 'message_received'
            and events.occurred_at > emails.created_at
            and events.occurred_at <= emails.window_expires_at
        order by events.occurred_at, {{ bytewise('events.event_id') }}
        limit 1
    ) as first_reply

),

sent as (

    select
        signals.tenant_id,
        signals.action_id,
        case signals.signal_source when 'human_label' then 'human_label' else 'signal' end as evidence_kind,
        signals.event_id,
        signals.occurred_at,
        signals.received_at,
        signals.outcome_status,
        signals.outcome_score
    from signals
    inner join actions
        on
            signals.tenant_id = actions.tenant_id
            and signals.action_id = actions.action_id
    where
        signals.occurred_at > actions.created_at
        -- A person may judge later than the window.
        and (signals.signal_source = 'human_label' or signals.occurred_at <= actions.window_expires_at)

),

final as (

    select
        tenant_id,
        action_id,
        'reply' as evidence_kind,
        event_id,
        occurred_at,
        received_at,
        'positive' as outcome_status,
        cast(1.0 as {{ type_double() }}) as outcome_score,
        cast(null as integer) as stage_delta
    from replies
    union all
    select
        tenant_id,
        action_id,
        'deal_stage' as evidence_kind,
        event_id,
        occurred_at,
        received_at,
        outcome_status,
        outcome_score,
        stage_delta
    from stage_moves
    union all
    select
        tenant_id,
        action_id,
        evidence_kind,
        event_id,
        occurred_at,
        received_at,
        outcome_status,
        outcome_score,
        cast(null as integer) as stage_delta
    from sent

)

select * from final

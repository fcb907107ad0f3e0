{{ config(
    indexes=[{'columns': ['tenant_id', 'action_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Actions to resolve again, with all actions of their conversations: one event may resolve several of them, and each says which it was. A
-- full run resolves all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'action_id': 'text'} %}
{% set previous_outcomes = previous_relation('outcomes', dict(
    keys, conversation_id='text', metric_date='date', window_expires_at='timestamptz', window_expires_date='date',
    resolved_at='timestamptz', closed_won_at='timestamptz'
)) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with marks as (

    select * from {{ ref('int_core__marked_ranges') }}
    where is_mark

),

-- New rows, and rows that were stamped after the earlier as_of and begin to exist.
new_actions as (

    select
        tenant_id,
        action_id
    from {{ ref('int_learning__known_actions') }}
    where ingest_xid >= {{ xid_from() }}
    union
    select
        tenant_id,
        action_id
    from {{ ref('int_learning__known_actions') }}
    where created_at > {{ as_of_from() }}

),

new_signals as (

    select
        tenant_id,
        action_id
    from {{ ref('stg_outcome_signals') }}
    where ingest_xid >= {{ xid_from() }}
    union
    select
        tenant_id,
        action_id
    from {{ ref('stg_outcome_signals') }}
    where
        occurred_at > {{ as_of_from() }}
        and occurred_at <= {{ as_of() }}

),

actions_of_changed as (

    select
        changed.first_event_at,
        changed.last_event_at,
        actions.tenant_id,
        actions.action_id,
        actions.conversation_id,
        actions.outcome_type,
        actions.created_at,
        actions.window_expires_at
    from {{ ref('int_core__touched_facts') }} as changed
    cross join lateral (
        select known_actions.*
        from {{ ref('int_learning__known_actions') }} as known_actions
        where
            known_actions.tenant_id = changed.tenant_id
            and known_actions.conversation_id = changed.conversation_id
        {{ row_by_row() }}
    ) as actions

),

-- Actions of conversations with new events. A received message is a reply inside the window of an e-mail only; a deal stage counts at any
-- time: before the action it is where it started from.
answered as (

    select
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
            and (events.ingest_xid >= {{ xid_from() }} or events.occurred_at > {{ as_of_from() }})
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

),

-- Time alone changes them: their window ends.
matured as (

    select
        tenant_id,
        action_id
    from {{ previous_outcomes }} as outcomes
    where
        window_expires_at > {{ as_of_from() }}
        and window_expires_at <= {{ as_of() }}

),

-- Everything of which a local date or a piece of evidence lies in a range; local days are at most 14 hours from those of UTC.
in_touched_ranges as (

    select
        outcomes.tenant_id,
        outcomes.action_id
    from {{ previous_outcomes }} as outcomes
    inner join {{ ref('int_core__marked_ranges') }} as ranges
        on
            outcomes.tenant_id = ranges.tenant_id
            and outcomes.metric_date <= ranges.date_to
            and greatest(
                outcomes.window_expires_date,
                ({{ local_time('outcomes.resolved_at', "'UTC'") }})::date + 1,
                ({{ local_time('outcomes.closed_won_at', "'UTC'") }})::date + 1
            ) >= ranges.date_from

),

raw_in_marks as (

    select
        actions.tenant_id,
        actions.action_id
    from marks
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            marks.tenant_id = actions.tenant_id
            and actions.created_at >= (marks.date_from - 1)::timestamp at time zone 'UTC'
            and actions.created_at < (marks.date_to + 2)::timestamp at time zone 'UTC'
    union
    select
        signals.tenant_id,
        signals.action_id
    from marks
    inner join {{ ref('stg_outcome_signals') }} as signals
        on
            marks.tenant_id = signals.tenant_id
            and signals.occurred_at >= (marks.date_from - 1)::timestamp at time zone 'UTC'
            and signals.occurred_at < (marks.date_to + 2)::timestamp at time zone 'UTC'
    union
    select
        actions.tenant_id,
        actions.action_id
    from marks
    inner join {{ ref('stg_conversation_events') }} as events
        on
            marks.tenant_id = events.tenant_id
            and events.occurred_at >= (marks.date_from - 1)::timestamp at time zone 'UTC'
            and events.occurred_at < (marks.date_to + 2)::timestamp at time zone 'UTC'
            and events.event_type in ('message_received', 'deal_stage_changed')
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            events.tenant_id = actions.tenant_id
            and events.conversation_id = actions.conversation_id

),

backlog as (

    select
        tenant_id,
        action_id
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_actions'

),

united as (

    select * from new_actions
    union
    select * from new_signals
    union
    select * from answered
    union
    select * from matured
    union
    select * from in_touched_ranges
    union
    select * from raw_in_marks
    union
    select * from backlog

),

conversations as (

    select
        actions.tenant_id,
        actions.conversation_id
    from united
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            united.tenant_id = actions.tenant_id
            and united.action_id = actions.action_id
    where actions.conversation_id is not null
    union
    select
        outcomes.tenant_id,
        outcomes.conversation_id
    from united
    inner join {{ previous_outcomes }} as outcomes
        on
            united.tenant_id = outcomes.tenant_id
            and united.action_id = outcomes.action_id
    where outcomes.conversation_id is not null

),

final as (

    select * from united
    union
    select
        actions.tenant_id,
        actions.action_id
    from conversations
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            conversations.tenant_id = actions.tenant_id
            and conversations.conversation_id = actions.conversation_id
    union
    select
        outcomes.tenant_id,
        outcomes.action_id
    from conversations
    inner join {{ previous_outcomes }} as outcomes
        on
            conversations.tenant_id = outcomes.tenant_id
            and conversations.conversation_id = outcomes.conversation_id

)

select * from final
{%- endif %}

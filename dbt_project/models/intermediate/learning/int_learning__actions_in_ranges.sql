{{ config(meta={'rows_of': ['int_core__marked_ranges']}) }}
-- Actions of which a local date or a piece of evidence lies in a range that is recomputed as a whole, as they were built, and of marks as
-- raw has them.
{% set keys = {'tenant_id': 'uuid', 'action_id': 'text'} %}
{% set previous_outcomes = previous_relation('outcomes', dict(
    keys, metric_date='date', window_expires_date='date', resolved_at='timestamptz', closed_won_at='timestamptz'
)) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with ranges as (

    select * from {{ ref('int_core__marked_ranges') }}

),

marks as (

    select * from ranges
    where is_mark

),

-- Local days are at most 14 hours from those of UTC.
built as (

    select
        outcomes.tenant_id,
        outcomes.action_id
    from {{ previous_outcomes }} as outcomes
    inner join ranges
        on
            outcomes.tenant_id = ranges.tenant_id
            and outcomes.metric_date <= ranges.date_to
            and greatest(
                outcomes.window_expires_date,
                {{ local_date('outcomes.resolved_at', "'UTC'") }} + 1,
                {{ local_date('outcomes.closed_won_at', "'UTC'") }} + 1
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
            and actions.created_at >= {{ utc_midnight('marks.date_from - 1') }}
            and actions.created_at < {{ utc_midnight('marks.date_to + 2') }}
    union
    select
        signals.tenant_id,
        signals.action_id
    from marks
    inner join {{ ref('stg_outcome_signals') }} as signals
        on
            marks.tenant_id = signals.tenant_id
            and signals.occurred_at >= {{ utc_midnight('marks.date_from - 1') }}
            and signals.occurred_at < {{ utc_midnight('marks.date_to + 2') }}
    union
    select
        actions.tenant_id,
        actions.action_id
    from marks
    inner join {{ ref('stg_conversation_events') }} as events
        on
            marks.tenant_id = events.tenant_id
            and events.occurred_at >= {{ utc_midnight('marks.date_from - 1') }}
            and events.occurred_at < {{ utc_midnight('marks.date_to + 2') }}
            and events.event_type in ('message_received', 'deal_stage_changed')
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            events.tenant_id = actions.tenant_id
            and events.conversation_id = actions.conversation_id

),

final as (

    select * from built
    union
    select * from raw_in_marks

)

select * from final
{%- endif %}

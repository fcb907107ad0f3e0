{{ config(
    indexes=[{'columns': ['tenant_id', 'action_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__touched_actions']}
) }}
-- What became of each action this run resolves, with the columns of the mart.
{% set policies = {
    'headline': 'label', 'resolved_only': 'label_resolved_only', 'expired_as_negative': 'label_expired_as_negative'
} %}
with actions as (

    select * from {{ ref('int_learning__actions') }}

),

deals as (

    select * from {{ ref('int_learning__deals') }}

),

last_moves as (

    select * from {{ ref('int_learning__stage_moves') }}
    where is_last

),

label_policy as (

    select * from {{ ref('label_policy') }}

),

evidence as (

    select
        *,
        evidence_kind = 'human_label' as is_human
    from {{ ref('int_learning__evidence') }}

),

ranked as (

    select
        *,
        bool_or(is_human) over (partition by tenant_id, action_id) as has_human_label,
        row_number() over (
            partition by tenant_id, action_id, is_human order by occurred_at desc, {{ bytewise('event_id') }} desc
        ) as age,
        row_number() over (
            partition by tenant_id, action_id, is_human
            order by outcome_status = 'ambiguous', occurred_at, {{ bytewise('event_id') }}, evidence_kind
        ) as precedence
    from evidence

),

-- The latest label of a person wins over everything, else the earliest decisive evidence, else the earliest ambiguous.
decided as (

    select *
    from ranked
    where
        (is_human and age = 1)
        or (not has_human_label and precedence = 1)

),

resolved as (

    select
        actions.*,
        coalesce(decided.outcome_status, case when actions.is_matured then 'expired' else 'pending' end) as outcome_status,
        decided.outcome_score,
        case when decided.is_human then 'human_label' when not decided.is_human then 'automatic' end as signal_source,
        decided.evidence_kind,
        decided.event_id as evidence_event_id,
        coalesce(decided.occurred_at, case when actions.is_matured then actions.window_expires_at end) as resolved_at,
        decided.received_at as detected_at,
        deals.deal_stage_at_creation as deal_stage,
        case when decided.evidence_kind = 'deal_stage' then decided.stage_delta else last_moves.stage_delta end as stage_delta,
        deals.closed_won_at
    from actions
    inner join deals
        on
            actions.tenant_id = deals.tenant_id
            and actions.action_id = deals.action_id
    left join decided
        on
            actions.tenant_id = decided.tenant_id
            and actions.action_id = decided.action_id
    left join last_moves
        on
            actions.tenant_id = last_moves.tenant_id
            and actions.action_id = last_moves.action_id

),

-- Which line of each policy holds for an outcome type: its own before that of all others.
outcome_types as (

    select distinct outcome_type
    from actions

),

ranked_policies as (

    select
        outcome_types.outcome_type,
        label_policy.policy,
        label_policy.expired_label,
        label_policy.matured_only,
        row_number() over (
            partition by outcome_types.outcome_type, label_policy.policy order by label_policy.outcome_type = '*'
        ) as precedence
    from outcome_types
    inner join label_policy on label_policy.outcome_type in (outcome_types.outcome_type, '*')

),

policies as (

    select *
    from ranked_policies
    where precedence = 1

),

touches as (

    select
        tenant_id,
        action_id,
        row_number() over (
            partition by tenant_id, evidence_kind, evidence_event_id order by created_at, {{ bytewise('action_id') }}
        ) as touch_position,
        count(*) over (partition by tenant_id, evidence_kind, evidence_event_id) as touch_count
    from resolved
    where outcome_status = 'positive'

),

final as (

    select
        resolved.tenant_id,
        resolved.action_id,
        resolved.conversation_id,
        resolved.action_type,
        resolved.outcome_type,
        resolved.rep_id,
        resolved.predicted_confidence,
        resolved.created_at,
        resolved.metric_date,
        resolved.confidence,
        resolved.is_confidence_clamped,
        resolved.bin_index,
        resolved.window_hours,
        resolved.is_window_default,
        resolved.window_expires_at,
        resolved.window_expires_date,
        resolved.is_matured,
        resolved.outcome_status,
        resolved.outcome_score,
        resolved.signal_source,
        resolved.evidence_kind,
        resolved.evidence_event_id,
        resolved.resolved_at,
        resolved.detected_at,
        cast(
            case
                when resolved.resolved_at is not null
                    then {{ seconds_between('resolved.created_at', 'least(resolved.resolved_at, resolved.window_expires_at)') }} / 3600
            end as {{ type_double() }}
        ) as hours_to_resolution,
        {% for policy, column in policies.items() -%}
        case
            when {{ policy }}.matured_only and not resolved.is_matured then null
            when resolved.outcome_status = 'positive' then 1
            when resolved.outcome_status = 'negative' then 0
            when resolved.outcome_status = 'expired' then {{ policy }}.expired_label
        end as {{ column }},
        {% endfor -%}
        resolved.deal_stage as deal_stage_at_creation,
        resolved.stage_delta,
        resolved.closed_won_at,
        cast(touches.touch_position as integer) as touch_position,
        cast(touches.touch_count as integer) as touch_count,
        resolved.local_hour,
        resolved.local_weekday,
        resolved.channel,
        resolved.persona,
        resolved.escalation_trigger
    from resolved
    left join touches
        on
            resolved.tenant_id = touches.tenant_id
            and resolved.action_id = touches.action_id
    {% for policy in policies -%}
    left join policies as {{ policy }} on resolved.outcome_type = {{ policy }}.outcome_type and {{ policy }}.policy = '{{ policy }}'
    {% endfor %}
)

select * from final

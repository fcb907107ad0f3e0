{{ config(materialized='view') }}
-- Every action that exists at as_of, with the window in which evidence counts.
with actions as (

    select * from {{ ref('stg_agent_actions') }}
    where created_at <= {{ as_of() }}

),

outcome_windows as (

    select * from {{ ref('outcome_windows') }}

),

lengths as (

    select
        actions.tenant_id,
        actions.action_id,
        actions.conversation_id,
        actions.action_type,
        actions.outcome_type,
        actions.rep_id,
        actions.predicted_confidence,
        coalesce(actions.window_hours, listed.window_hours, others.window_hours) as window_hours,
        actions.window_hours is null and listed.window_hours is null as is_window_default,
        actions.created_at,
        actions.ingest_xid,
        actions.deal_stage_at_creation,
        actions.channel,
        actions.persona,
        actions.escalation_trigger
    from actions
    left join outcome_windows as listed on actions.outcome_type = listed.outcome_type and listed.outcome_type <> '*'
    inner join outcome_windows as others on others.outcome_type = '*'

),

final as (

    select
        *,
        created_at + {{ hours('window_hours') }} as window_expires_at
    from lengths

)

select * from final

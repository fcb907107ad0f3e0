{{ config(
    indexes=[
        {'columns': ['tenant_id', 'action_id'], 'unique': true},
        {'columns': ['tenant_id', 'conversation_id']}
    ],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__touched_actions']}
) }}
-- The actions this run resolves, each with its local dates, its bin of confidence and whether its window has ended.
with time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

actions as (

    select actions.*
    from {{ ref('int_learning__known_actions') }} as actions
    {% if not is_full_run() -%}
    inner join {{ ref('int_learning__touched_actions') }} as touched
        on
            actions.tenant_id = touched.tenant_id
            and actions.action_id = touched.action_id
    {%- endif %}

),

localised as (

    select
        actions.*,
        {{ local_time('actions.created_at', 'created_zone.zone') }} as local_at,
        created_zone.last_date,
        least({{ local_date('actions.window_expires_at', 'expiry_zone.zone') }}, expiry_zone.last_date) as window_expires_date
    from actions
    inner join time_zones as created_zone
        on
            actions.tenant_id = created_zone.tenant_id
            and actions.created_at >= created_zone.from_at
            and actions.created_at < created_zone.to_at
    inner join time_zones as expiry_zone
        on
            actions.tenant_id = expiry_zone.tenant_id
            and actions.window_expires_at >= expiry_zone.from_at
            and actions.window_expires_at < expiry_zone.to_at

),

dated as (

    select
        *,
        least(cast(local_at as date), last_date) as metric_date,
        cast(extract(hour from local_at) as integer) as local_hour,
        least(1, greatest(0, predicted_confidence)) as confidence
    from localised

),

final as (

    select
        tenant_id,
        action_id,
        conversation_id,
        action_type,
        outcome_type,
        rep_id,
        predicted_confidence,
        created_at,
        metric_date,
        confidence,
        predicted_confidence not between 0 and 1 as is_confidence_clamped,
        -- As a decimal: binary edges such as .30000000000000004 put 0.3, 0.6 and 0.7 one bin too low.
        cast(least(9, floor(cast(confidence as numeric(18, 12)) * 10)) as integer) as bin_index,
        window_hours,
        is_window_default,
        window_expires_at,
        window_expires_date,
        window_expires_at <= {{ as_of() }} as is_matured,
        deal_stage_at_creation,
        local_hour,
        {{ iso_weekday('metric_date') }} as local_weekday,
        channel,
        persona,
        escalation_trigger
    from dated

)

select * from final

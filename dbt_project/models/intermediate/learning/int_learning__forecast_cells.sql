{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    meta={'touched_by': 'int_learning__touched_forecast_days', 'touched_keys': ['tenant_id', 'action_type', 'matured_date']},
    indexes=[{'columns': ['tenant_id', 'action_type', 'matured_date']}],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after('int_learning__touched_forecast_days', 'int_learning__touched_calibration_groups') }}
-- Equal forecasts of an action type whose windows end on the same day, and what came of them under each policy.
{% set label_policies = ['headline', 'resolved_only', 'expired_as_negative'] %}
with outcomes as (

    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.window_expires_date as matured_date,
        -- Twelve places are more than any agent means, and enough decimals to bring binary neighbours of a tenth back to it.
        cast(outcomes.confidence as decimal(18, 12)) as confidence,
        outcomes.is_matured,
        outcomes.outcome_status,
        coalesce(outcomes.detected_at, outcomes.window_expires_at) as updated_at,
        outcomes.label as label_headline,
        outcomes.label_resolved_only,
        outcomes.label_expired_as_negative
    from {{ ref('outcomes') }} as outcomes
    {% if is_incremental() -%}
    inner join {{ ref('int_learning__touched_forecast_days') }} as touched
        on
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_type = touched.action_type
            and outcomes.window_expires_date = touched.matured_date
    {% endif -%}
    left join {{ ref('int_learning__calibration_cohorts') }} as cohorts on outcomes.tenant_id = cohorts.tenant_id
    where cohorts.calibration_since is null or outcomes.metric_date >= cohorts.calibration_since

),

final as (

    select
        tenant_id,
        action_type,
        matured_date,
        confidence,
        {% for status in ['expired', 'ambiguous', 'pending'] -%}
        cast(count(*) filter (where outcome_status = '{{ status }}') as integer) as {{ status }},
        {% endfor -%}
        {% for policy in label_policies -%}
        cast(count(label_{{ policy }}) as integer) as n_{{ policy }},
        cast(count(label_{{ policy }}) filter (where is_matured) as integer) as matured_{{ policy }},
        cast(count(*) filter (where label_{{ policy }} = 1) as integer) as positives_{{ policy }},
        max(updated_at) filter (where label_{{ policy }} is not null) as last_updated_{{ policy }},
        {% endfor -%}
        cast(count(*) as integer) as actions
    from outcomes
    group by tenant_id, action_type, matured_date, confidence

)

select * from final

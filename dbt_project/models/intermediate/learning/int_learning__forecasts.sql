{{ config(post_hook="{{ analyze_relation() }}") }}
-- Distinct forecasts of each action type under each policy.
{% set label_policies = ['headline', 'resolved_only', 'expired_as_negative'] %}
with cells as (

    select cells.*
    from {{ ref('int_learning__forecast_cells') }} as cells
    inner join {{ ref('int_learning__calibration_groups') }} as groups
        on
            cells.tenant_id = groups.tenant_id
            and cells.action_type = groups.action_type

),

summed as (

    select
        tenant_id,
        action_type,
        confidence,
        {% for policy in label_policies -%}
        sum(n_{{ policy }}) as n_{{ policy }},
        sum(matured_{{ policy }}) as matured_{{ policy }},
        sum(positives_{{ policy }}) as positives_{{ policy }},
        max(last_updated_{{ policy }}) as last_updated_{{ policy }},
        {% endfor -%}
        sum(expired) as expired,
        sum(ambiguous) as ambiguous,
        sum(pending) as pending
    from cells
    group by tenant_id, action_type, confidence

),

by_policy as (

    {% for policy in label_policies -%}
    select
        tenant_id,
        action_type,
        '{{ policy }}' as label_policy,
        confidence,
        expired,
        ambiguous,
        pending,
        n_{{ policy }} as n,
        matured_{{ policy }} as matured,
        positives_{{ policy }} as positives,
        last_updated_{{ policy }} as last_updated
    from summed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        tenant_id,
        action_type,
        label_policy,
        confidence,
        cast(least(9, floor(confidence * 10)) as integer) as bin_index,
        n,
        matured,
        positives,
        expired,
        ambiguous,
        pending,
        last_updated,
        -- Twice the mean rank of the forecast's rows, a whole number.
        2 * (sum(n) over (partition by tenant_id, action_type, label_policy order by confidence) - n) + n + 1 as double_midrank
    from by_policy

)

select * from final

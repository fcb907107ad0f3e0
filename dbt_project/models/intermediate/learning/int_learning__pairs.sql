{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type', 'outcome_type'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What actions of one type and outcome type have in common, now and as the last run left them: where their calendar begins, and how many days
-- of actions are followed up together.
{% set previous_outcomes = previous_relation('outcomes', {
    'tenant_id': 'uuid', 'action_id': 'text', 'action_type': 'text', 'outcome_type': 'text', 'metric_date': 'date', 'window_hours': 'integer'
}) %}
with actions as (

    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.outcome_type,
        outcomes.metric_date,
        outcomes.window_hours,
        true as was_there,
        touched.action_id is null as is_there
    from {{ previous_outcomes }} as outcomes
    left join {{ ref('int_core__touched_actions') }} as touched
        on
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_id = touched.action_id
    union all
    select
        tenant_id,
        action_type,
        outcome_type,
        metric_date,
        window_hours,
        false as was_there,
        true as is_there
    from {{ ref('int_learning__resolved') }}

),

windows as (

    select
        tenant_id,
        action_type,
        outcome_type,
        window_hours,
        {% for condition, suffix in [('is_there', ''), ('was_there', '_before')] -%}
        count(*) filter (where {{ condition }}) as actions{{ suffix }},
        min(metric_date) filter (where {{ condition }}) as first_date{{ suffix }}{{ ',' if not loop.last }}
        {% endfor %}
    from actions
    group by tenant_id, action_type, outcome_type, window_hours

),

-- The window of most actions; of equally many the longer.
pairs as (

    select
        tenant_id,
        action_type,
        outcome_type,
        {% for suffix in ['', '_before'] -%}
        min(first_date{{ suffix }}) as first_date{{ suffix }},
        {{ first_in_order(
            'window_hours', 'actions' ~ suffix ~ ' desc, window_hours desc', 'actions' ~ suffix ~ ' > 0'
        ) }} as window_hours{{ suffix }}{{ ',' if not loop.last }}
        {% endfor %}
    from windows
    group by tenant_id, action_type, outcome_type

),

final as (

    select
        tenant_id,
        action_type,
        outcome_type,
        {% for suffix in ['', '_before'] -%}
        first_date{{ suffix }},
        window_hours{{ suffix }},
        case
            when window_hours{{ suffix }} is not null then greatest(30, ceil(3 * window_hours{{ suffix }} / 24.0))
        end::integer as cohort_days{{ suffix }}{{ ',' if not loop.last }}
        {% endfor %}
    from pairs

)

select * from final

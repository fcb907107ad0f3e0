{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type', 'outcome_type'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'stands_without': ['int_learning__touched_actions']}
) }}
-- What actions of one type and outcome type have in common, now and as the last run left them: where their calendar begins, and how many
-- days of actions are followed up together.
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
    left join {{ ref('int_learning__touched_actions') }} as touched
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
        -- What a full run leaves is what the next one finds.
        {{ 'true' if is_full_run() else 'false' }} as was_there,
        true as is_there
    from {{ ref('int_learning__resolved') }}

),

windows as (

    select
        tenant_id,
        action_type,
        outcome_type,
        window_hours,
        count(*) filter (where is_there) as actions,
        min(metric_date) filter (where is_there) as first_date,
        count(*) filter (where was_there) as actions_before,
        min(metric_date) filter (where was_there) as first_date_before
    from actions
    group by tenant_id, action_type, outcome_type, window_hours

),

-- The window of most actions; of equally many the longer.
pairs as (

    select
        tenant_id,
        action_type,
        outcome_type,
        min(first_date) as first_date,
        {{ first_in_order('window_hours', 'actions desc, window_hours desc', 'actions > 0') }} as window_hours,
        min(first_date_before) as first_date_before,
        {{ first_in_order('window_hours', 'actions_before desc, window_hours desc', 'actions_before > 0') }} as window_hours_before
    from windows
    group by tenant_id, action_type, outcome_type

),

final as (

    select
        tenant_id,
        action_type,
        outcome_type,
        first_date,
        window_hours,
        cast(case when window_hours is not null then greatest(30, ceil(3 * window_hours / 24.0)) end as integer) as cohort_days,
        first_date_before,
        window_hours_before,
        cast(
            case
                when window_hours_before is not null then greatest(30, ceil(3 * window_hours_before / 24.0))
            end as integer
        ) as cohort_days_before
    from pairs

)

select * from final

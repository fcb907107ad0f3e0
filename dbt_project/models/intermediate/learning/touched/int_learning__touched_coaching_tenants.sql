{{ config(indexes=[{'columns': ['tenant_id'], 'unique': true}]) }}
-- Tenants whose coaching patterns may come out differently: an action that is not pending is new or changed, or their local day is another,
-- and with it both windows.
{#- Everything of an action that coaching reads. Pending ones are in none of its counts. -#}
{% set facts = {
    'tenant_id': 'uuid', 'action_id': 'text', 'action_type': 'text', 'outcome_type': 'text', 'metric_date': 'date', 'is_matured': 'boolean',
    'outcome_status': 'text', 'label': 'integer', 'deal_stage_at_creation': 'text', 'local_hour': 'integer', 'local_weekday': 'integer',
    'channel': 'text', 'persona': 'text', 'escalation_trigger': 'text'
} %}
{% set previous_outcomes = previous_relation('outcomes', facts) %}
{% set previous_today = previous_relation('int_learning__coaching_today', {'tenant_id': 'uuid', 'today': 'date'}) %}
{%- if is_full_run() %}
select * from {{ no_rows({'tenant_id': 'uuid'}) }} as nothing
{%- else %}
with before as (

    select {{ 'outcomes.' ~ facts.keys() | join(', outcomes.') }}
    from {{ previous_outcomes }} as outcomes
    inner join {{ ref('int_learning__touched_actions') }} as touched
        on
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_id = touched.action_id
    where outcomes.outcome_status <> 'pending'

),

after as (

    select {{ facts.keys() | join(', ') }} from {{ ref('int_learning__resolved') }}
    where outcome_status <> 'pending'

),

new_or_changed as (

    {{ changed_rows('before', 'after') }}

),

-- By a midnight or by a change of zone. A tenant without actions has no patterns on any day.
on_another_day as (

    select now.tenant_id
    from {{ ref('int_core__today') }} as now
    left join {{ previous_today }} as earlier on now.tenant_id = earlier.tenant_id
    where
        now.today is distinct from earlier.today
        and exists (
            select 1 from {{ previous_outcomes }} as outcomes
            where outcomes.tenant_id = now.tenant_id
        )

),

backlog as (

    {{ backlog(['tenant_id']) }}

),

final as (

    select tenant_id from new_or_changed
    union
    select tenant_id from on_another_day
    union
    select tenant_id from {{ ref('int_core__marked_ranges') }}
    union
    select tenant_id from backlog

)

select * from final
{%- endif %}

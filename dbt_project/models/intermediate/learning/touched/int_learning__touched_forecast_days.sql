{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type', 'matured_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days on which the window of a changed action ends, before and after the change; all days of a tenant whose calibration begins anew.
{% set keys = {'tenant_id': 'uuid', 'action_type': 'text', 'matured_date': 'date'} %}
{#- Everything of an action that the calibration marts read. -#}
{% set facts = {
    'tenant_id': 'uuid', 'action_id': 'text', 'conversation_id': 'text', 'action_type': 'text', 'confidence': 'double precision',
    'metric_date': 'date', 'window_expires_at': 'timestamptz', 'window_expires_date': 'date', 'is_matured': 'boolean', 'outcome_status': 'text',
    'detected_at': 'timestamptz', 'label': 'integer', 'label_resolved_only': 'integer', 'label_expired_as_negative': 'integer'
} %}
{% set previous_outcomes = previous_relation('outcomes', facts) %}
{% set previous_cohorts = previous_relation('int_learning__calibration_cohorts', {'tenant_id': 'uuid', 'calibration_since': 'date'}) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with before as (

    select {{ 'outcomes.' ~ facts.keys() | join(', outcomes.') }}
    from {{ previous_outcomes }} as outcomes
    inner join {{ ref('int_learning__touched_actions') }} as touched
        on
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_id = touched.action_id

),

after as (

    select {{ facts.keys() | join(', ') }} from {{ ref('int_learning__resolved') }}

),

new_or_changed as (

    {{ changed_rows('before', 'after') }}

),

begun_anew as (

    select coalesce(now.tenant_id, earlier.tenant_id) as tenant_id
    from {{ ref('int_learning__calibration_since') }} as now
    full outer join {{ previous_cohorts }} as earlier on now.tenant_id = earlier.tenant_id
    where now.calibration_since is distinct from earlier.calibration_since

),

backlog as (

    {{ backlog(['tenant_id', 'action_type', 'matured_date']) }}

),

final as (

    select
        tenant_id,
        action_type,
        window_expires_date as matured_date
    from new_or_changed
    union
    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.window_expires_date
    from {{ previous_outcomes }} as outcomes
    inner join begun_anew on outcomes.tenant_id = begun_anew.tenant_id
    union
    select * from backlog

)

select * from final
{%- endif %}

{{ config(post_hook="{{ analyze_relation() }}") }}
-- Actions that may be resolved otherwise than the last run did: new rows, and rows that were stamped after the earlier as_of and begin to
-- exist; new signals and answers; what time alone changes; and what was asked for.
{% set keys = {'tenant_id': 'uuid', 'action_id': 'text'} %}
{% set previous_outcomes = previous_relation('outcomes', dict(keys, window_expires_at='timestamptz')) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with new_actions as (

    select
        tenant_id,
        action_id
    from {{ arrived(ref('int_learning__known_actions'), at='created_at') }} as actions

),

new_signals as (

    select
        tenant_id,
        action_id
    from {{ arrived(ref('stg_outcome_signals'), at='occurred_at') }} as signals

),

-- Time alone changes them: their window ends.
matured as (

    select
        tenant_id,
        action_id
    from {{ previous_outcomes }} as outcomes
    where {{ since_last_publish('window_expires_at') }}

),

answered as (

    select * from {{ ref('int_learning__answered_actions') }}

),

in_ranges as (

    select * from {{ ref('int_learning__actions_in_ranges') }}

),

backlog as (

    {{ backlog(['tenant_id', 'action_id'], of='int_learning__touched_actions') }}

),

final as (

    select * from new_actions
    union
    select * from new_signals
    union
    select * from answered
    union
    select * from matured
    union
    select * from in_ranges
    union
    select * from backlog

)

select * from final
{%- endif %}

{{ config(
    indexes=[{'columns': ['tenant_id', 'action_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__changed_actions']}
) }}
-- Actions to resolve again, with all actions of their conversations: one event may resolve several of them, and each says which it was. A
-- full run resolves all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'action_id': 'text'} %}
{% set previous_outcomes = previous_relation('outcomes', dict(keys, conversation_id='text')) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with changed as (

    select * from {{ ref('int_learning__changed_actions') }}

),

conversations as (

    select
        actions.tenant_id,
        actions.conversation_id
    from changed
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            changed.tenant_id = actions.tenant_id
            and changed.action_id = actions.action_id
    where actions.conversation_id is not null
    union
    select
        outcomes.tenant_id,
        outcomes.conversation_id
    from changed
    inner join {{ previous_outcomes }} as outcomes
        on
            changed.tenant_id = outcomes.tenant_id
            and changed.action_id = outcomes.action_id
    where outcomes.conversation_id is not null

),

final as (

    select * from changed
    union
    select
        actions.tenant_id,
        actions.action_id
    from conversations
    inner join {{ ref('int_learning__known_actions') }} as actions
        on
            conversations.tenant_id = actions.tenant_id
            and conversations.conversation_id = actions.conversation_id
    union
    select
        outcomes.tenant_id,
        outcomes.action_id
    from conversations
    inner join {{ previous_outcomes }} as outcomes
        on
            conversations.tenant_id = outcomes.tenant_id
            and conversations.conversation_id = outcomes.conversation_id

)

select * from final
{%- endif %}

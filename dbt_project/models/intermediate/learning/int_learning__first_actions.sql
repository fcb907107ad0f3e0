{{ config(meta={'changes_seldom': true}) }}
-- Each tenant's first action: of the actions this run resolves, and of the others as they stand.
{% set previous_outcomes = previous_relation('outcomes', {'tenant_id': 'uuid', 'action_id': 'text', 'created_at': 'timestamptz'}) %}
with tenants as (

    select * from {{ ref('int_core__tenants') }}

),

resolved_now as (

    select
        tenant_id,
        min(created_at) as first_action_at
    from {{ ref('int_learning__resolved') }}
    group by tenant_id

),

unchanged as (

    select
        tenants.tenant_id,
        earliest.created_at as first_action_at
    from tenants
    cross join lateral (
        select outcomes.created_at
        from {{ previous_outcomes }} as outcomes
        where
            outcomes.tenant_id = tenants.tenant_id
            and not exists (
                select 1 from {{ ref('int_learning__touched_actions') }} as touched
                where
                    touched.tenant_id = outcomes.tenant_id
                    and touched.action_id = outcomes.action_id
            )
        order by outcomes.created_at
        limit 1
    ) as earliest

),

united as (

    select * from resolved_now
    union all
    select * from unchanged

),

final as (

    select
        tenant_id,
        min(first_action_at) as first_action_at
    from united
    group by tenant_id

)

select * from final

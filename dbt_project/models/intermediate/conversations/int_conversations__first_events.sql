{{ config(meta={'changes_seldom': true}) }}
-- Each tenant's first event: of the conversations this run reads, and of the others as they stand.
{% set previous_spans = previous_relation(
    'int_conversations__spans', {'tenant_id': 'uuid', 'conversation_id': 'text', 'started_at': 'timestamptz'}
) %}
with tenants as (

    select * from {{ ref('stg_tenants') }}

),

changed as (

    select
        tenant_id,
        conversation_id
    from {{ ref('int_conversations__touched_facts') }}

),

read_now as (

    select
        tenant_id,
        min(started_at) as first_event_at
    from {{ ref('int_conversations__headers') }}
    group by tenant_id

),

unchanged as (

    select
        tenants.tenant_id,
        earliest.started_at as first_event_at
    from tenants
    cross join lateral (
        select spans.started_at
        from {{ previous_spans }} as spans
        where
            spans.tenant_id = tenants.tenant_id
            and spans.started_at is not null
            and not exists (
                select 1 from changed
                where
                    changed.tenant_id = spans.tenant_id
                    and changed.conversation_id = spans.conversation_id
            )
        order by spans.started_at
        limit 1
    ) as earliest

),

united as (

    select * from read_now
    union all
    select * from unchanged

),

final as (

    select
        tenant_id,
        min(first_event_at) as first_event_at
    from united
    where first_event_at is not null
    group by tenant_id

)

select * from final

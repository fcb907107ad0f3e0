{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    meta={'touched_by': 'int_conversations__touched_facts', 'touched_keys': ['tenant_id', 'conversation_id']},
    indexes=[
        {'columns': ['tenant_id', 'conversation_id'], 'unique': true},
        {'columns': ['tenant_id', 'started_at']},
        {'columns': ['tenant_id', 'customer_id', 'started_at']},
        {'columns': ['next_fact_at']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_conversations__touched_facts', 'int_conversations__touched_weeks', 'int_conversations__touched_months',
    'int_conversations__touched_quality_days'
) }}
-- Where each conversation lies in time and whose it is: what later runs must know to read few partitions and to find repeats.
with headers as (

    select * from {{ ref('int_conversations__headers') }}

),

final as (

    select
        tenant_id,
        conversation_id,
        customer_id,
        started_at,
        first_event_at,
        last_event_at,
        next_event_at,
        next_fact_at
    from headers

)

select * from final

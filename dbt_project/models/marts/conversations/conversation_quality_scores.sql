{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_conversations__touched_facts') }}
with scorings as (

    select scorings.*
    from {{ ref('int_conversations__scorings') }} as scorings
    {% if is_incremental() -%}
    inner join {{ ref('int_conversations__touched_facts') }} as changed
        on
            scorings.tenant_id = changed.tenant_id
            and scorings.conversation_id = changed.conversation_id
    {% endif %}
),

final as (

    select
        tenant_id,
        conversation_id,
        scorer_kind,
        scorer,
        cast(helpfulness as numeric(3, 2)) as helpfulness_score,
        cast(accuracy as numeric(3, 2)) as accuracy_score,
        cast(politeness as numeric(3, 2)) as politeness_score,
        cast(completeness as numeric(3, 2)) as completeness_score,
        cast(overall as numeric(3, 2)) as overall_score,
        dimensions_scored,
        scored_at,
        attempts,
        failed_attempts,
        last_error,
        is_headline
    from scorings

)

select * from final

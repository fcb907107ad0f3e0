{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['tenant_id', 'metric_date']},
        {'columns': ['tenant_id', 'target_type', 'target_id']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after('int_learning__touched_feedback_targets', 'int_learning__touched_feedback_days') }}
-- Every rating a person gave, and which of them count.
with feedback as (

    select * from {{ ref('int_learning__feedback') }}

)

select * from feedback

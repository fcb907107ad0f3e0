{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['tenant_id', 'metric_date']},
        {'columns': ['tenant_id', 'created_at']},
        {'columns': ['tenant_id', 'conversation_id']},
        {'columns': ['tenant_id', 'action_type', 'outcome_type', 'metric_date']},
        {'columns': ['tenant_id', 'action_type', 'window_expires_date']},
        {'columns': ['window_expires_at']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_learning__touched_actions', 'int_learning__touched_outcome_days', 'int_learning__touched_forecast_days', 'int_learning__touched_coaching_tenants'
) }}
-- What became of each action, and where its forecast falls.
with resolved as (

    select * from {{ ref('int_learning__resolved') }}

)

select * from resolved

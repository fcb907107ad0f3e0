{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_conversations__touched_months') }}
{{ period_metrics('month_start', 'int_conversations__touched_months') }}

{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_conversations__touched_cells') }}
{{ period_metrics('metric_date', 'int_conversations__touched_cells') }}

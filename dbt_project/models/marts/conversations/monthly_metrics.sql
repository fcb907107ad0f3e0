{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
-- depends_on: {{ ref('int_core__touched_months') }}
{{ period_metrics('month_start', 'int_core__touched_months') }}

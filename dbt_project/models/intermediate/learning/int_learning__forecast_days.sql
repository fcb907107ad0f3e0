{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    meta={'touched_by': 'int_learning__touched_forecast_days', 'touched_keys': ['tenant_id', 'action_type', 'matured_date']},
    indexes=[{'columns': ['tenant_id', 'action_type', 'matured_date', 'bin_index'], 'unique': true}],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after('int_learning__touched_forecast_days') }}
-- The headline's labelled rows by the day on which their windows end, and bin.
with cells as (

    select
        cells.*,
        cast(least(9, floor(cells.confidence * 10)) as integer) as bin_index
    from {{ ref('int_learning__forecast_cells') }} as cells
    {% if is_incremental() -%}
    inner join {{ ref('int_learning__touched_forecast_days') }} as touched
        on
            cells.tenant_id = touched.tenant_id
            and cells.action_type = touched.action_type
            and cells.matured_date = touched.matured_date
    {% endif -%}
    where cells.n_headline > 0

),

final as (

    select
        tenant_id,
        action_type,
        matured_date,
        bin_index,
        sum(n_headline) as n,
        sum(positives_headline) as positives,
        {{ forecast_sums('n_headline', 'positives_headline', 'confidence') }}
    from cells
    group by tenant_id, action_type, matured_date, bin_index

)

select * from final

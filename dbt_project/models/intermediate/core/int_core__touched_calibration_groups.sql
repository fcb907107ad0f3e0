{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type'], 'unique': true}],
    meta={'rows_of': ['int_core__touched_forecast_days', 'stg_touched_backlog']}
) }}
-- Action types of which a forecast day is touched.
with backlog as (

    select
        tenant_id,
        action_type
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_calibration_groups'

),

final as (

    select
        tenant_id,
        action_type
    from {{ ref('int_core__touched_forecast_days') }}
    union
    select * from backlog

)

select * from final

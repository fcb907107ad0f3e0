{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type'], 'unique': true}],
    meta={'rows_of': ['int_learning__touched_forecast_days', 'stg_touched_backlog']}
) }}
-- Action types of which a forecast day is touched.
with backlog as (

    {{ backlog(['tenant_id', 'action_type']) }}

),

final as (

    select
        tenant_id,
        action_type
    from {{ ref('int_learning__touched_forecast_days') }}
    union
    select * from backlog

)

select * from final

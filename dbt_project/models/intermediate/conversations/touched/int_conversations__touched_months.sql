{{ config(
    indexes=[{'columns': ['tenant_id', 'month_start'], 'unique': true}],
    meta={'rows_of': ['int_conversations__touched_cells', 'stg_touched_backlog']}
) }}
-- Months that hold a touched day.
with touched_cells as (

    select * from {{ ref('int_conversations__touched_cells') }}

),

backlog as (

    {{ backlog(['tenant_id', 'month_start']) }}

),

final as (

    select
        tenant_id,
        {{ period_start('month', 'metric_date') }} as month_start
    from touched_cells
    union
    select
        tenant_id,
        month_start
    from backlog

)

select * from final

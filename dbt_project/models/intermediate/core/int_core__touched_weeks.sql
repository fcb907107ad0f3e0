{{ config(
    indexes=[{'columns': ['tenant_id', 'week_start'], 'unique': true}],
    meta={'rows_of': ['int_core__touched_cells', 'stg_touched_backlog']}
) }}
-- Weeks that hold a touched day.
with touched_cells as (

    select * from {{ ref('int_core__touched_cells') }}

),

backlog as (

    select
        tenant_id,
        week_start
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_weeks'

),

final as (

    select
        tenant_id,
        {{ week_start('metric_date') }} as week_start
    from touched_cells
    union
    select
        tenant_id,
        week_start
    from backlog

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'week_start'], 'unique': true}],
    meta={'rows_of': ['int_conversations__touched_cells', 'stg_touched_backlog']}
) }}
-- Weeks that hold a touched day.
with touched_cells as (

    select * from {{ ref('int_conversations__touched_cells') }}

),

backlog as (

    {{ backlog(['tenant_id', 'week_start']) }}

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

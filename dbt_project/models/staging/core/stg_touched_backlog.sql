with source as (

    select * from {{ source('build', 'touched_backlog') }}

),

renamed as (

    select
        relation,
        tenant_id,
        {{ json_text('keys', 'conversation_id') }} as conversation_id,
        {{ json_text('keys', 'metric_date') }}::date as metric_date,
        {{ json_text('keys', 'week_start') }}::date as week_start,
        {{ json_text('keys', 'month_start') }}::date as month_start
    from source

)

select * from renamed

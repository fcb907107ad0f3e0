with source as (

    select * from {{ source('build', 'touched_backlog') }}

),

renamed as (

    select
        relation,
        tenant_id,
        {{ json_text('keys', 'conversation_id') }} as conversation_id,
        {{ json_text('keys', 'action_id') }} as action_id,
        {{ json_text('keys', 'action_type') }} as action_type,
        {{ json_text('keys', 'outcome_type') }} as outcome_type,
        {{ json_text('keys', 'target_type') }} as target_type,
        {{ json_text('keys', 'target_id') }} as target_id,
        cast({{ json_text('keys', 'metric_date') }} as date) as metric_date,
        cast({{ json_text('keys', 'matured_date') }} as date) as matured_date,
        cast({{ json_text('keys', 'as_of_date') }} as date) as as_of_date,
        cast({{ json_text('keys', 'week_start') }} as date) as week_start,
        cast({{ json_text('keys', 'month_start') }} as date) as month_start,
        cast({{ json_text('keys', 'account_id') }} as {{ type_uuid() }}) as account_id,
        {{ json_text('keys', 'object_id') }} as object_id,
        {{ json_text('keys', 'platform_post_id') }} as platform_post_id,
        cast({{ json_text('keys', 'collection_date') }} as date) as collection_date,
        cast({{ json_text('keys', 'window_end_date') }} as date) as window_end_date
    from source

)

select * from renamed

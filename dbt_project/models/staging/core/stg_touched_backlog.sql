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
        {{ json_text('keys', 'metric_date') }}::date as metric_date,
        {{ json_text('keys', 'matured_date') }}::date as matured_date,
        {{ json_text('keys', 'as_of_date') }}::date as as_of_date,
        {{ json_text('keys', 'week_start') }}::date as week_start,
        {{ json_text('keys', 'month_start') }}::date as month_start,
        {{ json_text('keys', 'account_id') }}::uuid as account_id,
        {{ json_text('keys', 'object_id') }} as object_id,
        {{ json_text('keys', 'platform_post_id') }} as platform_post_id,
        {{ json_text('keys', 'collection_date') }}::date as collection_date,
        {{ json_text('keys', 'window_end_date') }}::date as window_end_date
    from source

)

select * from renamed

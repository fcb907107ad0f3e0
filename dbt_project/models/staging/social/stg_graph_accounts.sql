-- Configuration, not facts: always as it stands now. A change beyond the window of this run touches the account again in the next one.
with source as (

    select * from {{ source('raw', 'graph_accounts') }}

),

renamed as (

    select
        tenant_id,
        account_id,
        platform,
        graph_id,
        display_name,
        coalesce(ig_day_boundary, 'pacific') as day_boundary,
        -- A stamp of Facebook is the instant at which the day ends.
        cast(coalesce(ig_day_shift, -1) as integer) as day_shift,
        collect_from,
        ingest_xid
    from source

)

select * from renamed

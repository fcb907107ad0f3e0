-- Configuration, as it stands now, and the last news of the token: raw keeps no history of either.
with source as (

    select * from {{ source('raw', 'graph_accounts') }}

),

renamed as (

    select
        tenant_id,
        account_id,
        platform,
        graph_id,
        coalesce(ig_day_boundary, 'pacific') as day_boundary,
        day_rule_source,
        collect_from,
        is_active,
        api_version,
        token_state,
        -- Whichever comes first: the token ends, or the access to data.
        least(token_expires_at, data_access_expires_at) as token_ends_at,
        ingest_xid
    from source

)

select * from renamed

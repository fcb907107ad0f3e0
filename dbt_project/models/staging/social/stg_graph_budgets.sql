-- Present state, as it stands now. The budget of the app is everybody's.
with source as (

    select * from {{ source('raw', 'graph_budgets') }}

),

renamed as (

    select
        tenant_id,
        scope,
        scope_id,
        blocked_until
    from source

)

select * from renamed

with source as (

    select * from {{ source('build', 'run_window') }}

),

renamed as (

    select
        run_id,
        xid_from,
        xid_to,
        as_of_from,
        as_of,
        mode
    from source

)

select * from renamed

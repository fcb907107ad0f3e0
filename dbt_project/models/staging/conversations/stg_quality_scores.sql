with source as (

    select * from {{ source('raw', 'quality_scores') }}
    where ingest_xid < {{ xid_to() }}

),

renamed as (

    select
        tenant_id,
        conversation_id,
        event_id,
        occurred_at,
        ingest_xid,
        scorer_kind,
        scorer,
        -- As decimals: a mean of exactly 0.70 passes a threshold of 0.70.
        cast(helpfulness as {{ type_decimal() }}) as helpfulness,
        cast(accuracy as {{ type_decimal() }}) as accuracy,
        cast(politeness as {{ type_decimal() }}) as politeness,
        cast(completeness as {{ type_decimal() }}) as completeness,
        error
    from source

)

select * from renamed

-- Without bodies. An answer's usage has up to three headers with three percentages each: the highest one throttles.
with source as (

    select * from {{ source('raw', 'graph_responses') }}
    where ingest_xid < {{ xid_to() }}

),

businesses as (

    select
        source.tenant_id,
        source.response_id,
        max(greatest(
            cast({{ json_text(json_child('elements.element', 'load'), 'call_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('elements.element', 'load'), 'cpu_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('elements.element', 'load'), 'time_pct') }} as {{ type_decimal() }})
        )) as usage_pct
    from source
    cross join lateral {{ json_elements(json_child('source.usage', 'business')) }}
    where {{ json_kind(json_child('source.usage', 'business')) }} = 'array'
    group by source.tenant_id, source.response_id

),

renamed as (

    select
        source.tenant_id,
        source.account_id,
        source.response_id,
        source.requested_version,
        source.served_version,
        greatest(
            cast({{ json_text(json_child('source.usage', 'app'), 'call_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('source.usage', 'app'), 'cpu_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('source.usage', 'app'), 'time_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('source.usage', 'page'), 'call_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('source.usage', 'page'), 'cpu_pct') }} as {{ type_decimal() }}),
            cast({{ json_text(json_child('source.usage', 'page'), 'time_pct') }} as {{ type_decimal() }}),
            businesses.usage_pct
        ) as usage_pct,
        source.fetched_at,
        source.ingest_xid
    from source
    left join businesses
        on
            source.tenant_id = businesses.tenant_id
            and source.response_id = businesses.response_id

)

select * from renamed

{{ config(meta={'changes_seldom': true}) }}
-- The local date of as_of, and the zone in force.
with time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

final as (

    select
        tenant_id,
        zone,
        least({{ local_date(as_of(), 'zone') }}, last_date) as today
    from time_zones
    where
        from_at <= {{ as_of() }}
        and to_at > {{ as_of() }}

)

select * from final

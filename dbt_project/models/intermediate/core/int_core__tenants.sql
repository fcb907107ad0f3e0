{{ config(meta={'changes_seldom': true}) }}
-- Tenants as sent; marts read staging only through the layer in between.
with tenants as (

    select * from {{ ref('stg_tenants') }}

)

select * from tenants

{{ config(meta={'changes_seldom': true}) }}
-- The year of as_of, in UTC.
with run_window as (

    select * from {{ ref('int_core__run_window') }}

),

final as (

    select cast(extract(year from {{ local_time('as_of', "'UTC'") }}) as integer) as present_year
    from run_window

)

select * from final

{{ config(materialized='view') }}
-- The window of the run, for everything above staging.
with run_window as (

    select * from {{ ref('stg_run_window') }}

)

select * from run_window

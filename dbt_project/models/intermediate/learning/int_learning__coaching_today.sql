{{ built_after('int_learning__touched_coaching_tenants') }}
-- The day up to which the coaching patterns of each tenant were last built: a run on another day counts the tenant anew.
with today as (

    select * from {{ ref('int_core__today') }}

)

select * from today

{{ built_after('int_learning__touched_forecast_days') }}
-- calibration_since as the forecast cells were last built with it: a run that finds another one counts the tenant anew.
with calibration_since as (

    select * from {{ ref('int_learning__calibration_since') }}

)

select * from calibration_since

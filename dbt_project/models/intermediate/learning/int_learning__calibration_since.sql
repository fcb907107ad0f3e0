{{ config(materialized='view') }}
-- From which local date on a tenant's actions count for calibration, as of this run.
with parameter_values as (

    select * from {{ ref('int_core__parameter_values') }}
    where parameter = 'calibration_since'

),

time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

final as (

    select
        parameter_values.tenant_id,
        cast({{ json_scalar('parameter_values.value') }} as date) as calibration_since
    from parameter_values
    inner join time_zones
        on
            parameter_values.tenant_id = time_zones.tenant_id
            and {{ as_of() }} >= time_zones.from_at
            and {{ as_of() }} < time_zones.to_at
    where
        least({{ local_date(as_of(), 'time_zones.zone') }}, time_zones.last_date) >= parameter_values.valid_from
        and least({{ local_date(as_of(), 'time_zones.zone') }}, time_zones.last_date) < parameter_values.valid_to

)

select * from final

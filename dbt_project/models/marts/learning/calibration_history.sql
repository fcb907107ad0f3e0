{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_calibration_days') }}
-- The headline at the end of each complete day: of all outcomes matured by then, with the labels they have today.
{% set sums = [
    'n', 'positives', 'confidence_sum', 'confidence_squares', 'confidence_of_positives', 'spiegelhalter_variance'
] %}
with e_process as (

    select e_process.*
    from {{ ref('int_learning__e_process') }} as e_process
    inner join {{ ref('int_learning__local_days') }} as local_days
        on
            e_process.tenant_id = local_days.tenant_id
            and e_process.as_of_date = local_days.metric_date
    {% if is_incremental() -%}
    inner join {{ ref('int_learning__touched_calibration_days') }} as touched
        on
            e_process.tenant_id = touched.tenant_id
            and e_process.action_type = touched.action_type
            and e_process.as_of_date = touched.as_of_date
    {% endif -%}
    where local_days.is_complete

),

groups as (

    select distinct
        tenant_id,
        action_type
    from e_process

),

-- Every day of the group on which something matured, or which is asked for, so that sums can run over them.
dates as (

    select
        tenant_id,
        action_type,
        as_of_date
    from e_process
    union
    select
        forecast_days.tenant_id,
        forecast_days.action_type,
        forecast_days.matured_date
    from {{ ref('int_learning__forecast_days') }} as forecast_days
    inner join groups
        on
            forecast_days.tenant_id = groups.tenant_id
            and forecast_days.action_type = groups.action_type

),

bins as (

    select
        dates.tenant_id,
        dates.action_type,
        dates.as_of_date,
        {% for column in sums -%}
        sum(forecast_days.{{ column }}) over until_then as {{ column }},
        {% endfor -%}
        series.number as bin_index
    from dates
    cross join lateral {{ number_series(0, 9) }}
    left join {{ ref('int_learning__forecast_days') }} as forecast_days
        on
            dates.tenant_id = forecast_days.tenant_id
            and dates.action_type = forecast_days.action_type
            and dates.as_of_date = forecast_days.matured_date
            and series.number = forecast_days.bin_index
    window until_then as (
        partition by dates.tenant_id, dates.action_type, series.number order by dates.as_of_date
    )

),

scored as (

    select
        tenant_id,
        action_type,
        as_of_date,
        sum(n) as n,
        sum(positives) as positives,
        sum(confidence_sum) / sum(n) as mean_confidence,
        {{ brier_score() }} as brier_score,
        {{ expected_calibration_error() }} as ece,
        {{ binned_calibration_error() }} as binned_calibration_error,
        {{ debiased_squared_error() }} as debiased_squared_error,
        {{ citl_z() }} as citl_z,
        {{ spiegelhalter_z() }} as spiegelhalter_z
    from bins
    where n > 0
    group by tenant_id, action_type, as_of_date

),

judged as (

    select
        *,
        {{ signed_root('debiased_squared_error') }} as debiased_rmsce,
        {{ two_sided_p('spiegelhalter_z') }} as spiegelhalter_p
    from scored

),

final as (

    select
        e_process.tenant_id,
        e_process.action_type,
        e_process.as_of_date,
        cast(judged.n as integer) as n,
        cast(judged.positives as integer) as positives,
        {{ ratio('judged.positives', 'judged.n') }} as base_rate,
        cast(judged.mean_confidence as {{ type_double() }}) as mean_confidence,
        cast(judged.brier_score as {{ type_double() }}) as brier_score,
        cast(judged.ece as {{ type_double() }}) as ece,
        cast(judged.binned_calibration_error as {{ type_double() }}) as binned_calibration_error,
        judged.debiased_rmsce,
        judged.citl_z,
        judged.spiegelhalter_z,
        e_process.e_value,
        {{ is_calibrated('judged.n', 'e_process.e_alarm_at', 'judged.spiegelhalter_p', 'judged.debiased_rmsce') }} as is_calibrated
    from e_process
    inner join judged
        on
            e_process.tenant_id = judged.tenant_id
            and e_process.action_type = judged.action_type
            and e_process.as_of_date = judged.as_of_date

)

select * from final

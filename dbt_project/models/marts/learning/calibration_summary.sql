{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_calibration_groups') }}
-- How far the forecasts of each action type came true, under each policy.
{% set group_keys = 'tenant_id, action_type, label_policy' %}
with bin_sums as (

    select * from {{ ref('int_learning__bin_sums') }}

),

groups as (

    select
        {{ group_keys }},
        bool_or(is_rounded) as corp_is_rounded,
        sum(matured) as matured
    from bin_sums
    group by {{ group_keys }}

),

-- Without rows all of this is unknown: such groups come back with the counts.
scored as (

    select
        {{ group_keys }},
        sum(n) as n,
        sum(positives) as positives,
        sum(confidence_sum) as confidence_sum,
        {{ brier_score() }} as brier_score,
        {{ binned_calibration_error() }} as binned_calibration_error,
        sum(log_loss_sum) / sum(n) as log_loss,
        {{ expected_calibration_error() }} as ece,
        max(abs(confidence_sum - positives) / n) as mce,
        sum(abs(n * (bin_index + 0.5) / 10 - positives)) / sum(n) as ece_midpoint,
        {{ debiased_squared_error() }} as debiased_squared_error,
        sum((confidence_sum - positives) * (confidence_sum - positives) / n) / sum(n) as reliability,
        sum(positives * positives / n) / sum(n) - sum(positives) * sum(positives) / sum(n) / sum(n) as resolution,
        sum(positives) * (sum(n) - sum(positives)) / sum(n) / sum(n) as uncertainty,
        sum(confidence_squares - confidence_sum * confidence_sum / n) / sum(n) as within_bin_variance,
        2 * sum(confidence_of_positives - positives * confidence_sum / n) / sum(n) as within_bin_covariance,
        sum(isotonic_squared_error) / sum(n) as isotonic_brier_score,
        {{ citl_z() }} as citl_z,
        {{ spiegelhalter_z() }} as spiegelhalter_z,
        -- Pairs of a positive and another row in which the positive had the higher forecast, equal ones counted half.
        sum(double_rank_sum) / 2 - sum(positives) * (sum(positives) + 1) / 2 as pairs_in_order,
        sum(positives) * (sum(n) - sum(positives)) as pairs
    from bin_sums
    where n > 0
    group by {{ group_keys }}

),

discriminated as (

    select
        *,
        cast(pairs_in_order / nullif(pairs, 0) as {{ type_double() }}) as auc,
        {{ signed_root('debiased_squared_error') }} as debiased_rmsce,
        {{ two_sided_p('spiegelhalter_z') }} as spiegelhalter_p,
        -- Width of an interval that holds at every look: Robbins (1970), with ρ for about 100 rows.
        n * (-2 * ln(cast(0.05 as {{ type_double() }})) + ln(-2 * ln(cast(0.05 as {{ type_double() }})) + 1)) / 100 as mixture
    from scored

),

-- The alarm's latest day.
alarms as (

    select
        e_process.tenant_id,
        e_process.action_type,
        'headline' as label_policy,
        e_process.e_value,
        e_process.e_value_max,
        e_process.e_alarm_at,
        e_process.e_alarm_n,
        row_number() over (partition by e_process.tenant_id, e_process.action_type order by e_process.as_of_date desc) as age
    from {{ ref('int_learning__e_process') }} as e_process
    inner join {{ ref('int_learning__calibration_groups') }} as touched
        on
            e_process.tenant_id = touched.tenant_id
            and e_process.action_type = touched.action_type

),

judged as (

    select
        groups.tenant_id,
        groups.action_type,
        groups.label_policy,
        groups.corp_is_rounded,
        groups.matured,
        coalesce(discriminated.n, 0) as n,
        coalesce(discriminated.positives, 0) as positives,
        discriminated.confidence_sum,
        discriminated.brier_score,
        discriminated.binned_calibration_error,
        discriminated.log_loss,
        discriminated.ece,
        discriminated.mce,
        discriminated.ece_midpoint,
        discriminated.debiased_squared_error,
        discriminated.debiased_rmsce,
        discriminated.reliability,
        discriminated.resolution,
        discriminated.uncertainty,
        discriminated.within_bin_variance,
        discriminated.within_bin_covariance,
        discriminated.isotonic_brier_score,
        discriminated.citl_z,
        discriminated.spiegelhalter_z,
        discriminated.spiegelhalter_p,
        discriminated.auc,
        discriminated.auc / (2 - discriminated.auc) as auc_of_two_positives,
        2 * discriminated.auc * discriminated.auc / (1 + discriminated.auc) as auc_of_two_negatives,
        sqrt(
            2 * (discriminated.mixture + 1) / (discriminated.mixture * discriminated.n)
            * ln(sqrt(discriminated.mixture + 1) / 0.05)
        ) / 2 as anytime_margin,
        alarms.e_value,
        alarms.e_value_max,
        alarms.e_alarm_at,
        alarms.e_alarm_n,
        {{ is_calibrated(
            'coalesce(discriminated.n, 0)', 'alarms.e_alarm_at', 'discriminated.spiegelhalter_p', 'discriminated.debiased_rmsce'
        ) }} as is_calibrated
    from groups
    left join discriminated
        on
            groups.tenant_id = discriminated.tenant_id
            and groups.action_type = discriminated.action_type
            and groups.label_policy = discriminated.label_policy
    left join alarms
        on
            groups.tenant_id = alarms.tenant_id
            and groups.action_type = alarms.action_type
            and groups.label_policy = alarms.label_policy
            and alarms.age = 1

),

final as (

    select
        tenant_id,
        action_type,
        label_policy,
        cast(n as integer) as n,
        cast(positives as integer) as positives,
        {{ ratio('positives', 'n') }} as base_rate,
        {{ wilson_low('positives', 'n') }} as base_rate_low,
        {{ wilson_high('positives', 'n') }} as base_rate_high,
        greatest({{ ratio('positives', 'n') }} - anytime_margin, case when n > 0 then 0.0 end) as base_rate_anytime_low,
        least({{ ratio('positives', 'n') }} + anytime_margin, case when n > 0 then 1.0 end) as base_rate_anytime_high,
        cast(confidence_sum / nullif(n, 0) as {{ type_double() }}) as mean_confidence,
        cast(brier_score as {{ type_double() }}) as brier_score,
        cast(binned_calibration_error as {{ type_double() }}) as binned_calibration_error,
        cast(1 - brier_score / nullif(uncertainty, 0) as {{ type_double() }}) as brier_skill_score,
        cast(log_loss as {{ type_double() }}) as log_loss,
        auc,
        case
            when auc is not null
                then sqrt(greatest(
                    0,
                    auc * (1 - auc)
                    + (cast(positives as {{ type_double() }}) - 1) * (auc_of_two_positives - auc * auc)
                    + (cast(n - positives as {{ type_double() }}) - 1) * (auc_of_two_negatives - auc * auc)
                ) / cast(positives * (n - positives) as {{ type_double() }}))
        end as auc_se,
        cast(ece as {{ type_double() }}) as ece,
        cast(mce as {{ type_double() }}) as mce,
        cast(ece_midpoint as {{ type_double() }}) as ece_midpoint,
        cast(debiased_squared_error as {{ type_double() }}) as debiased_squared_error,
        debiased_rmsce,
        cast(reliability as {{ type_double() }}) as reliability,
        cast(resolution as {{ type_double() }}) as resolution,
        cast(uncertainty as {{ type_double() }}) as uncertainty,
        cast(within_bin_variance as {{ type_double() }}) as within_bin_variance,
        cast(within_bin_covariance as {{ type_double() }}) as within_bin_covariance,
        cast(brier_score - isotonic_brier_score as {{ type_double() }}) as corp_miscalibration,
        cast(uncertainty - isotonic_brier_score as {{ type_double() }}) as corp_discrimination,
        corp_is_rounded,
        cast((confidence_sum - positives) / nullif(n, 0) as {{ type_double() }}) as citl,
        citl_z,
        spiegelhalter_z,
        spiegelhalter_p,
        e_value,
        e_value_max,
        e_alarm_at,
        e_alarm_n,
        is_calibrated,
        case
            when n < 50 then 'unclear'
            when is_calibrated then 'calibrated'
            when abs(citl_z) < 1.96 or citl_z is null then 'unclear'
            when citl_z > 0 then 'overconfident'
            else 'underconfident'
        end as direction,
        binned_calibration_error < 0.15 as seed_is_calibrated,
        case
            when n = 0 then 'no_data'
            when n < 50 then 'low_n'
            when matured < n then 'provisional'
            else 'ok'
        end as status
    from judged

)

select * from final

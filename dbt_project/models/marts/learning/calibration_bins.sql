{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_calibration_groups') }}
-- Ten bins of each action type under each policy, also those nothing falls into.
with bin_sums as (

    select
        *,
        (bin_index + 0.5) / 10 as midpoint
    from {{ ref('int_learning__bin_sums') }}

),

final as (

    select
        tenant_id,
        action_type,
        label_policy,
        bin_index,
        cast(bin_index / 10.0 as {{ type_double() }}) as bin_lower,
        cast((bin_index + 1) / 10.0 as {{ type_double() }}) as bin_upper,
        cast(midpoint as {{ type_double() }}) as bin_midpoint,
        cast(n as integer) as sample_count,
        cast(positives as integer) as outcome_sum,
        cast(matured as integer) as sample_count_matured,
        {{ ratio('positives', 'n') }} as actual_rate,
        {{ wilson_low('positives', 'n') }} as actual_rate_low,
        {{ wilson_high('positives', 'n') }} as actual_rate_high,
        cast(confidence_sum / nullif(n, 0) as {{ type_double() }}) as mean_confidence,
        cast((confidence_sum - positives) / nullif(n, 0) as {{ type_double() }}) as calibration_gap,
        cast(midpoint - positives / nullif(n, 0) as {{ type_double() }}) as gap_midpoint,
        cast((midpoint - positives / nullif(n, 0)) * (midpoint - positives / nullif(n, 0)) as {{ type_double() }}) as brier_contribution,
        cast(case when n > 0 then {{ squared_error_of_bin() }} end as {{ type_double() }}) as sum_squared_error,
        cast(expired as integer) as expired_count,
        cast(ambiguous as integer) as ambiguous_count,
        cast(pending as integer) as pending_count,
        n >= 10 as meets_min_samples,
        cast(isotonic_sum / nullif(n, 0) as {{ type_double() }}) as isotonic_rate,
        last_updated
    from bin_sums

)

select * from final

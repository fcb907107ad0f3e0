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
        (bin_index / 10.0)::double precision as bin_lower,
        ((bin_index + 1) / 10.0)::double precision as bin_upper,
        midpoint::double precision as bin_midpoint,
        n::integer as sample_count,
        positives::integer as outcome_sum,
        matured::integer as sample_count_matured,
        {{ ratio('positives', 'n') }} as actual_rate,
        {{ wilson_low('positives', 'n') }} as actual_rate_low,
        {{ wilson_high('positives', 'n') }} as actual_rate_high,
        (confidence_sum / nullif(n, 0))::double precision as mean_confidence,
        ((confidence_sum - positives) / nullif(n, 0))::double precision as calibration_gap,
        (midpoint - positives / nullif(n, 0))::double precision as gap_midpoint,
        ((midpoint - positives / nullif(n, 0)) * (midpoint - positives / nullif(n, 0)))::double precision as brier_contribution,
        case when n > 0 then {{ squared_error_of_bin() }} end::double precision as sum_squared_error,
        expired::integer as expired_count,
        ambiguous::integer as ambiguous_count,
        pending::integer as pending_count,
        n >= 10 as meets_min_samples,
        (isotonic_sum / nullif(n, 0))::double precision as isotonic_rate,
        last_updated
    from bin_sums

)

select * from final

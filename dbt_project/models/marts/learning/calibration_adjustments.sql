{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_calibration_groups') }}
-- What the replaced system would have recommended: one signed gap over all bins of at least 10, which cancels where bins oppose each other.
with bin_sums as (

    select
        *,
        (bin_index + 0.5) / 10 - positives / nullif(n, 0) as gap,
        n >= 10 as is_qualifying
    from {{ ref('int_learning__bin_sums') }}

),

gaps as (

    select
        tenant_id,
        action_type,
        label_policy,
        count(*) filter (where is_qualifying) as qualifying_bins,
        coalesce(sum(n) filter (where is_qualifying), 0) as qualifying_samples,
        sum(n * (bin_index + 0.5) / 10 - positives) filter (where is_qualifying)
        / nullif(sum(n) filter (where is_qualifying), 0) as avg_gap,
        coalesce(
            max(gap) filter (where is_qualifying) > 0.15 and min(gap) filter (where is_qualifying) < -0.15, false
        ) as has_opposing_gaps
    from bin_sums
    group by tenant_id, action_type, label_policy

),

recommended as (

    select
        *,
        case
            when avg_gap > 0.15 + 1e-12 then 'decrease'
            when avg_gap < -0.15 - 1e-12 then 'increase'
        end as direction
    from gaps

),

final as (

    select
        tenant_id,
        action_type,
        label_policy,
        cast(qualifying_bins as integer) as qualifying_bins,
        cast(qualifying_samples as integer) as qualifying_samples,
        cast(avg_gap as {{ type_double() }}) as avg_gap,
        direction,
        cast(case when direction is not null then least(abs(avg_gap), 0.10) end as {{ type_double() }}) as magnitude,
        cast(1.0 as {{ type_double() }}) as old_threshold,
        cast(
            case direction
                when 'decrease' then greatest(0.5, 1.0 - least(abs(avg_gap), 0.10))
                when 'increase' then least(1.5, 1.0 + least(abs(avg_gap), 0.10))
            end as {{ type_double() }}
        ) as new_threshold,
        case
            when direction is not null
                then
                    'Average gap of ' || round(abs(avg_gap), 3) || ' across ' || qualifying_bins || ' bins (' || qualifying_samples
                    || ' samples) exceeds threshold of 0.15. Agent is '
                    || case direction when 'decrease' then 'overconfident.' else 'underconfident.' end
        end as reason,
        has_opposing_gaps,
        'seed_rule' as recommended_by
    from recommended

)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['tenant_id', 'window_days', 'rank'], 'unique': true},
        {'columns': ['pattern_id'], 'unique': true}
    ]
) }}
{{ built_after('int_learning__touched_coaching_tenants') }}
-- Segments whose actions succeed more or less often than the rest, and whether that is more than chance.
with segments as (

    select * from {{ ref('int_learning__coaching_segments') }}

),

tests as (

    select * from {{ ref('int_learning__coaching_tests') }}

),

priors as (

    select * from {{ ref('int_learning__coaching_priors') }}

),

rates as (

    select
        segments.*,
        {{ ratio('segments.positives', 'segments.n') }} as success_rate,
        {{ wilson_low('segments.positives', 'segments.n') }} as success_rate_low,
        {{ wilson_high('segments.positives', 'segments.n') }} as success_rate_high,
        {{ ratio('segments.rest_positives', 'segments.rest_n') }} as rest_rate,
        {{ wilson_low('segments.rest_positives', 'segments.rest_n') }} as rest_rate_low,
        {{ wilson_high('segments.rest_positives', 'segments.rest_n') }} as rest_rate_high,
        {{ ratio('segments.base_positives', 'segments.base_n') }} as base_rate,
        tests.z,
        tests.p_value,
        tests.test,
        tests.q_value,
        case
            when priors.prior_weight is null then priors.mean_rate
            else (segments.positives + priors.mean_rate * priors.prior_weight) / (segments.n + priors.prior_weight)
        end as eb_rate,
        {{ ratio('segments.closed_positives', 'segments.closed') }} as seed_success_rate,
        {{ ratio('segments.scope_closed_positives', 'segments.scope_closed') }} as seed_pool_rate,
        -- Whole numbers have a sign without doubt; what decimals leave of a 0 has none.
        sign(cast(segments.positives as bigint) * segments.rest_n - cast(segments.rest_positives as bigint) * segments.n)
        * sign(round(cast(segments.mh_difference as {{ type_decimal() }}), 12)) < 0 as simpson_flag,
        -- Five points of difference, exactly.
        20 * abs(cast(segments.positives as bigint) * segments.rest_n - cast(segments.rest_positives as bigint) * segments.n)
        >= cast(segments.n as bigint) * segments.rest_n as is_large
    from segments
    inner join tests
        on
            segments.tenant_id = tests.tenant_id
            and segments.window_days = tests.window_days
            and segments.dimension = tests.dimension
            and segments.segment = tests.segment
    left join priors
        on
            segments.tenant_id = priors.tenant_id
            and segments.window_days = priors.window_days
            and segments.dimension = priors.dimension

),

judged as (

    select
        *,
        success_rate - rest_rate as difference,
        {{ newcombe_low('success_rate', 'success_rate_low', 'rest_rate', 'rest_rate_high') }} as difference_low,
        {{ newcombe_high('success_rate', 'success_rate_high', 'rest_rate', 'rest_rate_low') }} as difference_high,
        coalesce(q_value <= 0.1 and n >= 20 and is_large and simpson_flag is not true, false) as is_actionable,
        seed_success_rate - seed_pool_rate as seed_difference
    from rates

),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        outcome_type,
        {{ short_hash("concat_ws('|', tenant_id, window_days, dimension, outcome_type, segment)") }} as pattern_id,
        case dimension
            when 'action_type' then 'action_effectiveness'
            when 'outcome_type' then 'stage_insight'
            when 'deal_stage' then 'stage_insight'
            when 'hour' then 'time_correlation'
            when 'weekday' then 'time_correlation'
            when 'channel' then 'channel_preference'
            when 'persona' then 'persona_effectiveness'
            when 'escalation_trigger' then 'escalation_pattern'
        end as pattern_type,
        n,
        positives,
        success_rate,
        success_rate_low,
        success_rate_high,
        rest_n,
        rest_positives,
        rest_rate,
        difference,
        difference_low,
        difference_high,
        z,
        p_value,
        test,
        q_value,
        eb_rate,
        mh_difference,
        simpson_flag,
        case when q_value is not null then least(1 - q_value, cast(0.99 as {{ type_double() }})) end as confidence,
        least(cast(n as {{ type_double() }}) / case dimension when 'escalation_trigger' then 30 else 50 end, 1) as sample_adequacy,
        is_actionable,
        success_rate_high < base_rate as is_improvement_area,
        cast(
            row_number() over (
                partition by tenant_id, window_days order by success_rate_low desc, n desc, dimension, {{ bytewise('segment') }}
            ) as integer
        ) as rank,
        seed_success_rate,
        seed_difference,
        case dimension
            when 'action_type' then abs(seed_difference) > 0.05 + 1e-12
            when 'outcome_type' then seed_success_rate < 0.3
            else dimension = 'escalation_trigger'
        end as seed_is_pattern,
        seed_success_rate < 0.4 as seed_is_improvement_area,
        {{ coaching_description() }} as description,
        {{ coaching_recommendation() }} as recommendation
    from judged

)

select * from final

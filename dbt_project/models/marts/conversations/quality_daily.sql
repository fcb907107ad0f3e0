{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_conversations__touched_quality_days') }}
-- Everything is a sum by start day first, so that the means over 28 days, their comparison and the agreement of judges with people are sums
-- of sums.
with
{% if is_incremental() -%}
-- The touched days and the 55 before, at which their rows look back.
spans as (

    select
        tenant_id,
        min(metric_date) - 55 as first_date,
        max(metric_date) as last_date
    from {{ ref('int_conversations__touched_quality_days') }}
    group by tenant_id

),

{% endif -%}
scorings as (

    select scorings.*
    from {{ ref('int_conversations__scorings') }} as scorings
    {% if is_incremental() -%}
    inner join spans
        on
            scorings.tenant_id = spans.tenant_id
            and scorings.start_date between spans.first_date and spans.last_date
    {% endif -%}
    where scorings.start_date is not null

),

compared as (

    select
        scorings.*,
        case when human.overall is not null then least(4, floor(5 * scorings.overall)) end as bin,
        human.overall as human_overall,
        case when human.overall is not null then least(4, floor(5 * human.overall)) end as human_bin
    from scorings
    left join scorings as human
        on
            scorings.tenant_id = human.tenant_id
            and scorings.conversation_id = human.conversation_id
            and scorings.scorer_kind = 'judge'
            and scorings.overall is not null
            and human.is_latest_human

),

sums as (

    select
        tenant_id,
        start_date as metric_date,
        scorer_kind,
        scorer,
        cast(sum(attempts) as integer) as attempts,
        cast(count(overall) as integer) as scored,
        cast(sum(failed_attempts) as integer) as failed,
        sum(overall) as overall_sum,
        sum(overall * overall) as overall_sum_of_squares,
        avg(helpfulness) as helpfulness_mean,
        avg(accuracy) as accuracy_mean,
        avg(politeness) as politeness_mean,
        avg(completeness) as completeness_mean,
        -- In whole numbers: the mean of .5 and .7 is not below .6.
        cast(count(*) filter (where score_sum < 0.6 * dimensions_scored) as integer) as low_quality,
        count(human_overall) as pairs,
        sum(abs(overall - human_overall)) as difference_sum,
        sum(overall - human_overall) as signed_difference_sum,
        sum((bin - human_bin) * (bin - human_bin)) as bin_distance_sum,
        sum(bin) as bin_sum,
        sum(human_bin) as human_bin_sum,
        sum(bin * bin) as bin_square_sum,
        sum(human_bin * human_bin) as human_bin_square_sum
    from compared
    group by tenant_id, start_date, scorer_kind, scorer

),

rolling as (

    select
        *,
        {% for column in [
            'scored', 'overall_sum', 'overall_sum_of_squares', 'pairs', 'difference_sum', 'signed_difference_sum', 'bin_distance_sum',
            'bin_sum', 'human_bin_sum', 'bin_square_sum', 'human_bin_square_sum'
        ] -%}
        sum({{ column }}) over recent as {{ column }}_28d,
        {% endfor -%}
        sum(scored) over before as scored_before,
        sum(overall_sum) over before as overall_sum_before,
        sum(overall_sum_of_squares) over before as overall_sum_of_squares_before
    from sums
    window
        recent as (
            partition by tenant_id, scorer_kind, scorer order by metric_date
            range between {{ days(27) }} preceding and current row
        ),
        before as (
            partition by tenant_id, scorer_kind, scorer order by metric_date
            range between {{ days(55) }} preceding and {{ days(28) }} preceding
        )

),

compared_periods as (

    select
        *,
        overall_sum_28d / nullif(scored_28d, 0) - overall_sum_before / nullif(scored_before, 0) as overall_change,
        {{ squared_standard_error('scored', 'overall_sum', 'overall_sum_of_squares') }} as squared_error,
        {{ squared_standard_error('scored_28d', 'overall_sum_28d', 'overall_sum_of_squares_28d') }}
        + {{ squared_standard_error('scored_before', 'overall_sum_before', 'overall_sum_of_squares_before') }} as squared_error_of_change,
        -- Expected disagreement of judge and people if they had nothing to do with each other, times the number of pairs.
        bin_square_sum_28d + human_bin_square_sum_28d - 2 * bin_sum_28d * human_bin_sum_28d / nullif(pairs_28d, 0) as expected_distance
    from rolling

),

final as (

    select
        daily.tenant_id,
        daily.metric_date,
        daily.scorer_kind,
        daily.scorer,
        daily.attempts,
        daily.scored,
        daily.failed,
        {{ rate_columns('failure', 'daily.failed', 'daily.attempts') }},
        cast(daily.overall_sum / nullif(daily.scored, 0) as {{ type_double() }}) as overall_mean,
        cast(sqrt(daily.squared_error) as {{ type_double() }}) as overall_se,
        cast(daily.helpfulness_mean as {{ type_double() }}) as helpfulness_mean,
        cast(daily.accuracy_mean as {{ type_double() }}) as accuracy_mean,
        cast(daily.politeness_mean as {{ type_double() }}) as politeness_mean,
        cast(daily.completeness_mean as {{ type_double() }}) as completeness_mean,
        daily.low_quality,
        cast(daily.overall_sum_28d / nullif(daily.scored_28d, 0) as {{ type_double() }}) as overall_mean_28d,
        cast(daily.overall_change as {{ type_double() }}) as overall_change_28d,
        cast(daily.overall_change / sqrt(nullif(daily.squared_error_of_change, 0)) as {{ type_double() }}) as overall_change_28d_z,
        cast(coalesce(daily.pairs_28d, 0) as integer) as agreement_n,
        cast(1 - daily.bin_distance_sum_28d / nullif(daily.expected_distance, 0) as {{ type_double() }}) as weighted_kappa,
        cast(daily.difference_sum_28d / nullif(daily.pairs_28d, 0) as {{ type_double() }}) as mae,
        cast(daily.signed_difference_sum_28d / nullif(daily.pairs_28d, 0) as {{ type_double() }}) as bias
    from compared_periods as daily
    {% if is_incremental() -%}
    inner join {{ ref('int_conversations__touched_quality_days') }} as touched
        on
            daily.tenant_id = touched.tenant_id
            and daily.metric_date = touched.metric_date
    {% endif %}
)

select * from final

-- Fisher's exact test of the segments for which some expected count lies below 5: the chance of a table no likelier than the one observed.
with segments as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        n,
        rest_n,
        positives as observed,
        positives + rest_positives as all_positives,
        greatest(0, positives + rest_positives - rest_n) as fewest,
        least(n, positives + rest_positives) as most
    from {{ ref('int_learning__coaching_segments') }}
    where
        rest_n > 0
        and cast(least(positives + rest_positives, n + rest_n - positives - rest_positives) as bigint) * least(n, rest_n)
        < 5 * cast(n + rest_n as bigint)

),

-- How much likelier each possible table is than the one before. One expected count is small, so there are few.
tables as (

    select
        segments.tenant_id,
        segments.window_days,
        segments.dimension,
        segments.segment,
        segments.observed,
        series.number as positives,
        cast(
            case when series.number > segments.fewest then ln(
                cast(segments.all_positives - series.number + 1 as {{ type_double() }}) * (segments.n - series.number + 1)
                / (cast(series.number as {{ type_double() }}) * (segments.rest_n - segments.all_positives + series.number))
            ) else 0 end as {{ type_decimal() }}
        ) as log_step
    from segments
    cross join lateral {{ number_series('segments.fewest', 'segments.most') }}

),

weighed as (

    select
        *,
        sum(log_step) over (
            partition by tenant_id, window_days, dimension, segment order by positives rows unbounded preceding
        ) as log_weight
    from tables

),

scaled as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        -- Tables as likely as the observed one belong to it, whatever the last digit of their logarithm.
        log_weight <= max(case when positives = observed then log_weight end) over of_segment + 1e-7 as is_no_likelier,
        -- Below, exp() would underflow.
        cast(
            exp(cast(greatest(-600, log_weight - max(log_weight) over of_segment) as {{ type_double() }})) as {{ type_decimal() }}
        ) as weight
    from weighed
    window of_segment as (partition by tenant_id, window_days, dimension, segment)

),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        cast(sum(weight) filter (where is_no_likelier) / sum(weight) as {{ type_double() }}) as p_value
    from scaled
    group by tenant_id, window_days, dimension, segment

)

select * from final

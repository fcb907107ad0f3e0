-- What the segments of a dimension have in common: their mean rate, and how many actions it is worth when it pulls each of them towards
-- itself (Beta-binomial by the method of moments).
with segments as (

    select
        tenant_id,
        window_days,
        dimension,
        n,
        positives
    from {{ ref('int_learning__coaching_segments') }}

),

-- Decimals add up to the same sum in any order.
moments as (

    select
        tenant_id,
        window_days,
        dimension,
        count(*) as segments,
        cast(sum(positives) as {{ type_decimal() }}) / sum(n) as mean_rate,
        var_samp(cast(positives as {{ type_decimal() }}) / n) as variance,
        avg(cast(1 as {{ type_decimal() }}) / n) as mean_inverse_n
    from segments
    group by tenant_id, window_days, dimension

),

-- What the segments differ by beyond chance.
spread as (

    select
        *,
        mean_rate * (1 - mean_rate) as binary_variance,
        variance - mean_rate * (1 - mean_rate) * mean_inverse_n as true_variance
    from moments

),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        cast(mean_rate as {{ type_double() }}) as mean_rate,
        cast(case when true_variance > 0 then greatest(1, binary_variance / true_variance - 1) end as {{ type_double() }}) as prior_weight
    from spread
    where segments >= 2

)

select * from final

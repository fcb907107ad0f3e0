-- Ten bins of each action type under each policy, with or without rows: exact sums from which bins and summary are computed.
with groups as (

    select * from {{ ref('int_learning__calibration_groups') }}

),

forecasts as (

    select
        forecasts.*,
        -- A forecast of 0 or 1 that fails would be an infinite surprise.
        greatest(
            1e-15, least(1 - cast(1e-15 as {{ type_double() }}), cast(forecasts.confidence as {{ type_double() }}))
        ) as clipped_confidence,
        cast(corp_fit.isotonic_rate as {{ type_decimal() }}) as isotonic_rate,
        corp_fit.is_rounded
    from {{ ref('int_learning__forecasts') }} as forecasts
    left join {{ ref('int_learning__corp_fit') }} as corp_fit
        on
            forecasts.tenant_id = corp_fit.tenant_id
            and forecasts.action_type = corp_fit.action_type
            and forecasts.label_policy = corp_fit.label_policy
            and forecasts.confidence = corp_fit.confidence

),

policies as (

    select distinct policy as label_policy
    from {{ ref('label_policy') }}

),

bins as (

    select
        groups.tenant_id,
        groups.action_type,
        policies.label_policy,
        series.number as bin_index
    from groups
    cross join policies
    cross join lateral {{ number_series(0, 9) }}

),

sums as (

    select
        tenant_id,
        action_type,
        label_policy,
        bin_index,
        {% for column in ['n', 'matured', 'positives', 'expired', 'ambiguous', 'pending'] -%}
        sum({{ column }}) as {{ column }},
        {% endfor -%}
        {{ forecast_sums('n', 'positives', 'confidence') }},
        sum(
            -positives * cast(ln(clipped_confidence) as {{ type_decimal() }})
            - (n - positives) * cast(ln(1 - clipped_confidence) as {{ type_decimal() }})
        ) as log_loss_sum,
        sum(n * isotonic_rate) as isotonic_sum,
        sum(
            positives * (1 - isotonic_rate) * (1 - isotonic_rate) + (n - positives) * isotonic_rate * isotonic_rate
        ) as isotonic_squared_error,
        sum(positives * double_midrank) as double_rank_sum,
        bool_or(is_rounded) as is_rounded,
        max(last_updated) as last_updated
    from forecasts
    group by tenant_id, action_type, label_policy, bin_index

),

final as (

    select
        bins.tenant_id,
        bins.action_type,
        bins.label_policy,
        bins.bin_index,
        {% for column in [
            'n', 'matured', 'positives', 'expired', 'ambiguous', 'pending', 'confidence_sum', 'confidence_squares', 'confidence_of_positives',
            'spiegelhalter_variance', 'log_loss_sum', 'isotonic_sum', 'isotonic_squared_error', 'double_rank_sum'
        ] -%}
        coalesce(sums.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        coalesce(sums.is_rounded, false) as is_rounded,
        sums.last_updated
    from bins
    left join sums
        on
            bins.tenant_id = sums.tenant_id
            and bins.action_type = sums.action_type
            and bins.label_policy = sums.label_policy
            and bins.bin_index = sums.bin_index

)

select * from final

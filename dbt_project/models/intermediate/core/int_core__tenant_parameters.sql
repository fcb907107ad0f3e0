{{ config(meta={'changes_seldom': true}) }}
-- Parameters side by side: one row per tenant and span of local dates [valid_from, valid_to) in which none of them changes.
with parameter_values as (

    select
        tenant_id,
        parameter,
        valid_from,
        valid_to,
        {{ json_scalar('value') }} as value
    from {{ ref('int_core__parameter_values') }}

),

boundaries as (

    select distinct
        tenant_id,
        valid_from
    from parameter_values

),

pivoted as (

    select
        boundaries.tenant_id,
        boundaries.valid_from,
        cast(max(held.value) filter (where held.parameter = 'assume_after_hours') as {{ type_double() }}) as assume_after_hours,
        cast(max(held.value) filter (where held.parameter = 'abandon_after_hours') as {{ type_double() }}) as abandon_after_hours,
        cast(max(held.value) filter (where held.parameter = 'durable_days') as {{ type_double() }}) as durable_days,
        cast(max(held.value) filter (where held.parameter = 'repeat_days') as {{ type_double() }}) as repeat_days,
        cast(max(held.value) filter (where held.parameter = 'verified_threshold') as {{ type_decimal() }}) as verified_threshold,
        cast(cast(max(held.value) filter (where held.parameter = 'small_sample') as {{ type_decimal() }}) as integer) as small_sample,
        cast(max(held.value) filter (where held.parameter = 'gap_confidence_threshold') as {{ type_double() }}) as gap_confidence_threshold,
        {{ parse_json("max(held.value) filter (where held.parameter = 'business_hours')") }} as business_hours,
        {{ parse_json("max(held.value) filter (where held.parameter = 'holidays')") }} as holidays
    from boundaries
    inner join parameter_values as held
        on
            boundaries.tenant_id = held.tenant_id
            and boundaries.valid_from >= held.valid_from
            and boundaries.valid_from < held.valid_to
    group by boundaries.tenant_id, boundaries.valid_from

),

final as (

    select
        *,
        lead(valid_from, 1, {{ max_date() }}) over (partition by tenant_id order by valid_from) as valid_to
    from pivoted

)

select * from final

with parameter_values as (

    select * from {{ ref('int_core__parameter_values') }}

),

final as (

    select
        tenant_id,
        parameter,
        valid_from,
        {{ json_scalar('value') }} as value,
        case when {{ json_kind('value') }} = 'number' then cast({{ json_scalar('value') }} as {{ type_double() }}) end as number_value,
        is_default
    from parameter_values

)

select * from final

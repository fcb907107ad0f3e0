-- The dictionary of all columns of all marts, taken from the files that describe the marts.
{% set definitions = mart_columns() %}
with definitions as (

    {% for column in definitions -%}
    select
        {{ text_literal(column.mart) }} as mart,
        {{ text_literal(column.column_name) }} as column_name,
        {{ column.position }} as position,
        {{ text_literal(column.data_type) }} as data_type,
        {{ text_literal(column.grain) }} as grain,
        {{ text_literal(column.unit) }} as unit,
        {{ text_literal(column.formula) }} as formula,
        {{ text_literal(column.description) }} as description,
        {{ column.is_key | lower }} as is_key,
        {{ column.is_provisional | lower }} as is_provisional
    {{ 'union all' if not loop.last }}
    {% else -%}
    select * from {{ no_rows({
        'mart': 'text', 'column_name': 'text', 'position': 'integer', 'data_type': 'text', 'grain': 'text', 'unit': 'text',
        'formula': 'text', 'description': 'text', 'is_key': 'boolean', 'is_provisional': 'boolean'
    }) }} as nothing
    {% endfor %}
),

final as (

    select
        mart,
        column_name,
        position,
        data_type,
        grain,
        unit,
        formula,
        description,
        is_key,
        is_provisional
    from definitions

)

select * from final

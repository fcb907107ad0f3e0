-- The dictionary of all columns of all marts, logs and functions, taken from the files that describe them.
{% set columns = mart_columns() %}
with definitions (
    mart, column_name, position, data_type, grain, unit, formula, description, is_key, is_provisional
) as (

    values
    -- The first row only gives the types.
    (
        {% for type in ['text', 'text', 'integer', 'text', 'text', 'text', 'text', 'text', 'boolean', 'boolean'] -%}
        cast(null as {{ type_of_contract(type) }}){{ ', ' if not loop.last }}
        {%- endfor %}
    )
    {%- for column in columns %},
    (
        {{ text_literal(column.mart) }}, {{ text_literal(column.column_name) }}, {{ column.position }},
        {{ text_literal(column.data_type) }}, {{ text_literal(column.grain) }}, {{ text_literal(column.unit) }},
        {{ text_literal(column.formula) }}, {{ text_literal(column.description) }}, {{ column.is_key }}, {{ column.is_provisional }}
    )
    {%- endfor %}

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
    where mart is not null

)

select * from final

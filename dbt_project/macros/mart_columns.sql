{#
    Columns of all marts as their files describe them: list of {mart, column_name, position, data_type, grain, unit, formula, description,
    is_key, is_provisional}, in order of mart and position.
#}
{% macro mart_columns() %}
    {% set found = [] %}
    {% if execute %}
        {% for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'model' and 'marts' in node.fqn %}
            {% set keys = node.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | sum(start=[]) %}
            {% for column in node.columns.values() %}
                {% do found.append({
                    'mart': node.name,
                    'column_name': column.name,
                    'position': loop.index,
                    'data_type': column.data_type,
                    'grain': node.config.meta.grain,
                    'unit': column.config.meta.unit,
                    'formula': column.config.meta.formula,
                    'description': column.description,
                    'is_key': column.name in keys,
                    'is_provisional': column.config.meta.get('provisional', false)
                }) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}

{# A text as a literal; NULL when there is none. #}
{% macro text_literal(text) -%}
    {%- if text -%} '{{ text | trim | replace("'", "''") }}' {%- else -%} null {%- endif -%}
{%- endmacro %}

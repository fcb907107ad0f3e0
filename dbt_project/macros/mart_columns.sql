{#
    Columns of all marts, of the logs that publish writes beside them and of the functions over them, as their files describe them: list of
    {mart, column_name, position, data_type, grain, unit, formula, description, is_key, is_provisional}, in order of mart and position. A
    function is named with its parentheses.
#}
{% macro mart_columns() %}
    {% set found = [] %}
    {% if execute %}
        {% set marts = {} %}
        {% for node in graph.nodes.values() | sort(attribute='name') if node.resource_type == 'model' and 'marts' in node.fqn %}
            {% do marts.update({node.name: node.columns}) %}
            {% set keys = node.constraints | selectattr('type', 'equalto', 'primary_key') | map(attribute='columns') | sum(start=[]) %}
            {% for column in node.columns.values() %}
                {% do found.append(described_column(node.name, loop.index, column, node, column.name in keys)) %}
            {% endfor %}
        {% endfor %}
        {% for node in graph.sources.values() | sort(attribute='name') if node.source_name in ['logs', 'functions'] %}
            {% set name = node.name ~ ('()' if node.source_name == 'functions' else '') %}
            {# What a function takes over from a mart it only names. #}
            {% set taken_over = marts.get(node.config.meta.columns_like, {}) %}
            {% for column in node.columns.values() %}
                {% set described = column if column.description else taken_over[column.name] %}
                {% do found.append(described_column(name, loop.index, described, node, column.config.meta.get('key', false))) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}

{# One entry of mart_columns(). #}
{% macro described_column(mart, position, column, node, is_key) %}
    {{ return({
        'mart': mart,
        'column_name': column.name,
        'position': position,
        'data_type': column.data_type,
        'grain': node.config.meta.grain,
        'unit': column.config.meta.unit,
        'formula': column.config.meta.formula,
        'description': column.description,
        'is_key': is_key,
        'is_provisional': column.config.meta.get('provisional', false)
    }) }}
{% endmacro %}

{# A text as a literal; NULL when there is none. #}
{% macro text_literal(text) -%}
    {%- if text -%} '{{ text | trim | replace("'", "''") }}' {%- else -%} null {%- endif -%}
{%- endmacro %}

{#
    Generic tests of a refresh see only the cells it touched: the others were tested when they were built. Full runs, `dbt test` and models
    without touched cells are tested whole.
#}
{% macro get_where_subquery(relation) -%}
    {%- set touched = touched_rows(relation) if execute and flags.WHICH == 'build' and not flags.FULL_REFRESH -%}
    {{ return(touched or default__get_where_subquery(relation)) }}
{%- endmacro %}

{% macro touched_rows(relation) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == relation.identifier and node.config.meta.touched_by -%}
        {%- set cells = api.Relation.create(database=relation.database, schema=relation.schema, identifier=node.config.meta.touched_by) -%}
        {%- set pairs = [] -%}
        {%- for key in node.config.meta.touched_keys -%}
            {%- do pairs.append('built.' ~ key ~ ' = touched.' ~ key) -%}
        {%- endfor -%}
        {{ return('(select built.* from ' ~ relation ~ ' as built inner join ' ~ cells ~ ' as touched on ' ~ pairs | join(' and ') ~ ')') }}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}

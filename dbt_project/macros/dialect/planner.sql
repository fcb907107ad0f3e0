{# Statistics of the relation just built, for plans that hang on its size. #}
{% macro analyze_relation() -%}
    {{ return(adapter.dispatch('analyze_relation')()) }}
{%- endmacro %}

{% macro postgres__analyze_relation() -%}
    analyze {{ this }}
{%- endmacro %}

{#
    Ends a lateral subquery that must be looked up row by row: the planner cannot know that each lookup skips all partitions but one or two,
    and would rather read the whole history.
#}
{% macro row_by_row() -%}
    {{ return(adapter.dispatch('row_by_row')()) }}
{%- endmacro %}

{% macro postgres__row_by_row() -%}
    offset 0
{%- endmacro %}

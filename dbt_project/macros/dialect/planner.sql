{# Statistics of the relation just built, for plans that hang on its size. #}
{% macro analyze_relation() -%}
    {{ return(adapter.dispatch('analyze_relation')()) }}
{%- endmacro %}

{% macro postgres__analyze_relation() -%}
    analyze {{ this }}
{%- endmacro %}

{# For one transaction: read a few keys of a large relation by its index, though the planner cannot know that partitions will be skipped. #}
{% macro prefer_index_lookups() -%}
    {{ return(adapter.dispatch('prefer_index_lookups')()) }}
{%- endmacro %}

{% macro postgres__prefer_index_lookups() -%}
    set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_seqscan = off
{%- endmacro %}

{# One row per whole number from the first to the last, both included, in column `series.number` (integer). Used after `cross join lateral`. #}
{% macro number_series(first, last) -%}
    {{ return(adapter.dispatch('number_series')(first, last)) }}
{%- endmacro %}

{% macro postgres__number_series(first, last) -%}
    generate_series({{ first }}, {{ last }}) as series (number)
{%- endmacro %}

{# How many of some values are not NULL (integer). #}
{% macro count_not_null(values) -%}
    {{ return(adapter.dispatch('count_not_null')(values)) }}
{%- endmacro %}

{% macro postgres__count_not_null(values) -%}
    num_nonnulls({{ values | join(', ') }})
{%- endmacro %}

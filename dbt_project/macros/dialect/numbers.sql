{# One row per whole number from the first to the last, both included, in column `series.number` (integer). Used after `cross join lateral`. #}
{% macro number_series(first, last) -%}
    {{ return(adapter.dispatch('number_series')(first, last)) }}
{%- endmacro %}

{% macro postgres__number_series(first, last) -%}
    generate_series({{ first }}, {{ last }}) as series (number)
{%- endmacro %}

{# Aggregate: the value of the first (last) row in an order, among the rows that meet a condition; NULL when none does. #}
{% macro first_in_order(value, order_by, condition) -%}
    {{ return(adapter.dispatch('first_in_order')(value, order_by, condition)) }}
{%- endmacro %}

{% macro postgres__first_in_order(value, order_by, condition) -%}
    (array_agg({{ value }} order by {{ order_by }}) filter (where {{ condition }}))[1]
{%- endmacro %}

{% macro last_in_order(value, order_by, condition) -%}
    {{ return(adapter.dispatch('last_in_order')(value, order_by, condition)) }}
{%- endmacro %}

{# The same ascending order as above, so that one sort serves all of them. #}
{% macro postgres__last_in_order(value, order_by, condition) -%}
    (array_agg({{ value }} order by {{ order_by }}) filter (where {{ condition }}))[count(*) filter (where {{ condition }})]
{%- endmacro %}

{# Aggregate: array of the interpolated percentiles of the non-null values (double precision). #}
{% macro percentiles(value, fractions) -%}
    {{ return(adapter.dispatch('percentiles')(value, fractions)) }}
{%- endmacro %}

{% macro postgres__percentiles(value, fractions) -%}
    percentile_cont(array{{ fractions }}) within group (order by {{ value }})
{%- endmacro %}

{# Element of an array, counted from 1: of percentiles(), for example. #}
{% macro array_element(array, position) -%}
    {{ return(adapter.dispatch('array_element')(array, position)) }}
{%- endmacro %}

{% macro postgres__array_element(array, position) -%}
    {{ array }}[{{ position }}]
{%- endmacro %}

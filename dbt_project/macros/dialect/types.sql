{# Names of types, for casts. What every engine calls alike needs none of these: boolean, integer, bigint, date, decimal(3, 2). #}

{# Text of any length. #}
{% macro type_text() -%}
    {{ return(adapter.dispatch('type_text')()) }}
{%- endmacro %}

{% macro postgres__type_text() -%}
    text
{%- endmacro %}

{# Floating point number of 64 bits. #}
{% macro type_double() -%}
    {{ return(adapter.dispatch('type_double')()) }}
{%- endmacro %}

{% macro postgres__type_double() -%}
    double precision
{%- endmacro %}

{# Decimal number of as many digits as it takes: sums are exact, so the same in any order. #}
{% macro type_decimal() -%}
    {{ return(adapter.dispatch('type_decimal')()) }}
{%- endmacro %}

{% macro postgres__type_decimal() -%}
    numeric
{%- endmacro %}

{# Point on the time line, to the microsecond. #}
{% macro type_instant() -%}
    {{ return(adapter.dispatch('type_instant')()) }}
{%- endmacro %}

{% macro postgres__type_instant() -%}
    timestamptz
{%- endmacro %}

{% macro type_uuid() -%}
    {{ return(adapter.dispatch('type_uuid')()) }}
{%- endmacro %}

{% macro postgres__type_uuid() -%}
    uuid
{%- endmacro %}

{# The engine's name of a type as the contracts of the marts spell it. #}
{% macro type_of_contract(name) -%}
    {{ return(adapter.dispatch('type_of_contract')(name)) }}
{%- endmacro %}

{% macro postgres__type_of_contract(name) -%}
    {{ name }}
{%- endmacro %}

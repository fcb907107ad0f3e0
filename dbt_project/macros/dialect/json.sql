{# Text of a key of a JSON object; NULL when it is missing or null. #}
{% macro json_text(object, key) -%}
    {{ return(adapter.dispatch('json_text')(object, key)) }}
{%- endmacro %}

{% macro postgres__json_text(object, key) -%}
    ({{ object }} ->> '{{ key }}')
{%- endmacro %}

{# Text of a JSON scalar, without quotes. #}
{% macro json_scalar(value) -%}
    {{ return(adapter.dispatch('json_scalar')(value)) }}
{%- endmacro %}

{% macro postgres__json_scalar(value) -%}
    ({{ value }} #>> '{}')
{%- endmacro %}

{# Elements of a JSON array of objects, one row each, in column `elements.element`. Used after `cross join lateral`. #}
{% macro json_elements(array) -%}
    {{ return(adapter.dispatch('json_elements')(array)) }}
{%- endmacro %}

{% macro postgres__json_elements(array) -%}
    jsonb_array_elements({{ array }}) as elements (element)
{%- endmacro %}

{# Whether a JSON array of strings holds a text. #}
{% macro json_array_holds(array, text) -%}
    {{ return(adapter.dispatch('json_array_holds')(array, text)) }}
{%- endmacro %}

{% macro postgres__json_array_holds(array, text) -%}
    ({{ array }} ? ({{ text }}))
{%- endmacro %}

{# Aggregate: a JSON object of keys and values. #}
{% macro json_object_of(key, value) -%}
    {{ return(adapter.dispatch('json_object_of')(key, value)) }}
{%- endmacro %}

{% macro postgres__json_object_of(key, value) -%}
    jsonb_object_agg({{ key }}, {{ value }})
{%- endmacro %}

{# Kind of a JSON value: 'number', 'string', 'array', 'object', 'boolean' or 'null'. #}
{% macro json_kind(value) -%}
    {{ return(adapter.dispatch('json_kind')(value)) }}
{%- endmacro %}

{% macro postgres__json_kind(value) -%}
    jsonb_typeof({{ value }})
{%- endmacro %}

{# Value of a key of a JSON object, as JSON; NULL when it is missing. #}
{% macro json_child(object, key) -%}
    {{ return(adapter.dispatch('json_child')(object, key)) }}
{%- endmacro %}

{% macro postgres__json_child(object, key) -%}
    ({{ object }} -> '{{ key }}')
{%- endmacro %}

{# JSON of its text. #}
{% macro parse_json(text) -%}
    {{ return(adapter.dispatch('parse_json')(text)) }}
{%- endmacro %}

{% macro postgres__parse_json(text) -%}
    ({{ text }})::jsonb
{%- endmacro %}

{# A text that compares byte by byte, whatever the language of the database. #}
{% macro bytewise(text) -%}
    {{ return(adapter.dispatch('bytewise')(text)) }}
{%- endmacro %}

{% macro postgres__bytewise(text) -%}
    {{ text }} collate "C"
{%- endmacro %}

{# Last character of a text that is no white space. #}
{% macro last_character(text) -%}
    {{ return(adapter.dispatch('last_character')(text)) }}
{%- endmacro %}

{% macro postgres__last_character(text) -%}
    right(rtrim({{ text }}, e' \t\n\r\f\v\u00a0\u2028\u2029\u3000'), 1)
{%- endmacro %}

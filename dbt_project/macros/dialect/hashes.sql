{# Sixteen hexadecimal digits that stand for a text: short enough for an address, too many to meet twice. #}
{% macro short_hash(text) -%}
    {{ return(adapter.dispatch('short_hash')(text)) }}
{%- endmacro %}

{% macro postgres__short_hash(text) -%}
    left(md5({{ text }}), 16)
{%- endmacro %}

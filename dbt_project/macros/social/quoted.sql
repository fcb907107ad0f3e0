{# Names as a list of SQL texts. #}
{% macro quoted(names) -%}
    '{{ names | join("', '") }}'
{%- endmacro %}

{# Everything dbt makes stands in one schema; only `publish` writes what people read. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}
{%- endmacro %}

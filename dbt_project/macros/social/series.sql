{#
    A series: all values of one metric of one object, or of one value of a breakdown of it. What would otherwise stand in every join of the social
    models.
#}

{# Its key. #}
{% macro series_columns(alias='') -%}
    {%- for column in ['tenant_id', 'account_id', 'object_id', 'metric_name', 'dim_key', 'dim_value'] -%}
        {{ alias ~ '.' if alias }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# What the catalogue says of it. #}
{% macro series_attributes(alias='') -%}
    {%- for column in ['platform', 'object_level', 'additive', 'algorithm_class', 'is_algorithm_dependent', 'paid_scope', 'unit', 'day_basis'] -%}
        {{ alias ~ '.' if alias }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Whether two rows are of the same object; of the same series. #}
{% macro same_object(one, other) -%}
    {{ one }}.tenant_id = {{ other }}.tenant_id
    and {{ one }}.account_id = {{ other }}.account_id
    and {{ one }}.object_id = {{ other }}.object_id
{%- endmacro %}

{% macro same_series(one, other) -%}
    {{ same_object(one, other) }}
    and {{ one }}.metric_name = {{ other }}.metric_name
    and {{ one }}.dim_key = {{ other }}.dim_key
    and {{ one }}.dim_value = {{ other }}.dim_value
{%- endmacro %}

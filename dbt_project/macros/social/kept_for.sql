{# How long Meta tells of an object since its publication: 24 hours of a story, two years of everything else. #}
{% macro kept_for(object_type) -%}
    {{ hours('case ' ~ object_type ~ " when 'story' then 24 else 24 * 730 end") }}
{%- endmacro %}

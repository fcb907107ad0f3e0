{# Difference of two proportions in units of its pooled standard error (double precision); NULL when one side is empty or all rows agree. #}
{% macro two_proportion_z(positives, n, rest_positives, rest_n) -%}
    {%- set k = '(' ~ positives ~ ')::double precision' -%}
    {%- set m = '(' ~ n ~ ')::double precision' -%}
    {%- set rest_k = '(' ~ rest_positives ~ ')::double precision' -%}
    {%- set rest_m = '(' ~ rest_n ~ ')::double precision' -%}
    ({{ k }} * {{ rest_m }} - {{ rest_k }} * {{ m }})
    / nullif(sqrt(({{ k }} + {{ rest_k }}) * ({{ m }} + {{ rest_m }} - {{ k }} - {{ rest_k }}) * {{ m }} * {{ rest_m }} / ({{ m }} + {{ rest_m }})), 0)
{%- endmacro %}

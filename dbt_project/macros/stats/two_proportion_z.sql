{# Difference of two proportions in units of its pooled standard error (double precision); NULL when one side is empty or all rows agree. #}
{% macro two_proportion_z(positives, n, rest_positives, rest_n) -%}
    {%- set k = 'cast(' ~ positives ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set m = 'cast(' ~ n ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set rest_k = 'cast(' ~ rest_positives ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set rest_m = 'cast(' ~ rest_n ~ ' as ' ~ type_double() ~ ')' -%}
    ({{ k }} * {{ rest_m }} - {{ rest_k }} * {{ m }})
    / nullif(sqrt(({{ k }} + {{ rest_k }}) * ({{ m }} + {{ rest_m }} - {{ k }} - {{ rest_k }}) * {{ m }} * {{ rest_m }} / ({{ m }} + {{ rest_m }})), 0)
{%- endmacro %}

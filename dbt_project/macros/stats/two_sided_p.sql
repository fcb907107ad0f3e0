{#
    Chance that a standard normal value lies at least as far from 0 as z (double precision, 0..1); NULL when z is.

    Abramowitz and Stegun 7.1.26, within 1.5e-7: erf() exists only from PostgreSQL 16. Beyond 37 exp() would underflow.
    z: a column, for it stands many times in the expression.
#}
{% macro two_sided_p(z) -%}
    {%- set distance = '(least(abs(' ~ z ~ '), 37) / 1.4142135623730951::double precision)' -%}
    {%- set t = '(1 / (1 + 0.3275911::double precision * ' ~ distance ~ '))' -%}
    case when {{ z }} is not null then least(1.0::double precision, exp(-{{ distance }} * {{ distance }}) * {{ t }} * (
        0.254829592::double precision + {{ t }} * (
            -0.284496736::double precision + {{ t }} * (
                1.421413741::double precision + {{ t }} * (-1.453152027::double precision + {{ t }} * 1.061405429::double precision)
            )
        )
    )) end
{%- endmacro %}

{#
    Chance that a standard normal value lies at least as far from 0 as z (double precision, 0..1); NULL when z is.

    Abramowitz and Stegun 7.1.26, within 1.5e-7: erf() exists only from PostgreSQL 16. Beyond 37 exp() would underflow.
    z: a column, for it stands many times in the expression.
#}
{% macro two_sided_p(z) -%}
    {%- set distance = '(least(abs(' ~ z ~ '), 37) / cast(1.4142135623730951 as ' ~ type_double() ~ '))' -%}
    {%- set t = '(1 / (1 + cast(0.3275911 as ' ~ type_double() ~ ') * ' ~ distance ~ '))' -%}
    case when {{ z }} is not null then least(cast(1.0 as {{ type_double() }}), exp(-{{ distance }} * {{ distance }}) * {{ t }} * (
        cast(0.254829592 as {{ type_double() }}) + {{ t }} * (
            -cast(0.284496736 as {{ type_double() }}) + {{ t }} * (
                cast(1.421413741 as {{ type_double() }}) + {{ t }} * (
                    -cast(1.453152027 as {{ type_double() }}) + {{ t }} * cast(1.061405429 as {{ type_double() }})
                )
            )
        )
    )) end
{%- endmacro %}

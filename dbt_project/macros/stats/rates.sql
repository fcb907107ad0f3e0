{#
    Bounds of the Wilson 95 % interval of numerator / denominator as an expression (double precision, 0..1).
    NULL when the denominator is 0; exactly 0 below an observed 0 and exactly 1 above an observed 1.
#}
{% macro wilson_low(numerator, denominator) -%}
    case
        when {{ denominator }} = 0 then null
        when {{ numerator }} = 0 then cast(0.0 as {{ type_double() }})
        else greatest(cast(0.0 as {{ type_double() }}), {{ wilson_bound(numerator, denominator, '-') }})
    end
{%- endmacro %}

{% macro wilson_high(numerator, denominator) -%}
    case
        when {{ denominator }} = 0 then null
        when {{ numerator }} = {{ denominator }} then cast(1.0 as {{ type_double() }})
        else least(cast(1.0 as {{ type_double() }}), {{ wilson_bound(numerator, denominator, '+') }})
    end
{%- endmacro %}

{% macro wilson_bound(numerator, denominator, sign) -%}
    {%- set z = 'cast(1.959963984540054 as ' ~ type_double() ~ ')' -%}
    {%- set n = 'cast(' ~ denominator ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set p = '(cast(' ~ numerator ~ ' as ' ~ type_double() ~ ') / ' ~ n ~ ')' -%}
    ({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
        {{ sign }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})))
    / (1 + {{ z }} * {{ z }} / {{ n }})
{%- endmacro %}

{# numerator / denominator as double precision; NULL when there is nothing to divide by. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as {{ type_double() }}) / nullif({{ denominator }}, 0)
{%- endmacro %}

{# The five columns of a rate: value, numerator, denominator, low and high end of the Wilson interval. #}
{% macro rate_columns(name, numerator, denominator) -%}
    {{ ratio(numerator, denominator) }} as {{ name }}_rate,
    cast({{ numerator }} as integer) as {{ name }}_rate_numerator,
    cast({{ denominator }} as integer) as {{ name }}_rate_denominator,
    {{ wilson_low(numerator, denominator) }} as {{ name }}_rate_low,
    {{ wilson_high(numerator, denominator) }} as {{ name }}_rate_high
{%- endmacro %}

{#
    Square of the standard error of a mean from count, sum and sum of squares (numeric); NULL below two values. Rounded, since values that are
    all equal must have no spread at all.
#}
{% macro squared_standard_error(n, total, squares) -%}
    round(({{ squares }} - {{ total }} * {{ total }} / nullif({{ n }}, 0)) / nullif({{ n }} - 1, 0) / nullif({{ n }}, 0), 18)
{%- endmacro %}

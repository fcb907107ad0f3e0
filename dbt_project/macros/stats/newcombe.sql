{#
    Bounds of the hybrid score 95 % interval of rate - rest_rate (Newcombe 1998, method 10), from both rates and the Wilson interval of each.
    NULL when one of them is. All arguments are columns.
#}
{% macro newcombe_low(rate, rate_low, rest_rate, rest_rate_high) -%}
    {{ rate }} - {{ rest_rate }} - {{ newcombe_margin(rate, rate_low, rest_rate, rest_rate_high) }}
{%- endmacro %}

{% macro newcombe_high(rate, rate_high, rest_rate, rest_rate_low) -%}
    {{ rate }} - {{ rest_rate }} + {{ newcombe_margin(rate, rate_high, rest_rate, rest_rate_low) }}
{%- endmacro %}

{% macro newcombe_margin(rate, rate_bound, rest_rate, rest_rate_bound) -%}
    sqrt(
        ({{ rate }} - {{ rate_bound }}) * ({{ rate }} - {{ rate_bound }})
        + ({{ rest_rate }} - {{ rest_rate_bound }}) * ({{ rest_rate }} - {{ rest_rate_bound }})
    )
{%- endmacro %}

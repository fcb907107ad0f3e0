{#
    Sums over the rows of a bin from which all scores follow, as columns: n rows with the same confidence, of which so many positive. Decimals:
    exact, so the same in any order.
#}
{% macro forecast_sums(n, positives, confidence) -%}
    sum({{ n }} * {{ confidence }}) as confidence_sum,
    sum({{ n }} * {{ confidence }} * {{ confidence }}) as confidence_squares,
    sum({{ positives }} * {{ confidence }}) as confidence_of_positives,
    sum(
        {{ n }} * (1 - 2 * {{ confidence }}) * (1 - 2 * {{ confidence }}) * {{ confidence }} * (1 - {{ confidence }})
    ) as spiegelhalter_variance
{%- endmacro %}

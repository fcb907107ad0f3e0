{#
    Bucket of a response time for histograms that merge: ceil(ln x / ln 1.02) for x >= 1 ms, -1 for 0. Double precision is exact enough: at the
    only integer on an edge (x = 1) both sides are 0, and the next nearest one below 2,592,000,000 is farther away than its error.
#}
{% macro response_bucket(milliseconds) -%}
    case
        when {{ milliseconds }} is null then null
        when {{ milliseconds }} = 0 then -1
        else cast(ceil(ln(cast({{ milliseconds }} as {{ type_double() }})) / ln(cast(1.02 as {{ type_double() }}))) as integer)
    end
{%- endmacro %}

{#
    numerator / denominator as double precision; NULL if a side is unknown, the denominator is 0, or two of the paid scopes are known and differ: what
    ads did is never set against what people saw without them. 'unstated' and NULL are no known scope.
#}
{% macro rate_of_one_scope(numerator, denominator, scopes) -%}
    {%- set known = [] -%}
    {%- for scope in scopes -%}
        {%- do known.append("nullif(" ~ scope ~ ", 'unstated')") -%}
    {%- endfor -%}
    case
        when coalesce(least({{ known | join(', ') }}) = greatest({{ known | join(', ') }}), true)
            then {{ ratio(numerator, denominator) }}
    end
{%- endmacro %}

{#
    The false discovery rate at which a row would just be a discovery (Benjamini and Hochberg 1995); NULL when p is.

    p: double precision; tests: how many there are in the partition; place: 1, 2, 3, … by rising p.
#}
{% macro benjamini_hochberg(p, tests, place, partition) -%}
    least(
        min({{ p }} * {{ tests }} / {{ place }}) over (partition by {{ partition }} order by {{ place }} desc rows unbounded preceding),
        case when {{ p }} is not null then cast(1.0 as {{ type_double() }}) end
    )
{%- endmacro %}

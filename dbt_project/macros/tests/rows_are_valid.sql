{#
    Whatever each row of a model must keep, in one scan: a test is a node of dbt, and a node costs more than a look at a few more columns.

    Fails for every row that breaks a rule; `broken_rule` names the first one it breaks. How many rows broke which rule is told beside dbt's
    own words (materializations/test.sql); the rows themselves come with `dbt test --store-failures`, or from the statement that `dbt compile`
    writes.

    expressions: rule → what must be true; NULL fails too.
    warnings: the same, but a row that breaks nothing else lets the run go on.
    rates: x of x_rate, x_rate_low, x_rate_high and x_rate_denominator. Broken when the rate leaves 0..1 or its interval, or is known without
        anything to divide by.
    accepted_values: column → what it may be, beside NULL.
    not_null: columns without NULL. Those of a mart are its contract's already.
#}
{% test rows_are_valid(model, expressions={}, warnings={}, rates=[], accepted_values={}, not_null=[]) %}
{%- if warnings -%}
    {{ config(error_if="> count(case when broken_rule in ('" ~ warnings | join("', '") ~ "') then 1 end)") }}
{%- endif -%}
select *
from (
    select
        tested.*,
        case
            {% for column in not_null -%}
            when {{ column }} is null then '{{ column }}_is_not_null'
            {% endfor -%}
            {% for column, values in accepted_values.items() -%}
            when {{ column }} not in (
                {%- for value in values -%}
                {{ "'" ~ value ~ "'" if value is string else value }}{{ ', ' if not loop.last }}
                {%- endfor -%}
            ) then '{{ column }}_is_an_accepted_value'
            {% endfor -%}
            {% for rate in rates -%}
            when
                ({{ rate }}_rate_denominator = 0) <> ({{ rate }}_rate is null)
                or not coalesce(
                    {{ rate }}_rate between 0 and 1 and {{ rate }}_rate between {{ rate }}_rate_low - 1e-12 and {{ rate }}_rate_high + 1e-12, true
                )
                then '{{ rate }}_rate_within_bounds'
            {% endfor -%}
            {# Warnings last: a row that breaks an expression too must fail. #}
            {% for rule, expression in (expressions.items() | list) + (warnings.items() | list) -%}
            when not coalesce({{ expression }}, false) then '{{ rule }}'
            {% endfor %}
        end as broken_rule
    from {{ model }} as tested
) as judged
where broken_rule is not null
{% endtest %}

{#
    Fails for every combination of the columns that stands in more than one row. Keys of marts are enforced by their contract already; a unique
    index of a table does the same without a node of its own, unless a column may be NULL.
#}
{% test unique_combination(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as found
from {{ model }} as tested
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

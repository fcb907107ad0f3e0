{#
    Keys that a run which was never published leaves to be recomputed. They stand there by the name of the relation that named them: the
    model that asks, so that a rename takes its backlog along, or `of`.
#}
{% macro backlog(keys, of=none) -%}
    select {{ keys | join(', ') }}
    from {{ ref('stg_touched_backlog') }}
    where relation = '{{ of or model.name }}'
{%- endmacro %}

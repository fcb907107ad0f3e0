{#
    What a run may know of the state before it.

    Models that are corrected in place (materialized incremental) hold the previous state until they are built; the relations that say what
    to correct are built before them and read that state here. It cannot be a ref(): that would be a cycle.
#}

{# Whether everything is read and built anew: asked for, or because there is no state to start from. #}
{% macro is_full_run() %}
    {% if not execute %}
        {{ return(false) }}
    {% endif %}
    {{ return(flags.FULL_REFRESH or not existing_relation('int_conversations__spans')) }}
{% endmacro %}

{% macro existing_relation(name) %}
    {{ return(adapter.get_relation(database=target.database, schema=target.schema, identifier=name)) }}
{% endmacro %}

{#
    A model's rows as the last run left them, as a table expression; no rows when there is nothing to start from.
    columns: {name: type} of the columns the caller reads.
#}
{% macro previous_relation(name, columns) %}
    {% set relation = existing_relation(name) if execute and not is_full_run() %}
    {% if relation %}
        {{ return('(select ' ~ columns.keys() | join(', ') ~ ' from ' ~ relation ~ ')') }}
    {% endif %}
    {{ return(no_rows(columns)) }}
{% endmacro %}

{# A table expression without rows. columns: {name: type}, types as contracts spell them. #}
{% macro no_rows(columns) %}
    {% set nulls = [] %}
    {% for name, type in columns.items() %}
        {% do nulls.append('cast(null as ' ~ type_of_contract(type) ~ ') as ' ~ name) %}
    {% endfor %}
    {{ return('(select ' ~ nulls | join(', ') ~ ' where false)') }}
{% endmacro %}

{#
    Rows of a relation that are new in this run, or were stamped after the earlier as_of and begin to exist: a table expression. In two halves,
    so that each is looked up by its own index; a row may be in both. at: the column with the instant from which a row exists.
#}
{% macro arrived(relation, at) %}
    (
        select * from {{ relation }}
        where
            ingest_xid >= {{ xid_from() }}
            and {{ at }} <= {{ as_of() }}
        union all
        select * from {{ relation }}
        where {{ since_last_publish(at) }}
    )
{%- endmacro %}

{# Whether a row that exists is one of those. False in a full run. #}
{% macro has_arrived(alias, at) -%}
    {%- if is_full_run() -%}
    false
    {%- else -%}
    ({{ alias }}.ingest_xid >= {{ xid_from() }} or {{ alias }}.{{ at }} > {{ as_of_from() }})
    {%- endif -%}
{%- endmacro %}

{# Whether an instant has come since the last publish: what holds from then on is news. #}
{% macro since_last_publish(instant) -%}
    ({{ instant }} > {{ as_of_from() }} and {{ instant }} <= {{ as_of() }})
{%- endmacro %}

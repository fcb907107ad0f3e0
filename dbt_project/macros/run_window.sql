{#
    The window of the run stands in one row of the warehouse and not in dbt variables: a changed variable makes dbt parse the whole project
    again. Each macro gives a scalar expression; PostgreSQL evaluates it once per query.
#}

{# The one instant of the run: nothing after it exists. timestamptz #}
{% macro as_of() -%}
    (select run_window.as_of from {{ ref('int_core__run_window') }} as run_window)
{%- endmacro %}

{# as_of of the last publish; NULL before the first. timestamptz #}
{% macro as_of_from() -%}
    (select run_window.as_of_from from {{ ref('int_core__run_window') }} as run_window)
{%- endmacro %}

{# Raw rows from here on are new in this run. xid8 #}
{% macro xid_from() -%}
    (select run_window.xid_from from {{ ref('stg_run_window') }} as run_window)
{%- endmacro %}

{# Raw rows from here on belong to the next run. xid8 #}
{% macro xid_to() -%}
    (select run_window.xid_to from {{ ref('stg_run_window') }} as run_window)
{%- endmacro %}

{# Runs before every dbt command: a window that does not fit the command would give wrong marts without an error. #}
{% macro check_run_window() %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set rows = run_query('select mode, as_of < as_of_from from ' ~ source('build', 'run_window')).rows %}
        {% if rows | length == 1 %}
            {% set mode = rows[0][0] %}
            {% if mode == 'full' and not flags.FULL_REFRESH %}
                {{ exceptions.raise_compiler_error('The run window asks for a full run: use `agentmarts refresh --full` (dbt build --full-refresh).') }}
            {% elif mode == 'incremental' and flags.FULL_REFRESH %}
                {{ exceptions.raise_compiler_error('The run window is incremental, so `--full-refresh` must not be given: use `agentmarts refresh --full`.') }}
            {% elif mode == 'incremental' and rows[0][1] %}
                {{ exceptions.raise_compiler_error('as_of lies before that of the last publish: only a full run can go back in time.') }}
            {% endif %}
        {% endif %}
    {% endif %}
{% endmacro %}

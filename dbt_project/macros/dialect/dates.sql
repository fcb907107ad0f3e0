{# One row per date from the first to the last, both included, in column `series.day` (date). Used after `cross join lateral`. #}
{% macro date_series(first, last) -%}
    {{ return(adapter.dispatch('date_series')(first, last)) }}
{%- endmacro %}

{% macro postgres__date_series(first, last) -%}
    (
        select ({{ first }}) + day_no as day
        from generate_series(0, ({{ last }}) - ({{ first }})) as day_numbers (day_no)
    ) as series
{%- endmacro %}

{# Monday of a date's week. #}
{% macro week_start(day) -%}
    {{ return(adapter.dispatch('week_start')(day)) }}
{%- endmacro %}

{% macro postgres__week_start(day) -%}
    ({{ day }} - (extract(isodow from {{ day }})::integer - 1))
{%- endmacro %}

{# First day of a date's month, quarter or year. #}
{% macro period_start(period, day) -%}
    {{ return(adapter.dispatch('period_start')(period, day)) }}
{%- endmacro %}

{% macro postgres__period_start(period, day) -%}
    date_trunc('{{ period }}', ({{ day }})::timestamp)::date
{%- endmacro %}

{# Last day of a date's month. #}
{% macro month_end(day) -%}
    {{ return(adapter.dispatch('month_end')(day)) }}
{%- endmacro %}

{% macro postgres__month_end(day) -%}
    (date_trunc('month', ({{ day }})::timestamp) + interval '1 month' - interval '1 day')::date
{%- endmacro %}

{# Day of a date's week, from 1 for Monday to 7 for Sunday (integer). #}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday')(day)) }}
{%- endmacro %}

{% macro postgres__iso_weekday(day) -%}
    extract(isodow from {{ day }})::integer
{%- endmacro %}

{# English name of a date's day of the week. #}
{% macro day_name(day) -%}
    {{ return(adapter.dispatch('day_name')(day)) }}
{%- endmacro %}

{% macro postgres__day_name(day) -%}
    trim(to_char({{ day }}, 'Day'))
{%- endmacro %}

{# Year that the ISO week of a date belongs to (integer). #}
{% macro iso_year(day) -%}
    {{ return(adapter.dispatch('iso_year')(day)) }}
{%- endmacro %}

{% macro postgres__iso_year(day) -%}
    extract(isoyear from {{ day }})::integer
{%- endmacro %}

{# A date before all others, for spans without a beginning. #}
{% macro min_date() -%}
    {{ return(adapter.dispatch('min_date')()) }}
{%- endmacro %}

{% macro postgres__min_date() -%}
    date '-infinity'
{%- endmacro %}

{# A date after all others, for spans without an end. #}
{% macro max_date() -%}
    {{ return(adapter.dispatch('max_date')()) }}
{%- endmacro %}

{% macro postgres__max_date() -%}
    date 'infinity'
{%- endmacro %}

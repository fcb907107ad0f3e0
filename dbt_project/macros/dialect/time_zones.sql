{# Wall clock (timestamp without zone) of an instant in an IANA zone. #}
{% macro local_time(instant, zone) -%}
    {{ return(adapter.dispatch('local_time')(instant, zone)) }}
{%- endmacro %}

{% macro postgres__local_time(instant, zone) -%}
    (({{ instant }}) at time zone {{ zone }})
{%- endmacro %}

{# Date of an instant in an IANA zone. #}
{% macro local_date(instant, zone) -%}
    cast({{ local_time(instant, zone) }} as date)
{%- endmacro %}

{# Instant of a wall clock time. A skipped time is read with the offset before the change, a repeated one with the offset after it. #}
{% macro instant_of(wall_clock, zone) -%}
    {{ return(adapter.dispatch('instant_of')(wall_clock, zone)) }}
{%- endmacro %}

{% macro postgres__instant_of(wall_clock, zone) -%}
    (({{ wall_clock }}) at time zone {{ zone }})
{%- endmacro %}

{# Wall clock of a date and a time of day, a text such as 09:30. #}
{% macro wall_clock(day, time_of_day) -%}
    {{ return(adapter.dispatch('wall_clock')(day, time_of_day)) }}
{%- endmacro %}

{% macro postgres__wall_clock(day, time_of_day) -%}
    ({{ day }} + {{ time_of_day }}::time)
{%- endmacro %}

{# First instant of a date in UTC. #}
{% macro utc_midnight(day) -%}
    {{ return(adapter.dispatch('utc_midnight')(day)) }}
{%- endmacro %}

{% macro postgres__utc_midnight(day) -%}
    (({{ day }})::timestamp at time zone 'UTC')
{%- endmacro %}

{#
    First instant of a local date. Where the clock goes back from 01:00 to 00:00 (Havana, the Azores) midnight comes twice and the day begins
    with the first.
#}
{% macro local_midnight(local_date, zone) -%}
    {{ return(adapter.dispatch('local_midnight')(local_date, zone)) }}
{%- endmacro %}

{% macro postgres__local_midnight(local_date, zone) -%}
    {%- set midnight = instant_of('(' ~ local_date ~ ')::timestamp', zone) -%}
    case
        when {{ local_time(midnight ~ " - interval '1 hour'", zone) }} >= ({{ local_date }})::timestamp then {{ midnight }} - interval '1 hour'
        else {{ midnight }}
    end
{%- endmacro %}

{# First instant of the wall clock hour that holds an instant; 01:00 occurring twice gives two hours. #}
{% macro hour_start(instant, wall_clock) -%}
    {{ return(adapter.dispatch('hour_start')(instant, wall_clock)) }}
{%- endmacro %}

{% macro postgres__hour_start(instant, wall_clock) -%}
    {{ instant }} - ({{ wall_clock }} - date_trunc('hour', {{ wall_clock }}))
{%- endmacro %}

{# An instant before all others, for spans without a beginning. #}
{% macro min_instant() -%}
    {{ return(adapter.dispatch('min_instant')()) }}
{%- endmacro %}

{% macro postgres__min_instant() -%}
    timestamptz '-infinity'
{%- endmacro %}

{# An instant after all others, for spans without an end. #}
{% macro max_instant() -%}
    {{ return(adapter.dispatch('max_instant')()) }}
{%- endmacro %}

{% macro postgres__max_instant() -%}
    timestamptz 'infinity'
{%- endmacro %}

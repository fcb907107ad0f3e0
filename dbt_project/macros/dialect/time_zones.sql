{# Wall clock (timestamp without zone) of an instant in an IANA zone. #}
{% macro local_time(instant, zone) -%}
    {{ return(adapter.dispatch('local_time')(instant, zone)) }}
{%- endmacro %}

{% macro postgres__local_time(instant, zone) -%}
    (({{ instant }}) at time zone {{ zone }})
{%- endmacro %}

{# Instant of a wall clock time. A skipped time is read with the offset before the change, a repeated one with the offset after it. #}
{% macro instant_of(wall_clock, zone) -%}
    {{ return(adapter.dispatch('instant_of')(wall_clock, zone)) }}
{%- endmacro %}

{% macro postgres__instant_of(wall_clock, zone) -%}
    (({{ wall_clock }}) at time zone {{ zone }})
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

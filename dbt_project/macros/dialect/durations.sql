{# Seconds from one instant to another, exact to the microsecond (numeric). #}
{% macro seconds_between(first, last) -%}
    {{ return(adapter.dispatch('seconds_between')(first, last)) }}
{%- endmacro %}

{% macro postgres__seconds_between(first, last) -%}
    extract(epoch from ({{ last }} - {{ first }}))
{%- endmacro %}

{# Whole milliseconds from one instant to another (bigint), halves rounded away from zero. #}
{% macro milliseconds_between(first, last) -%}
    cast(round({{ seconds_between(first, last) }} * 1000) as bigint)
{%- endmacro %}

{# Whole microseconds from one instant to another (bigint): exact, and quicker to group by than seconds with decimals. #}
{% macro microseconds_between(first, last) -%}
    cast({{ seconds_between(first, last) }} * 1000000 as bigint)
{%- endmacro %}

{# A duration of so many hours; the number may have decimals. Days are always 24 of them. #}
{% macro hours(number) -%}
    {{ return(adapter.dispatch('hours')(number)) }}
{%- endmacro %}

{% macro postgres__hours(number) -%}
    ({{ number }}) * interval '1 hour'
{%- endmacro %}

{# A duration of so many days, a whole number: how far a window frame over dates reaches. #}
{% macro days(number) -%}
    {{ return(adapter.dispatch('days')(number)) }}
{%- endmacro %}

{% macro postgres__days(number) -%}
    interval '{{ number }} days'
{%- endmacro %}

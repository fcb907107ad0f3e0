{# Join that keeps rows whose days, from the first to the last, overlap the span this run recomputes of their object; all in a full run. #}
{% macro within_needed_spans(alias, first_date, last_date) -%}
    {%- if not is_full_run() -%}
    inner join {{ ref('int_social__needed_spans') }} as needed_spans
        on
            {{ same_object(alias, 'needed_spans') }}
            and {{ first_date }} <= needed_spans.last_date
            and {{ last_date }} >= needed_spans.first_date
    {%- endif -%}
{%- endmacro %}

{# A column for each way a request can end (the states of raw.collection_ledger): the text with the state in place of STATE, and commas between. #}
{% macro for_each_state(column) -%}
    {%- set states = [
        'ok', 'empty', 'zero_provisional', 'not_supported', 'below_threshold', 'not_permitted', 'deprecated', 'deleted', 'throttled', 'error'
    ] -%}
    {%- for state in states -%}
        {{ column | replace('STATE', state) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Order of events that carry the same timestamp. #}
{% macro event_rank(event_type) -%}
    case {{ event_type }}
        when 'conversation_started' then 0
        when 'conversation_reopened' then 1
        when 'message_received' then 2
        when 'knowledge_retrieved' then 3
        when 'message_sent' then 4
        when 'citation_clicked' then 5
        when 'csat_submitted' then 6
        when 'deal_stage_changed' then 7
        when 'conversation_escalated' then 8
        when 'conversation_resolved' then 9
        when 'conversation_abandoned' then 10
    end
{%- endmacro %}

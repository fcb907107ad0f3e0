{# How far a deal has come; NULL for stages that are no step forward or back. #}
{% macro deal_stage_rank(deal_stage) -%}
    case {{ deal_stage }}
        when 'prospecting' then 0
        when 'discovery' then 1
        when 'qualification' then 2
        when 'evaluation' then 3
        when 'negotiation' then 4
        when 'closed_won' then 5
    end
{%- endmacro %}

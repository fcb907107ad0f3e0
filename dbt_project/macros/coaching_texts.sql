{#
    What a coaching pattern says in words: an association, how many actions it rests on and how sure it is; never a cause. They read the columns
    of the mart.
#}

{% macro coaching_subject() -%}
    case dimension
        when 'outcome_type' then 'Outcome type ' || segment
        when 'hour' then 'Hour ' || segment || ':00'
        when 'weekday' then (
            case segment
                {% for day in ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] -%}
                when '{{ loop.index }}' then '{{ day }}'
                {% endfor %}
            end
        )
        when 'deal_stage' then 'Deal stage ' || segment
        when 'channel' then 'Channel ' || segment
        when 'persona' then 'Persona ' || segment
        when 'escalation_trigger' then 'Escalation trigger ' || segment
        else segment
    end
{%- endmacro %}

{# A rate or difference in whole hundredths. #}
{% macro in_hundredths(rate) -%}
    cast(cast(round(100 * cast({{ rate }} as {{ type_decimal() }})) as integer) as {{ type_text() }})
{%- endmacro %}

{% macro coaching_description() -%}
    {{ coaching_subject() }} || ' is associated with a success rate of ' || {{ in_hundredths('success_rate') }} || ' % (n = '
    || cast(n as {{ type_text() }}) || ', 95 % interval ' || {{ in_hundredths('success_rate_low') }} || ' to '
    || {{ in_hundredths('success_rate_high') }} || ' %)'
    || coalesce(', elsewhere ' || {{ in_hundredths('rest_rate') }} || ' %.', '; there is nothing to compare it with.')
{%- endmacro %}

{% macro coaching_recommendation() -%}
    case
        when rest_n = 0 then 'Nothing to do: it cannot be compared with anything.'
        when is_actionable
            then
                'Associated with ' || {{ in_hundredths('abs(difference)') }} || ' points '
                || case when difference > 0 then 'more' else 'less' end || ' success (n = '
                || cast(n as {{ type_text() }}) || ', 95 % interval ' || {{ in_hundredths('difference_low') }} || ' to '
                || {{ in_hundredths('difference_high') }} || '): '
                || case
                    when difference > 0 then 'try more of it, and compare again.'
                    else 'look at what is different there before doing more of it.'
                end
        when simpson_flag
            then
                'Do not act: within ' || case dimension when 'outcome_type' then 'action' else 'outcome' end
                || ' types the difference turns round (' || {{ in_hundredths('mh_difference') }} || ' points).'
        when n < 20 then 'Wait: ' || cast(n as {{ type_text() }}) || ' actions are few.'
        when q_value > 0.1
            then
                'Do not act: such a difference is often chance (q = '
                || cast(round(cast(q_value as {{ type_decimal() }}), 2) as {{ type_text() }}) || ').'
        else 'Do not act: the difference is too small to matter.'
    end
{%- endmacro %}

-- Closed actions of the last 90 and 30 local days, counted by segment and stratum in one pass: all dimensions within outcome types, outcome
-- types within action types.
{% set dimensions = ['action_type', 'hour', 'weekday', 'deal_stage', 'channel', 'persona', 'escalation_trigger'] %}
{% set counts = {'n': 'is_labelled', 'positives': 'is_success', 'closed': 'true', 'closed_positives': 'is_positive'} %}
{% set windows = [90, 30] %}
with days as (

    select today.*
    from {{ ref('int_learning__coaching_today') }} as today
    {% if not is_full_run() -%}
    inner join {{ ref('int_learning__touched_coaching_tenants') }} as touched on today.tenant_id = touched.tenant_id
    {%- endif %}

),

actions as (

    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.outcome_type,
        lpad(cast(outcomes.local_hour as {{ type_text() }}), 2, '0') as hour,
        cast(outcomes.local_weekday as {{ type_text() }}) as weekday,
        -- What was sent as free text may be longer than a key; empty says nothing.
        {% for dimension, column in {
            'deal_stage': 'deal_stage_at_creation', 'channel': 'channel', 'persona': 'persona', 'escalation_trigger': 'escalation_trigger'
        }.items() -%}
        nullif(left(outcomes.{{ column }}, 200), '') as {{ dimension }},
        {% endfor -%}
        days.today - outcomes.metric_date as age,
        outcomes.is_matured and outcomes.label is not null as is_labelled,
        outcomes.is_matured and coalesce(outcomes.label = 1, false) as is_success,
        outcomes.outcome_status = 'positive' as is_positive
    from days
    inner join {{ ref('outcomes') }} as outcomes
        on
            days.tenant_id = outcomes.tenant_id
            and days.today - {{ windows | max }} < outcomes.metric_date
    where outcomes.outcome_status <> 'pending'

),

counted as (

    select
        tenant_id,
        {% for count, condition in counts.items() -%}
        count(*) filter (where {{ condition }} and age < {{ windows[0] }}) as {{ count }}_{{ windows[0] }},
        count(*) filter (where {{ condition }} and age < {{ windows[1] }}) as {{ count }}_{{ windows[1] }},
        {% endfor -%}
        case
            {% for dimension in dimensions -%}
            when grouping({{ dimension }}) = 0 then '{{ dimension }}'
            {% endfor %}
        end as dimension,
        coalesce({{ dimensions | join(', ') }}) as segment,
        outcome_type
    from actions
    group by grouping sets (
        {% for dimension in dimensions -%}
        (tenant_id, outcome_type, {{ dimension }}){{ ',' if not loop.last }}
        {% endfor %}
    )

),

{% for days in windows -%}
last_{{ days }}_days as (

    select
        tenant_id,
        {{ days }} as window_days,
        {% for count in counts -%}
        {{ count }}_{{ days }} as {{ count }},
        {% endfor -%}
        dimension,
        segment,
        outcome_type
    from counted
    where closed_{{ days }} > 0

),

{% endfor -%}
cells as (

    {% for days in windows -%}
    select * from last_{{ days }}_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        outcome_type as stratum,
        {{ counts.keys() | join(', ') }}
    from cells
    where dimension <> 'escalation_trigger' or outcome_type = 'escalation_result'
    union all
    select
        tenant_id,
        window_days,
        'outcome_type' as dimension,
        outcome_type as segment,
        segment as stratum,
        {{ counts.keys() | join(', ') }}
    from cells
    where dimension = 'action_type'

)

select * from final

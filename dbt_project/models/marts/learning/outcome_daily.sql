{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_outcome_days') }}
{%- set counted_columns = [
    'actions', 'positive', 'negative', 'ambiguous', 'expired', 'pending', 'matured', 'matured_labelled', 'matured_positive'
] %}
-- Outcomes by the day of the action, on every day since the first of the pair; and, at the end of each day, how many of its recent actions
-- will have succeeded when their windows end (Aalen and Johansen).
with pairs as (

    select * from {{ ref('int_learning__pairs') }}
    where first_date is not null

),

days as (

    select
        pairs.tenant_id,
        local_days.metric_date,
        pairs.action_type,
        pairs.outcome_type,
        pairs.window_hours,
        pairs.cohort_days,
        local_days.day_end,
        local_days.is_complete
    from pairs
    inner join {{ ref('int_learning__local_days') }} as local_days
        on
            pairs.tenant_id = local_days.tenant_id
            and pairs.first_date <= local_days.metric_date
    {% if is_incremental() -%}
    inner join {{ ref('int_learning__touched_outcome_days') }} as touched
        on
            pairs.tenant_id = touched.tenant_id
            and local_days.metric_date = touched.metric_date
            and pairs.action_type = touched.action_type
            and pairs.outcome_type = touched.outcome_type
    {% endif -%}
    where local_days.has_begun

),

spans as (

    select
        tenant_id,
        action_type,
        outcome_type,
        min(metric_date) - min(cohort_days) + 1 as first_date,
        min(metric_date) as first_day,
        max(metric_date) as last_date,
        min(cohort_days) as cohort_days
    from days
    group by tenant_id, action_type, outcome_type

),

-- Actions that some of the days looks at.
actions as (

    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.outcome_type,
        outcomes.metric_date,
        outcomes.created_at,
        outcomes.window_expires_at,
        outcomes.is_matured,
        outcomes.outcome_status,
        outcomes.resolved_at,
        outcomes.label,
        spans.first_day,
        spans.last_date,
        spans.cohort_days
    from spans
    inner join {{ ref('outcomes') }} as outcomes
        on
            spans.tenant_id = outcomes.tenant_id
            and spans.action_type = outcomes.action_type
            and spans.outcome_type = outcomes.outcome_type
            and outcomes.metric_date between spans.first_date and spans.last_date

),

counts as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        count(*) as actions,
        {% for status in ['positive', 'negative', 'ambiguous', 'expired', 'pending'] -%}
        count(*) filter (where outcome_status = '{{ status }}') as {{ status }},
        {% endfor -%}
        count(*) filter (where is_matured) as matured,
        count(label) filter (where is_matured) as matured_labelled,
        count(*) filter (where is_matured and label = 1) as matured_positive
    from actions
    group by tenant_id, metric_date, action_type, outcome_type

),

-- Every action on each day of its follow-up, stacked on the days themselves: a join of two sets whose size nobody can tell in advance would
-- be a nested loop, quadratic in days.
stacked as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        window_hours,
        day_end,
        is_complete,
        cast(null as {{ type_instant() }}) as created_at,
        cast(null as {{ type_instant() }}) as window_expires_at,
        cast(null as {{ type_instant() }}) as resolved_at,
        cast(null as {{ type_text() }}) as outcome_status
    from days
    union all
    select
        actions.tenant_id,
        series.day as metric_date,
        actions.action_type,
        actions.outcome_type,
        cast(null as integer) as window_hours,
        cast(null as {{ type_instant() }}) as day_end,
        cast(null as boolean) as is_complete,
        actions.created_at,
        actions.window_expires_at,
        actions.resolved_at,
        actions.outcome_status
    from actions
    cross join lateral {{ date_series(
        'greatest(actions.metric_date, actions.first_day)',
        'least(actions.metric_date + actions.cohort_days - 1, actions.last_date)'
    ) }}

),

-- There is one day for all actions of a partition, or none.
followed_days as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        max(window_hours) over (partition by tenant_id, metric_date, action_type, outcome_type) as window_hours,
        max(day_end) over (partition by tenant_id, metric_date, action_type, outcome_type) as day_end,
        bool_or(is_complete) over (partition by tenant_id, metric_date, action_type, outcome_type) as is_complete,
        created_at,
        window_expires_at,
        resolved_at,
        outcome_status
    from stacked

),

-- As known at the midnight that closes the day.
cohorts as (

    select
        *,
        coalesce(resolved_at <= day_end, false) as is_resolved
    from followed_days
    where
        created_at is not null
        and is_complete

),

followed as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        window_hours,
        -- A label of a person that came after the window counts at its end.
        {{ microseconds_between(
            'created_at', 'least(window_expires_at, case when is_resolved then resolved_at else day_end end)'
        ) }} as follow_up,
        is_resolved and outcome_status = 'positive' as is_positive,
        is_resolved and outcome_status in ('positive', 'negative') as is_event
    from cohorts

),

-- One row per time of follow-up: all that ended then, and of them those that had an outcome.
times as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        follow_up,
        min(window_hours) * bigint '3600000000' as longest_follow_up,
        count(*) as ended,
        count(*) filter (where is_event) as events,
        count(*) filter (where is_positive) as positives
    from followed
    group by tenant_id, metric_date, action_type, outcome_type, follow_up

),

risks as (

    select
        *,
        cast(
            sum(ended) over (
                partition by tenant_id, metric_date, action_type, outcome_type order by follow_up desc rows unbounded preceding
            ) as {{ type_double() }}
        ) as at_risk
    from times

),

-- Nobody is left after a time at which everybody at risk had an event, so that its logarithm is never needed. Decimals add up to the same
-- sum in any order.
survivals as (

    select
        *,
        cast(
            coalesce(sum(
                cast(case when events < at_risk then ln(1 - events / at_risk) end as {{ type_decimal() }})
            ) over (
                partition by tenant_id, metric_date, action_type, outcome_type
                order by follow_up rows between unbounded preceding and 1 preceding
            ), 0) as {{ type_double() }}
        ) as log_survival
    from risks

),

estimates as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        sum(ended) as aj_n,
        cast(
            coalesce(
                sum(cast(exp(log_survival) * positives / at_risk as {{ type_decimal() }})) filter (where follow_up <= longest_follow_up), 0
            ) as {{ type_double() }}
        ) as aj_success_rate,
        min(at_risk) filter (where events > 0 and follow_up <= longest_follow_up) as aj_at_risk
    from survivals
    group by tenant_id, metric_date, action_type, outcome_type

),

told as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        true as is_day,
        is_complete,
        {% for column in counted_columns -%}
        cast(null as bigint) as {{ column }},
        {% endfor -%}
        cast(null as {{ type_double() }}) as aj_success_rate,
        cast(null as {{ type_decimal() }}) as aj_n,
        cast(null as {{ type_double() }}) as aj_at_risk
    from days
    union all
    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        false as is_day,
        cast(null as boolean) as is_complete,
        {% for column in counted_columns -%}
        {{ column }},
        {% endfor -%}
        cast(null as {{ type_double() }}) as aj_success_rate,
        cast(null as {{ type_decimal() }}) as aj_n,
        cast(null as {{ type_double() }}) as aj_at_risk
    from counts
    union all
    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        false as is_day,
        cast(null as boolean) as is_complete,
        {% for column in counted_columns -%}
        cast(null as bigint) as {{ column }},
        {% endfor -%}
        aj_success_rate,
        aj_n,
        aj_at_risk
    from estimates

),

counted as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        {% for column in counted_columns -%}
        cast(coalesce(max({{ column }}), 0) as integer) as {{ column }},
        {% endfor -%}
        max(aj_success_rate) as aj_success_rate,
        cast(case when bool_or(is_complete) then coalesce(max(aj_n), 0) end as integer) as aj_n,
        cast(max(aj_at_risk) as integer) as aj_at_risk
    from told
    group by tenant_id, metric_date, action_type, outcome_type
    having bool_or(is_day)

),

final as (

    select
        tenant_id,
        metric_date,
        action_type,
        outcome_type,
        actions,
        positive,
        negative,
        ambiguous,
        expired,
        pending,
        matured,
        matured_labelled,
        matured_positive,
        {{ ratio('matured_positive', 'matured_labelled') }} as success_rate,
        {{ wilson_low('matured_positive', 'matured_labelled') }} as success_rate_low,
        {{ wilson_high('matured_positive', 'matured_labelled') }} as success_rate_high,
        {{ ratio('positive', 'positive + negative') }} as success_rate_resolved,
        {{ ratio('positive', 'actions - pending') }} as success_rate_all_closed,
        {{ ratio('positive', 'actions') }} as success_rate_all_created,
        aj_success_rate,
        aj_n,
        aj_at_risk,
        matured < actions as is_provisional
    from counted

)

select * from final

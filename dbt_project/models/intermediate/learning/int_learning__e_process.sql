{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    meta={'touched_by': 'int_learning__touched_calibration_days', 'touched_keys': ['tenant_id', 'action_type', 'as_of_date']},
    indexes=[{'columns': ['tenant_id', 'action_type', 'as_of_date'], 'unique': true}],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after('int_learning__touched_calibration_days') }}
-- The alarm's bets at the end of each local day. Outcomes come in the order in which their windows end, never in that in which they were
-- decided: successes are decided first. A run goes on from the day before the earliest touched one.
{#- Logarithms of what each bet has won, and its λ. -#}
{% set bets = {
    'log_up_8': 0.8, 'log_up_4': 0.4, 'log_up_2': 0.2, 'log_up_1': 0.1,
    'log_down_8': -0.8, 'log_down_4': -0.4, 'log_down_2': -0.2, 'log_down_1': -0.1
} %}
with groups as (

    select
        tenant_id,
        action_type,
        min(matured_date) as first_date
    from {{ ref('int_learning__forecast_days') }}
    group by tenant_id, action_type

),

{% if is_incremental() -%}
touched as (

    select * from {{ ref('int_learning__touched_calibration_days') }}

),

starts as (

    select
        touched.tenant_id,
        touched.action_type,
        greatest(min(touched.as_of_date), groups.first_date) as first_date
    from touched
    inner join groups
        on
            touched.tenant_id = groups.tenant_id
            and touched.action_type = groups.action_type
    group by touched.tenant_id, touched.action_type, groups.first_date

),

previous as (

    select
        e_process.*,
        row_number() over (partition by e_process.tenant_id, e_process.action_type order by e_process.as_of_date desc) as age
    from {{ this }} as e_process
    inner join starts
        on
            e_process.tenant_id = starts.tenant_id
            and e_process.action_type = starts.action_type
            and e_process.as_of_date < starts.first_date
    inner join groups
        on
            e_process.tenant_id = groups.tenant_id
            and e_process.action_type = groups.action_type
            and e_process.as_of_date >= groups.first_date

),

carried as (

    select *
    from previous
    where age = 1

),
{%- else -%}
starts as (

    select * from groups

),

carried as (

    select
        tenant_id,
        action_type,
        0 as n,
        {% for column in bets -%}
        cast(0 as {{ type_decimal() }}) as {{ column }},
        {% endfor -%}
        cast(null as {{ type_double() }}) as e_value_max,
        cast(null as {{ type_instant() }}) as e_alarm_at,
        cast(null as integer) as e_alarm_n
    from groups
    where false

),
{%- endif %}

-- Labelled rows of the headline.
labelled as (

    select
        outcomes.tenant_id,
        outcomes.action_type,
        outcomes.action_id,
        outcomes.conversation_id,
        outcomes.window_expires_at,
        outcomes.window_expires_date,
        cast(cast(outcomes.confidence as decimal(18, 12)) as {{ type_double() }}) as confidence,
        outcomes.label,
        starts.first_date,
        coalesce(cohorts.calibration_since, {{ min_date() }}) as calibration_since
    from starts
    inner join {{ ref('outcomes') }} as outcomes
        on
            starts.tenant_id = outcomes.tenant_id
            and starts.action_type = outcomes.action_type
            and starts.first_date <= outcomes.window_expires_date
    left join {{ ref('int_learning__calibration_cohorts') }} as cohorts on starts.tenant_id = cohorts.tenant_id
    where
        outcomes.label is not null
        and (cohorts.calibration_since is null or outcomes.metric_date >= cohorts.calibration_since)

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, action_type, coalesce(conversation_id, action_id), conversation_id is null
            order by window_expires_at, {{ bytewise('action_id') }}
        ) as position_in_conversation
    from labelled

),

-- Outcomes of one conversation hang together, so only the first of them counts.
firsts as (

    select ranked.*
    from ranked
    where
        ranked.position_in_conversation = 1
        and not exists (
            select 1
            from {{ ref('outcomes') }} as earlier
            where
                earlier.tenant_id = ranked.tenant_id
                and earlier.conversation_id = ranked.conversation_id
                and earlier.action_type = ranked.action_type
                and earlier.window_expires_date < ranked.first_date
                and earlier.label is not null
                and earlier.metric_date >= ranked.calibration_since
        )

),

running as (

    select
        firsts.tenant_id,
        firsts.action_type,
        firsts.window_expires_at,
        firsts.window_expires_date,
        coalesce(carried.n, 0) + row_number() over outcome_order as n,
        {% for column, bet in bets.items() -%}
        coalesce(carried.{{ column }}, 0) + sum({{ log_win(bet, 'firsts.label', 'firsts.confidence') }}) over outcome_order as {{ column }},
        {% endfor -%}
        row_number() over (
            partition by firsts.tenant_id, firsts.action_type, firsts.window_expires_date
            order by firsts.window_expires_at desc, {{ bytewise('firsts.action_id') }} desc
        ) = 1 as is_last_of_day
    from firsts
    left join carried
        on
            firsts.tenant_id = carried.tenant_id
            and firsts.action_type = carried.action_type
    window outcome_order as (
        partition by firsts.tenant_id, firsts.action_type
        order by firsts.window_expires_at, {{ bytewise('firsts.action_id') }}
        rows unbounded preceding
    )

),

valued as (

    select
        *,
        {{ e_value(bets) }} as e_value
    from running

),

daily as (

    select
        tenant_id,
        action_type,
        window_expires_date,
        max(n) as n,
        {% for column in bets -%}
        max({{ column }}) filter (where is_last_of_day) as {{ column }},
        {% endfor -%}
        max(e_value) as e_value_max,
        min(n) filter (where e_value >= 20) as e_alarm_n,
        {{ first_in_order('window_expires_at', 'n', 'e_value >= 20') }} as e_alarm_at
    from valued
    group by tenant_id, action_type, window_expires_date

),

-- On days without outcomes everything stays as it was.
days as (

    select
        starts.tenant_id,
        starts.action_type,
        local_days.metric_date as as_of_date
    from starts
    inner join {{ ref('int_learning__local_days') }} as local_days
        on
            starts.tenant_id = local_days.tenant_id
            and starts.first_date <= local_days.metric_date
    where local_days.has_begun

),

spells as (

    select
        days.tenant_id,
        days.action_type,
        days.as_of_date,
        daily.n,
        {% for column in bets -%}
        daily.{{ column }},
        {% endfor -%}
        max(daily.e_value_max) over day_order as e_value_max,
        min(daily.e_alarm_n) over day_order as e_alarm_n,
        min(daily.e_alarm_at) over day_order as e_alarm_at,
        count(daily.n) over day_order as spell_no
    from days
    left join daily
        on
            days.tenant_id = daily.tenant_id
            and days.action_type = daily.action_type
            and days.as_of_date = daily.window_expires_date
    window day_order as (partition by days.tenant_id, days.action_type order by days.as_of_date)

),

filled as (

    select
        spells.tenant_id,
        spells.action_type,
        spells.as_of_date,
        cast(coalesce(max(spells.n) over spell, carried.n) as integer) as n,
        {% for column in bets -%}
        coalesce(max(spells.{{ column }}) over spell, carried.{{ column }}) as {{ column }},
        {% endfor -%}
        greatest(spells.e_value_max, carried.e_value_max) as e_value_max,
        cast(coalesce(carried.e_alarm_n, spells.e_alarm_n) as integer) as e_alarm_n,
        coalesce(carried.e_alarm_at, spells.e_alarm_at) as e_alarm_at
    from spells
    left join carried
        on
            spells.tenant_id = carried.tenant_id
            and spells.action_type = carried.action_type
    window spell as (partition by spells.tenant_id, spells.action_type, spells.spell_no)

),

final as (

    select
        filled.tenant_id,
        filled.action_type,
        filled.as_of_date,
        filled.n,
        {% for column in bets -%}
        filled.{{ column }},
        {% endfor -%}
        {{ e_value(bets) }} as e_value,
        filled.e_value_max,
        filled.e_alarm_at,
        filled.e_alarm_n
    from filled
    {% if is_incremental() -%}
    inner join touched
        on
            filled.tenant_id = touched.tenant_id
            and filled.action_type = touched.action_type
            and filled.as_of_date = touched.as_of_date
    {%- endif %}

)

select * from final

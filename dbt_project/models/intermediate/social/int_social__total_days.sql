{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Growth of running totals in a tenant-local day: the total at its end, or at its last sample where the end is not known, minus what the
-- days before ended with. So days always add up to the difference of two samples.
with sampled as (

    select
        {{ series_columns() }},
        metric_date,
        count(*) as points,
        {{ first_in_order('value', 'observed_at', 'true') }} as first_value,
        {{ last_in_order('value', 'observed_at', 'true') }} as last_value,
        {{ last_in_order('source_metric', 'observed_at', 'true') }} as source_metric,
        {{ last_in_order('period', 'observed_at', 'true') }} as period,
        max(observed_at) as observed_at,
        bool_or(next_at is null) as is_last_day,
        bool_and(is_base) as is_base_only
    from {{ ref('int_social__total_points') }}
    group by {{ series_columns() }}, metric_date

),

-- What is known of a day, at most one row of each kind. Gathered by grouping and not by joins, for which the planner would need to know how
-- long these lists are: a year of one account took it minutes.
facts as (

    select
        {{ series_columns() }},
        metric_date,
        'sampled' as fact,
        source_metric,
        period,
        points,
        first_value,
        last_value as value,
        cast(null as date) as date_before,
        cast(null as {{ type_decimal() }}) as value_before,
        cast(null as boolean) as is_exact,
        is_last_day,
        is_base_only,
        observed_at as seen_at
    from sampled
    union all
    select
        {{ series_columns('midnights') }},
        midnights.starting_date - bounds.days_back as metric_date,
        bounds.fact,
        midnights.source_metric,
        midnights.period,
        null as points,
        null as first_value,
        midnights.total as value,
        midnights.date_before,
        midnights.value_before,
        midnights.is_exact,
        null as is_last_day,
        null as is_base_only,
        midnights.next_at as seen_at
    from {{ ref('int_social__total_midnights') }} as midnights
    -- A midnight begins one day and ends the one before.
    cross join (values ('start', 0), ('end', 1)) as bounds (fact, days_back)

),

gathered as (

    select
        {{ series_columns('facts') }},
        facts.metric_date,
        coalesce(
            max(facts.source_metric) filter (where facts.fact = 'sampled'), max(facts.source_metric) filter (where facts.fact = 'start')
        ) as source_metric,
        coalesce(max(facts.period) filter (where facts.fact = 'sampled'), max(facts.period) filter (where facts.fact = 'start')) as period,
        max(facts.points) as points,
        max(facts.first_value) as first_value,
        max(facts.value) filter (where facts.fact = 'sampled') as last_value,
        max(facts.value) filter (where facts.fact = 'start') as start_total,
        max(facts.date_before) filter (where facts.fact = 'start') as date_before,
        max(facts.value_before) filter (where facts.fact = 'start') as value_before,
        max(facts.value) filter (where facts.fact = 'end') as end_total,
        -- Whether a bound was made from samples on both sides of it.
        coalesce(bool_or(facts.value is null or not facts.is_exact) filter (where facts.fact <> 'sampled'), false) as is_estimated,
        coalesce(bool_or(facts.is_last_day), false) as is_partial,
        coalesce(bool_or(facts.is_base_only), false) as is_base_only,
        max(facts.seen_at) filter (where facts.fact = 'sampled') as sampled_at,
        max(facts.seen_at) filter (where facts.fact = 'end') as ended_at
    from facts
    {{ within_needed_spans('facts', 'facts.metric_date', 'facts.metric_date') }}
    group by {{ series_columns('facts') }}, facts.metric_date
    -- The end of a day that nothing else tells of is none of its own.
    having bool_or(facts.fact <> 'end')

),

bounded as (

    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        case
            when start_total is not null then start_total
            when date_before is not null then value_before
            -- The first sample of all: alone it says nothing of its day.
            when points > 1 or end_total is not null then first_value
        end as opening_total,
        -- A day on which only the publication is known ends with nobody knows what.
        coalesce(end_total, case when not is_base_only then last_value end) as closing_total,
        case when start_total is null and date_before is not null then metric_date - date_before + 1 else 1 end as days_covered,
        is_estimated,
        is_partial,
        case when end_total is not null then ended_at when not is_base_only then sampled_at end as observed_at
    from gathered

),

final as (

    select
        {{ series_columns() }},
        metric_date,
        source_metric,
        period,
        closing_total - opening_total as value_increment,
        closing_total as value_cumulative,
        case when closing_total - opening_total is not null then days_covered end as days_covered,
        is_estimated and closing_total - opening_total is not null as is_estimated,
        is_partial,
        observed_at
    from bounded

)

select * from final

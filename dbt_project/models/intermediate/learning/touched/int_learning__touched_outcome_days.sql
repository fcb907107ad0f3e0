{{ config(
    indexes=[{'columns': ['tenant_id', 'metric_date', 'action_type', 'outcome_type'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days of a pair of action type and outcome type that may come out differently: those on which a changed action is followed up, those that
-- began or ended since the last publish, all days of a pair whose calendar or follow-up changed, and days asked for.
{% set keys = {'tenant_id': 'uuid', 'metric_date': 'date', 'action_type': 'text', 'outcome_type': 'text'} %}
{#- Everything of an action that outcome_daily reads. -#}
{% set facts = {
    'tenant_id': 'uuid', 'action_id': 'text', 'action_type': 'text', 'outcome_type': 'text', 'metric_date': 'date', 'created_at': 'timestamptz',
    'window_expires_at': 'timestamptz', 'is_matured': 'boolean', 'outcome_status': 'text', 'label': 'integer', 'resolved_at': 'timestamptz'
} %}
{% set previous_outcomes = previous_relation('outcomes', facts) %}
{% set previous_days = previous_relation('outcome_daily', keys) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with local_days as (

    select * from {{ ref('int_learning__local_days') }}
    where has_begun

),

pairs as (

    select * from {{ ref('int_learning__pairs') }}

),

before as (

    select {{ 'outcomes.' ~ facts.keys() | join(', outcomes.') }}
    from {{ previous_outcomes }} as outcomes
    inner join {{ ref('int_learning__touched_actions') }} as touched
        on
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_id = touched.action_id

),

after as (

    select {{ facts.keys() | join(', ') }} from {{ ref('int_learning__resolved') }}

),

new_or_changed as (

    {{ changed_rows('before', 'after') }}

),

start_days as (

    select distinct
        tenant_id,
        action_type,
        outcome_type,
        metric_date
    from new_or_changed

),

-- Looked up tenant by tenant: the days of all pairs are many.
last_days as (

    select
        days_now.tenant_id,
        days_now.last_day,
        days_before.last_day as last_day_before
    from (
        select
            tenant_id,
            max(metric_date) as last_day
        from local_days
        group by tenant_id
    ) as days_now
    cross join lateral (
        select max(outcome_daily.metric_date) as last_day
        from {{ previous_days }} as outcome_daily
        where outcome_daily.tenant_id = days_now.tenant_id
    ) as days_before

),

followed as (

    select
        start_days.tenant_id,
        series.day as metric_date,
        start_days.action_type,
        start_days.outcome_type
    from start_days
    inner join pairs
        on
            start_days.tenant_id = pairs.tenant_id
            and start_days.action_type = pairs.action_type
            and start_days.outcome_type = pairs.outcome_type
    inner join last_days on start_days.tenant_id = last_days.tenant_id
    cross join lateral {{ date_series(
        'start_days.metric_date',
        'least(start_days.metric_date + greatest(pairs.cohort_days, pairs.cohort_days_before) - 1, last_days.last_day)'
    ) }}

),

-- Also of tenants whose calendar is gone.
changed_pairs as (

    select
        pairs.tenant_id,
        pairs.action_type,
        pairs.outcome_type,
        least(pairs.first_date, pairs.first_date_before) as first_day,
        greatest(last_days.last_day, days_before.last_day) as last_day
    from pairs
    left join last_days on pairs.tenant_id = last_days.tenant_id
    left join lateral (
        select max(outcome_daily.metric_date) as last_day
        from {{ previous_days }} as outcome_daily
        where outcome_daily.tenant_id = pairs.tenant_id
    ) as days_before on true
    where
        pairs.first_date is distinct from pairs.first_date_before
        or pairs.window_hours is distinct from pairs.window_hours_before

),

of_changed_pairs as (

    select
        changed_pairs.tenant_id,
        series.day as metric_date,
        changed_pairs.action_type,
        changed_pairs.outcome_type
    from changed_pairs
    cross join lateral {{ date_series('changed_pairs.first_day', 'changed_pairs.last_day') }}

),

-- Midnights since the last publish: a day ended, the next began.
clock as (

    select
        local_days.tenant_id,
        local_days.metric_date
    from local_days
    inner join last_days on local_days.tenant_id = last_days.tenant_id
    where
        {{ since_last_publish('local_days.day_end') }}
        or (
            last_days.last_day is distinct from last_days.last_day_before
            and local_days.metric_date >= least(last_days.last_day, last_days.last_day_before)
        )

),

clock_of_pairs as (

    select
        clock.tenant_id,
        clock.metric_date,
        pairs.action_type,
        pairs.outcome_type
    from clock
    inner join pairs
        on
            clock.tenant_id = pairs.tenant_id
            and clock.metric_date >= pairs.first_date

),

-- Ranges first, of which there are mostly none: the days of all pairs are many. Also days that were there and may not come back: after a
-- change of zone the calendar may end earlier.
in_touched_ranges as (

    select
        local_days.tenant_id,
        local_days.metric_date,
        pairs.action_type,
        pairs.outcome_type
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join local_days
        on
            ranges.tenant_id = local_days.tenant_id
            and local_days.metric_date between ranges.date_from and ranges.date_to
    inner join pairs
        on
            local_days.tenant_id = pairs.tenant_id
            and local_days.metric_date >= pairs.first_date
    union
    select
        outcome_daily.tenant_id,
        outcome_daily.metric_date,
        outcome_daily.action_type,
        outcome_daily.outcome_type
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join {{ previous_days }} as outcome_daily
        on
            ranges.tenant_id = outcome_daily.tenant_id
            and outcome_daily.metric_date between ranges.date_from and ranges.date_to

),

backlog as (

    {{ backlog(['tenant_id', 'metric_date', 'action_type', 'outcome_type']) }}

),

final as (

    select * from followed
    union
    select * from of_changed_pairs
    union
    select * from clock_of_pairs
    union
    select * from in_touched_ranges
    union
    select * from backlog

)

select * from final
{%- endif %}

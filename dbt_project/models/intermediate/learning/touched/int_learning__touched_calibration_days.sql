{{ config(
    indexes=[{'columns': ['tenant_id', 'action_type', 'as_of_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days at whose end the calibration of an action type may be another: all from the earliest touched forecast day on, days that began or
-- ended since the last publish, and days asked for.
{% set keys = {'tenant_id': 'uuid', 'action_type': 'text', 'as_of_date': 'date'} %}
{% set previous_days = previous_relation('int_learning__e_process', keys) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with local_days as (

    select * from {{ ref('int_learning__local_days') }}
    where has_begun

),

previous_days as (

    select * from {{ previous_days }} as e_process

),

earliest as (

    select
        tenant_id,
        action_type,
        min(matured_date) as first_date
    from {{ ref('int_learning__touched_forecast_days') }}
    group by tenant_id, action_type

),

-- Days that were there and may not come back: after a change of zone the calendar may end earlier.
following as (

    select
        earliest.tenant_id,
        earliest.action_type,
        local_days.metric_date as as_of_date
    from earliest
    inner join local_days
        on
            earliest.tenant_id = local_days.tenant_id
            and earliest.first_date <= local_days.metric_date
    union
    select
        earliest.tenant_id,
        earliest.action_type,
        previous_days.as_of_date
    from earliest
    inner join previous_days
        on
            earliest.tenant_id = previous_days.tenant_id
            and earliest.action_type = previous_days.action_type
            and earliest.first_date <= previous_days.as_of_date

),

-- Midnights since the last publish: a day ended, the next began.
midnights as (

    select
        tenant_id,
        metric_date
    from local_days
    where {{ since_last_publish('day_start') }} or {{ since_last_publish('day_end') }}

),

-- Ranges first, of which there are mostly none: the days of all groups are many.
marked_days as (

    select
        local_days.tenant_id,
        local_days.metric_date
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join local_days
        on
            ranges.tenant_id = local_days.tenant_id
            and local_days.metric_date between ranges.date_from and ranges.date_to

),

days_of_all_groups as (

    select * from midnights
    union
    select * from marked_days

),

tenants as (

    select distinct tenant_id
    from days_of_all_groups

),

groups as (

    select
        tenants.tenant_id,
        known.action_type,
        known.first_date
    from tenants
    cross join lateral (
        select
            previous_days.action_type,
            min(previous_days.as_of_date) as first_date
        from previous_days
        where previous_days.tenant_id = tenants.tenant_id
        group by previous_days.action_type
        {{ row_by_row() }}
    ) as known

),

of_all_groups as (

    select
        groups.tenant_id,
        groups.action_type,
        days_of_all_groups.metric_date as as_of_date
    from groups
    inner join days_of_all_groups
        on
            groups.tenant_id = days_of_all_groups.tenant_id
            and groups.first_date <= days_of_all_groups.metric_date

),

-- Days that were there and may not come back: after a change of zone the calendar may end earlier.
built_in_ranges as (

    select
        previous_days.tenant_id,
        previous_days.action_type,
        previous_days.as_of_date
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join previous_days
        on
            ranges.tenant_id = previous_days.tenant_id
            and previous_days.as_of_date between ranges.date_from and ranges.date_to

),

backlog as (

    {{ backlog(['tenant_id', 'action_type', 'as_of_date']) }}

),

final as (

    select * from following
    union
    select * from of_all_groups
    union
    select * from built_in_ranges
    union
    select * from backlog

)

select * from final
{%- endif %}

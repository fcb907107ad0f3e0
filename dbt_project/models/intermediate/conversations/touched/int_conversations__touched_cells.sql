{{ config(
    indexes=[{'columns': ['tenant_id', 'metric_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Local days whose metrics may change: all days on which a touched conversation has or had an event, days that time itself changed, and
-- days asked for.
{% set keys = {'tenant_id': 'uuid', 'conversation_id': 'text'} %}
{% set previous_activity = previous_relation(
    'int_conversations__activity', dict(keys, metric_date='date', customer_id='text', is_active='boolean')
) %}
{% set previous_conversations = previous_relation('conversations', dict(keys, start_date='date')) %}
{% set previous_days = previous_relation('daily_metrics', {'tenant_id': 'uuid', 'metric_date': 'date'}) %}
{%- if is_full_run() %}
select * from {{ no_rows({'tenant_id': 'uuid', 'metric_date': 'date'}) }} as nothing
{%- else %}
with changed as (

    select
        tenant_id,
        conversation_id
    from {{ ref('int_conversations__touched_facts') }}

),

headers as (

    select * from {{ ref('int_conversations__headers') }}

),

local_days as (

    select * from {{ ref('int_conversations__local_days') }}
    where has_begun

),

-- Every date of a conversation is the date of one of its events.
before as (

    select
        activity.tenant_id,
        activity.metric_date,
        activity.customer_id
    from {{ previous_activity }} as activity
    inner join changed
        on
            activity.tenant_id = changed.tenant_id
            and activity.conversation_id = changed.conversation_id

),

after as (

    select distinct
        tenant_id,
        metric_date
    from {{ ref('int_conversations__events') }}

),

-- The others change in the cohort of their start only.
cohorts as (

    select
        conversations.tenant_id,
        conversations.start_date as metric_date
    from {{ previous_conversations }} as conversations
    inner join {{ ref('int_conversations__touched_conversations') }} as touched
        on
            conversations.tenant_id = touched.tenant_id
            and conversations.conversation_id = touched.conversation_id

),

-- A customer is new on the first of his days: both days change if that is another one now, and neither if it is not.
customers as (

    select
        tenant_id,
        customer_id
    from before
    where customer_id is not null
    union
    select
        tenant_id,
        customer_id
    from headers
    where customer_id is not null

),

customer_activity as (

    select
        activity.tenant_id,
        activity.customer_id,
        activity.metric_date,
        true as was_there,
        changed.tenant_id is null as is_there
    from customers
    inner join {{ previous_activity }} as activity
        on
            customers.tenant_id = activity.tenant_id
            and customers.customer_id = activity.customer_id
    left join changed
        on
            activity.tenant_id = changed.tenant_id
            and activity.conversation_id = changed.conversation_id
    where activity.is_active
    union all
    select
        headers.tenant_id,
        headers.customer_id,
        events.metric_date,
        false as was_there,
        true as is_there
    from headers
    inner join {{ ref('int_conversations__events') }} as events
        on
            headers.tenant_id = events.tenant_id
            and headers.conversation_id = events.conversation_id
    where
        headers.customer_id is not null
        and (
            events.event_type in ('message_received', 'citation_clicked', 'csat_submitted')
            or (events.event_no = 1 and coalesce(headers.initiated_by, 'customer') <> 'agent')
        )

),

first_days as (

    select
        tenant_id,
        min(metric_date) filter (where was_there) as old_first_day,
        min(metric_date) filter (where is_there) as new_first_day
    from customer_activity
    group by tenant_id, customer_id

),

moved_first_days as (

    select *
    from first_days
    where old_first_day is distinct from new_first_day

),

-- Days that ended since the last publish, and days whose cohort columns became final since.
clock as (

    select
        local_days.tenant_id,
        local_days.metric_date
    from local_days
    where
        -- The running day changes by facts alone, until it ends; a new one is a gained day.
        {{ since_last_publish('local_days.day_end') }}
        or {{ since_last_publish('local_days.matures_at') }}

),

days_before as (

    select
        tenant_id,
        metric_date
    from {{ previous_days }} as daily_metrics

),

gained_or_lost as (

    select * from {{ ref('int_conversations__gained_or_lost_days') }}

),

-- Ranges first, of which there are mostly none: the days of all tenants are many.
in_touched_ranges as (

    select
        local_days.tenant_id,
        local_days.metric_date
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join local_days
        on
            ranges.tenant_id = local_days.tenant_id
            and local_days.metric_date between ranges.date_from and ranges.date_to
    union
    select
        days_before.tenant_id,
        days_before.metric_date
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join days_before
        on
            ranges.tenant_id = days_before.tenant_id
            and days_before.metric_date between ranges.date_from and ranges.date_to

),

backlog as (

    {{ backlog(['tenant_id', 'metric_date']) }}

),

final as (

    select
        tenant_id,
        metric_date
    from before
    union
    select
        tenant_id,
        metric_date
    from after
    union
    select
        tenant_id,
        metric_date
    from cohorts
    union
    select
        tenant_id,
        old_first_day
    from moved_first_days
    where old_first_day is not null
    union
    select
        tenant_id,
        new_first_day
    from moved_first_days
    where new_first_day is not null
    union
    select
        tenant_id,
        metric_date
    from clock
    union
    select
        tenant_id,
        metric_date
    from gained_or_lost
    union
    select
        tenant_id,
        metric_date
    from in_touched_ranges
    union
    select
        tenant_id,
        metric_date
    from backlog

)

select * from final
{%- endif %}

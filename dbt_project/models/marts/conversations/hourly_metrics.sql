{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    indexes=[{'columns': ['tenant_id', 'metric_date']}]
) }}
{{ built_after('int_conversations__touched_cells') }}
with days as (

    select
        local_days.tenant_id,
        local_days.metric_date
    from {{ ref('int_conversations__local_days') }} as local_days
    {% if is_incremental() -%}
    inner join {{ ref('int_conversations__touched_cells') }} as touched
        on
            local_days.tenant_id = touched.tenant_id
            and local_days.metric_date = touched.metric_date
    {% endif -%}
    where local_days.has_begun

),

time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

activity as (

    select activity.*
    from days
    inner join {{ ref('int_conversations__activity') }} as activity
        on
            days.tenant_id = activity.tenant_id
            and days.metric_date = activity.metric_date

),

-- Every hour with an event of any kind has a row.
hours as (

    select
        tenant_id,
        hour_start,
        min(metric_date) as metric_date,
        min(local_hour) as local_hour,
        cast(sum(messages) as integer) as total_messages
    from activity
    group by tenant_id, hour_start

),

active_customers as (

    select
        tenant_id,
        hour_start,
        customer_id
    from activity
    where is_active and customer_id is not null
    group by tenant_id, hour_start, customer_id

),

customers as (

    select
        tenant_id,
        hour_start,
        count(*) as unique_customers
    from active_customers
    group by tenant_id, hour_start

),

moments as (

    {% for kind, instant, day, condition in [
        ('started', 'started_at', 'start_date', 'conversations.episode_no = 1'),
        ('resolved', 'resolved_at', 'resolved_date', 'true'),
        ('escalated', 'handoff_at', 'escalated_date', 'true'),
        ('abandoned', 'abandoned_at', 'abandoned_date', 'true')
    ] -%}
    select
        days.tenant_id,
        conversations.conversation_id,
        conversations.{{ instant }} as occurred_at,
        '{{ kind }}' as kind
    from days
    inner join {{ ref('conversations') }} as conversations
        on
            days.tenant_id = conversations.tenant_id
            and days.metric_date = conversations.{{ day }}
    where {{ condition }}
    {% if not loop.last -%} union all {%- endif %}
    {% endfor %}
),

localised as (

    select
        moments.tenant_id,
        moments.conversation_id,
        moments.kind,
        {{ hour_start('moments.occurred_at', local_time('moments.occurred_at', 'time_zones.zone')) }} as hour_start
    from moments
    inner join time_zones
        on
            moments.tenant_id = time_zones.tenant_id
            and moments.occurred_at >= time_zones.from_at
            and moments.occurred_at < time_zones.to_at

),

-- Each conversation once per hour and kind.
distinct_moments as (

    select
        tenant_id,
        hour_start,
        kind,
        conversation_id
    from localised
    group by tenant_id, hour_start, kind, conversation_id

),

counts as (

    select
        tenant_id,
        hour_start,
        count(*) filter (where kind = 'started') as total_conversations,
        count(*) filter (where kind = 'resolved') as resolved_conversations,
        count(*) filter (where kind = 'escalated') as escalated_conversations,
        count(*) filter (where kind = 'abandoned') as abandoned_conversations
    from distinct_moments
    group by tenant_id, hour_start

),

response_times as (

    select
        replies.tenant_id,
        replies.hour_start,
        count(replies.response_ms) as responses,
        sum(replies.response_ms) as response_time_sum_ms,
        {{ percentiles('replies.response_ms', [0.5, 0.9, 0.95]) }} as response_time_percentiles
    from days
    inner join {{ ref('int_conversations__replies') }} as replies
        on
            days.tenant_id = replies.tenant_id
            and days.metric_date = replies.metric_date
    group by replies.tenant_id, replies.hour_start

),

final as (

    select
        hours.tenant_id,
        hours.hour_start,
        hours.metric_date,
        hours.local_hour,
        cast(coalesce(counts.total_conversations, 0) as integer) as total_conversations,
        cast(coalesce(counts.resolved_conversations, 0) as integer) as resolved_conversations,
        cast(coalesce(counts.escalated_conversations, 0) as integer) as escalated_conversations,
        cast(coalesce(counts.abandoned_conversations, 0) as integer) as abandoned_conversations,
        cast(round(response_times.response_time_sum_ms / nullif(response_times.responses, 0)) as bigint) as avg_response_time_ms,
        hours.total_messages,
        cast(coalesce(customers.unique_customers, 0) as integer) as unique_customers,
        cast(coalesce(response_times.responses, 0) as integer) as responses,
        cast(coalesce(response_times.response_time_sum_ms, 0) as bigint) as response_time_sum_ms,
        {{ array_element('response_times.response_time_percentiles', 1) }} as p50_response_time_ms,
        {{ array_element('response_times.response_time_percentiles', 2) }} as p90_response_time_ms,
        {{ array_element('response_times.response_time_percentiles', 3) }} as p95_response_time_ms
    from hours
    left join counts
        on
            hours.tenant_id = counts.tenant_id
            and hours.hour_start = counts.hour_start
    left join customers
        on
            hours.tenant_id = customers.tenant_id
            and hours.hour_start = customers.hour_start
    left join response_times
        on
            hours.tenant_id = response_times.tenant_id
            and hours.hour_start = response_times.hour_start

)

select * from final

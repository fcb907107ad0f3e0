{#
    daily_metrics, weekly_metrics and monthly_metrics, which differ only in how many local days make a row: every count, distinct count and
    percentile is taken afresh from episodes, replies, activity and customer days, never from rows of a shorter period.

    period: 'metric_date', 'week_start' or 'month_start', the column of int_conversations__local_days that names the row's period.
    touched: the relation with the periods to recompute.
#}
{% macro period_metrics(period, touched) %}
with local_days as (

    select * from {{ ref('int_conversations__local_days') }}

),

-- The days to count, each with its period.
days as (

    select
        local_days.tenant_id,
        local_days.metric_date,
        local_days.{{ period }} as period_start
    from local_days
    {% if is_incremental() -%}
    inner join {{ ref(touched) }} as touched
        on
            local_days.tenant_id = touched.tenant_id
            and local_days.{{ period }} = touched.{{ period }}
    {% endif -%}
    where local_days.has_begun

),

-- Episodes by the day they started: the cohort, and whatever became of it.
started as (

    select
        days.tenant_id,
        days.period_start,
        {% for column in [
            'episode_no', 'outcome', 'is_ai_involved', 'is_contained', 'is_assumed', 'is_confirmed', 'is_verified', 'is_durable',
            'is_no_repeat', 'quality_score', 'total_messages', 'unanswered_turns', 'first_response_ms', 'first_response_business_ms',
            'resolution_ms', 'resolution_business_ms', 'csat_rating', 'ended_at'
        ] -%}
        conversations.{{ column }},
        {% endfor -%}
        case
            when conversations.episode_no > 1 then false
            when conversations.is_ai_resolution then true
            -- Few conversations go on after their first episode.
            when conversations.reopened_at is null then false
            else exists (
                select 1 from {{ ref('conversations') }} as later
                where
                    later.tenant_id = conversations.tenant_id
                    and later.conversation_id = conversations.conversation_id
                    and later.is_ai_resolution
            )
        end as is_ai_resolved_conversation
    from days
    inner join {{ ref('conversations') }} as conversations
        on
            days.tenant_id = conversations.tenant_id
            and days.metric_date = conversations.start_date

),

cohorts as (

    select
        tenant_id,
        period_start,
        count(*) as episodes_started,
        count(*) filter (where episode_no = 1) as total_conversations,
        count(*) filter (where outcome = 'resolved') as resolved_cohort,
        count(*) filter (where outcome = 'escalated') as escalated_cohort,
        count(*) filter (where outcome = 'silent') as silent_cohort,
        count(*) filter (where outcome = 'abandoned') as abandoned_cohort,
        count(*) filter (where outcome = 'open') as open_cohort,
        count(*) filter (where is_ai_involved) as ai_involved,
        count(*) filter (where is_ai_resolved_conversation) as ai_resolved_conversations,
        {% for rung in ['contained', 'assumed', 'confirmed', 'durable', 'no_repeat'] -%}
        count(*) filter (where is_{{ rung }}) as {{ rung }},
        count(is_{{ rung }}) as {{ rung }}_known,
        {% endfor -%}
        -- Judges sample, so only scored contained episodes can say how many contained ones were good.
        count(*) filter (where is_contained and is_verified) as verified,
        count(*) filter (where is_contained and quality_score is not null) as contained_scored,
        count(is_verified) as verified_known,
        sum(total_messages) as cohort_messages,
        count(*) filter (where unanswered_turns > 0) as unanswered_conversations,
        sum(first_response_ms) as first_response_sum_ms,
        count(first_response_ms) as first_responses,
        {{ percentiles('first_response_ms', [0.5, 0.9, 0.95]) }} as first_response_percentiles,
        {{ percentiles('first_response_business_ms', [0.5]) }} as first_response_business_percentiles,
        sum(resolution_ms) as resolution_sum_ms,
        count(resolution_ms) as resolved_episodes,
        {{ percentiles('resolution_ms', [0.5, 0.9]) }} as resolution_percentiles,
        {{ percentiles('resolution_business_ms', [0.5]) }} as resolution_business_percentiles,
        count(csat_rating) as ratings,
        count(*) filter (where csat_rating >= 4) as good_ratings,
        sum(csat_rating) as rating_sum,
        count(*) filter (where ended_at is not null) as ended_episodes,
        count(csat_rating) filter (where ended_at is not null) as ended_ratings
    from started
    group by tenant_id, period_start

),

-- What happened on a day, whenever its conversation had started. Each conversation once per period.
{% for happening, date, condition in [
    ('resolved', 'resolved_date', 'true'),
    ('escalated', 'escalated_date', 'true'),
    ('abandoned', 'abandoned_date', 'true'),
    ('reopened', 'start_date', 'conversations.episode_no > 1')
] %}
{{ happening }}_conversations as (

    select
        days.tenant_id,
        days.period_start,
        conversations.conversation_id,
        count(*) as episodes
    from days
    inner join {{ ref('conversations') }} as conversations
        on
            days.tenant_id = conversations.tenant_id
            and days.metric_date = conversations.{{ date }}
    where {{ condition }}
    group by days.tenant_id, days.period_start, conversations.conversation_id

),

{{ happening }} as (

    select
        tenant_id,
        period_start,
        count(*) as conversations,
        sum(episodes) as episodes
    from {{ happening }}_conversations
    group by tenant_id, period_start

),
{% endfor %}
active as (

    select
        days.tenant_id,
        days.period_start,
        activity.messages,
        case when activity.is_active and activity.customer_id is null then activity.conversation_id end as anonymous_conversation_id
    from days
    inner join {{ ref('int_conversations__activity') }} as activity
        on
            days.tenant_id = activity.tenant_id
            and days.metric_date = activity.metric_date

),

-- One row per anonymous conversation, and one for all that is not anonymous.
active_conversations as (

    select
        tenant_id,
        period_start,
        anonymous_conversation_id,
        sum(messages) as messages
    from active
    group by tenant_id, period_start, anonymous_conversation_id

),

messages as (

    select
        tenant_id,
        period_start,
        sum(messages) as total_messages,
        count(anonymous_conversation_id) as anonymous_conversations
    from active_conversations
    group by tenant_id, period_start

),

active_customers as (

    select
        days.tenant_id,
        days.period_start,
        customer_days.customer_id
    from days
    inner join {{ ref('customer_days') }} as customer_days
        on
            days.tenant_id = customer_days.tenant_id
            and days.metric_date = customer_days.metric_date
    group by days.tenant_id, days.period_start, customer_days.customer_id

),

customers as (

    select
        tenant_id,
        period_start,
        count(*) as unique_customers
    from active_customers
    group by tenant_id, period_start

),

replies as (

    select
        days.tenant_id,
        days.period_start,
        replies.response_ms,
        replies.response_bucket,
        replies.is_explicit,
        replies.confidence,
        replies.is_low_confidence
    from days
    inner join {{ ref('int_conversations__replies') }} as replies
        on
            days.tenant_id = replies.tenant_id
            and days.metric_date = replies.metric_date

),

response_times as (

    select
        tenant_id,
        period_start,
        count(response_ms) as responses,
        count(*) filter (where is_explicit) as responses_explicit,
        sum(response_ms) as response_time_sum_ms,
        {{ percentiles('response_ms', [0.5, 0.9, 0.95]) }} as response_time_percentiles,
        count(confidence) as replies_with_confidence,
        count(*) filter (where is_low_confidence) as low_confidence_replies
    from replies
    group by tenant_id, period_start

),

buckets as (

    select
        tenant_id,
        period_start,
        response_bucket,
        count(*) as responses
    from replies
    where response_bucket is not null
    group by tenant_id, period_start, response_bucket

),

histograms as (

    select
        tenant_id,
        period_start,
        {{ json_object_of('response_bucket', 'responses') }} as response_time_hist
    from buckets
    group by tenant_id, period_start

),

periods as (

    select distinct
        tenant_id,
        period_start
    from days

),

-- The whole period, days to come included.
calendar as (

    select
        periods.tenant_id,
        periods.period_start,
        sum(local_days.day_hours) as day_hours,
        count(*) filter (where local_days.is_complete) as complete_days,
        bool_and(local_days.is_complete) as is_complete,
        {{ last_in_order('local_days.matures_at', 'local_days.metric_date', 'true') }} as matures_at
    from periods
    inner join local_days
        on
            periods.tenant_id = local_days.tenant_id
            and periods.period_start = local_days.{{ period }}
    group by periods.tenant_id, periods.period_start

),

counted as (

    select
        calendar.tenant_id,
        calendar.period_start,
        calendar.day_hours,
        calendar.complete_days,
        not calendar.is_complete as is_partial,
        calendar.matures_at > {{ as_of() }} as is_provisional,
        {% for column in [
            'episodes_started', 'total_conversations', 'resolved_cohort', 'escalated_cohort', 'silent_cohort', 'abandoned_cohort',
            'open_cohort', 'ai_involved', 'ai_resolved_conversations', 'contained', 'contained_known', 'assumed', 'assumed_known',
            'confirmed', 'confirmed_known', 'durable', 'durable_known', 'no_repeat', 'no_repeat_known', 'verified', 'contained_scored',
            'verified_known', 'unanswered_conversations', 'ratings', 'good_ratings', 'ended_episodes', 'ended_ratings'
        ] -%}
        cast(coalesce(cohorts.{{ column }}, 0) as integer) as {{ column }},
        {% endfor -%}
        cohorts.cohort_messages,
        cohorts.first_response_sum_ms,
        cohorts.first_responses,
        cohorts.first_response_percentiles,
        cohorts.first_response_business_percentiles,
        cohorts.resolution_sum_ms,
        cohorts.resolved_episodes,
        cohorts.resolution_percentiles,
        cohorts.resolution_business_percentiles,
        cohorts.rating_sum,
        cast(coalesce(resolved.conversations, 0) as integer) as resolved_conversations,
        cast(coalesce(resolved.episodes, 0) as integer) as resolutions,
        cast(coalesce(escalated.conversations, 0) as integer) as escalated_conversations,
        cast(coalesce(abandoned.conversations, 0) as integer) as abandoned_conversations,
        cast(coalesce(reopened.conversations, 0) as integer) as reopened_conversations,
        cast(coalesce(messages.total_messages, 0) as integer) as total_messages,
        cast(coalesce(messages.anonymous_conversations, 0) as integer) as anonymous_conversations,
        cast(coalesce(customers.unique_customers, 0) as integer) as unique_customers,
        cast(coalesce(response_times.responses, 0) as integer) as responses,
        cast(coalesce(response_times.responses_explicit, 0) as integer) as responses_explicit,
        cast(coalesce(response_times.response_time_sum_ms, 0) as bigint) as response_time_sum_ms,
        coalesce(histograms.response_time_hist, {{ parse_json("'{}'") }}) as response_time_hist,
        response_times.response_time_percentiles,
        cast(coalesce(response_times.replies_with_confidence, 0) as integer) as replies_with_confidence,
        cast(coalesce(response_times.low_confidence_replies, 0) as integer) as low_confidence_replies
    from calendar
    {% for relation in [
        'cohorts', 'reopened', 'resolved', 'escalated', 'abandoned', 'messages', 'customers', 'response_times', 'histograms'
    ] -%}
    left join {{ relation }}
        on
            calendar.tenant_id = {{ relation }}.tenant_id
            and calendar.period_start = {{ relation }}.period_start
    {% endfor %}
),

final as (

    select
        tenant_id,
        period_start as {{ period }},
        total_conversations,
        resolved_conversations,
        escalated_conversations,
        abandoned_conversations,
        cast(round(cast(response_time_sum_ms as {{ type_decimal() }}) / nullif(responses, 0)) as bigint) as avg_response_time_ms,
        total_messages,
        unique_customers,
        anonymous_conversations,
        reopened_conversations,
        resolutions,
        responses,
        responses_explicit,
        response_time_sum_ms,
        response_time_hist,
        {{ array_element('response_time_percentiles', 1) }} as p50_response_time_ms,
        {{ array_element('response_time_percentiles', 2) }} as p90_response_time_ms,
        {{ array_element('response_time_percentiles', 3) }} as p95_response_time_ms,
        {{ ratio('resolved_conversations', 'total_conversations') }} as seed_resolution_rate,
        episodes_started,
        resolved_cohort,
        escalated_cohort,
        silent_cohort,
        abandoned_cohort,
        open_cohort,
        {{ rate_columns('resolution', 'resolved_cohort', 'episodes_started') }},
        {{ rate_columns('escalation', 'escalated_cohort', 'episodes_started') }},
        {{ rate_columns('silence', 'silent_cohort', 'episodes_started') }},
        {{ rate_columns('abandonment', 'abandoned_cohort', 'episodes_started') }},
        {{ rate_columns('open', 'open_cohort', 'episodes_started') }},
        ai_involved,
        ai_resolved_conversations,
        {% for rung in ['contained', 'assumed', 'confirmed', 'durable', 'no_repeat'] -%}
        {{ rate_columns(rung, rung, rung ~ '_known') }},
        ai_involved - {{ rung }}_known as {{ rung }}_pending,
        {% endfor -%}
        {{ rate_columns('verified_of_contained', 'verified', 'contained_scored') }},
        ai_involved - verified_known as verified_pending,
        {{ ratio('contained', 'contained_known') }} * {{ ratio('verified', 'contained_scored') }} as verified_rate,
        {{ ratio('cohort_messages', 'episodes_started') }} as avg_conversation_length,
        unanswered_conversations,
        {{ ratio('first_response_sum_ms', 'first_responses') }} as avg_first_response_ms,
        {{ array_element('first_response_percentiles', 1) }} as p50_first_response_ms,
        {{ array_element('first_response_percentiles', 2) }} as p90_first_response_ms,
        {{ array_element('first_response_percentiles', 3) }} as p95_first_response_ms,
        {{ array_element('first_response_business_percentiles', 1) }} as p50_first_response_business_ms,
        {{ ratio('resolution_sum_ms', 'resolved_episodes') }} as avg_resolution_ms,
        {{ array_element('resolution_percentiles', 1) }} as p50_resolution_ms,
        {{ array_element('resolution_percentiles', 2) }} as p90_resolution_ms,
        {{ array_element('resolution_business_percentiles', 1) }} as p50_resolution_business_ms,
        {{ rate_columns('csat', 'good_ratings', 'ratings') }},
        {{ rate_columns('csat_response', 'ended_ratings', 'ended_episodes') }},
        {{ ratio('rating_sum', 'ratings') }} as avg_csat,
        replies_with_confidence,
        low_confidence_replies,
        {% if period == 'metric_date' -%}
        day_hours,
        {%- else -%}
        cast(complete_days as integer) as complete_days,
        {%- endif %}
        is_partial,
        is_provisional
    from counted

)

select * from final
{% endmacro %}

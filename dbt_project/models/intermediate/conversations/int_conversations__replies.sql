{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    meta={'touched_by': 'int_conversations__touched_facts', 'touched_keys': ['tenant_id', 'conversation_id']},
    indexes=[
        {'columns': ['tenant_id', 'conversation_id']},
        {'columns': ['tenant_id', 'metric_date']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_conversations__touched_facts', 'int_conversations__touched_weeks', 'int_conversations__touched_months',
    'int_conversations__touched_quality_days'
) }}
-- One row per public reply, with the turn it answers and the response time it contributes. A turn has at most one reply: the next one.
with events as (

    select * from {{ ref('int_conversations__events') }}
    where is_customer_word or is_public_reply

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

turns as (

    select
        tenant_id,
        conversation_id,
        episode_no,
        turn_no,
        min(episode_start_date) as episode_start_date,
        min(occurred_at) filter (where is_customer_word) as turn_started_at,
        min(metric_date) filter (where is_customer_word) as turn_start_date,
        max(event_no) filter (where is_public_reply) as event_no,
        max(occurred_at) filter (where is_public_reply) as replied_at,
        max(metric_date) filter (where is_public_reply) as metric_date,
        max(hour_start) filter (where is_public_reply) as hour_start,
        max(response_time_ms) filter (where is_public_reply) as response_time_ms,
        max(confidence) filter (where is_public_reply) as confidence
    from events
    group by tenant_id, conversation_id, episode_no, turn_no

),

measured as (

    select
        *,
        response_time_ms is not null as is_explicit,
        coalesce(response_time_ms, {{ milliseconds_between('turn_started_at', 'replied_at') }}) as response_ms
    from turns
    where event_no is not null

),

final as (

    select
        measured.tenant_id,
        measured.conversation_id,
        measured.episode_no,
        measured.event_no,
        measured.turn_started_at,
        measured.turn_start_date,
        measured.replied_at,
        measured.metric_date,
        measured.hour_start,
        measured.is_explicit,
        measured.response_ms,
        {{ response_bucket('measured.response_ms') }} as response_bucket,
        measured.confidence,
        -- Judged by the threshold in force when the episode began.
        measured.confidence < tenant_parameters.gap_confidence_threshold as is_low_confidence
    from measured
    inner join tenant_parameters
        on
            measured.tenant_id = tenant_parameters.tenant_id
            and measured.episode_start_date >= tenant_parameters.valid_from
            and measured.episode_start_date < tenant_parameters.valid_to

)

select * from final

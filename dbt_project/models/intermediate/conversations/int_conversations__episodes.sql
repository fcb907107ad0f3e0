{{ config(materialized='view') }}
-- What the events of an episode say by themselves: instants, counts, last words. Dates are local.
with events as (

    select * from {{ ref('int_conversations__events') }}

),

replies as (

    select
        replies.tenant_id,
        replies.conversation_id,
        replies.episode_no,
        cast(count(replies.response_ms) as integer) as responses,
        cast(count(*) filter (where replies.is_explicit) as integer) as responses_explicit,
        cast(coalesce(sum(replies.response_ms), 0) as bigint) as response_time_sum_ms,
        min(replies.confidence) as min_confidence,
        -- In numeric, where the order of summing does not matter.
        cast(avg(cast(replies.confidence as {{ type_decimal() }})) as {{ type_double() }}) as avg_confidence,
        {{ first_in_order('replies.response_ms', 'replies.event_no', 'replies.turn_started_at is not null') }} as first_response_ms,
        {{ first_in_order('replies.turn_started_at', 'replies.event_no', 'replies.turn_started_at is not null') }} as first_turn_started_at,
        {{ first_in_order('replies.turn_start_date', 'replies.event_no', 'replies.turn_started_at is not null') }} as first_turn_start_date,
        {{ first_in_order('replies.replied_at', 'replies.event_no', 'replies.turn_started_at is not null') }} as first_turn_replied_at,
        {{ first_in_order('replies.metric_date', 'replies.event_no', 'replies.turn_started_at is not null') }} as first_turn_reply_date
    -- Conversations that this run reads.
    from {{ ref('int_conversations__headers') }} as headers
    inner join {{ ref('int_conversations__replies') }} as replies
        on
            headers.tenant_id = replies.tenant_id
            and headers.conversation_id = replies.conversation_id
    group by replies.tenant_id, replies.conversation_id, replies.episode_no

),

gathered as (

    select
        tenant_id,
        conversation_id,
        episode_no,
        cast(count(*) as integer) as event_count,
        min(occurred_at) as started_at,
        min(metric_date) as start_date,
        max(occurred_at) as last_event_at,
        {{ first_in_order('event_type', 'event_no', 'true') }} as first_event_type,
        min(occurred_at) filter (where event_type = 'message_received') as first_customer_message_at,
        min(occurred_at) filter (where is_public_reply and agent_kind = 'ai') as first_ai_reply_at,
        min(occurred_at) filter (where is_public_reply and agent_kind = 'human') as first_human_reply_at,
        max(occurred_at) filter (where is_public_message) as last_message_at,
        {{ first_in_order('agent_id', 'event_no', "is_public_reply and agent_kind = 'ai'") }} as agent_id,
        {{ first_in_order('model', 'event_no', "is_public_reply and agent_kind = 'ai'") }} as model,
        min(occurred_at) filter (where event_type = 'conversation_escalated') as handoff_at,
        min(metric_date) filter (where event_type = 'conversation_escalated') as escalated_date,
        {{ first_in_order('reason', 'event_no', "event_type = 'conversation_escalated'") }} as handoff_reason,
        min(occurred_at) filter (where event_type = 'conversation_resolved') as resolved_at,
        min(metric_date) filter (where event_type = 'conversation_resolved') as resolved_date,
        {{ first_in_order('closed_by', 'event_no', "event_type = 'conversation_resolved'") }} as closed_by,
        {{ first_in_order('customer_confirmed', 'event_no', "event_type = 'conversation_resolved'") }} as customer_confirmed,
        cast(count(*) filter (where event_type = 'conversation_resolved') as integer) as resolve_event_count,
        min(occurred_at) filter (where event_type = 'conversation_abandoned') as abandoned_at,
        min(metric_date) filter (where event_type = 'conversation_abandoned') as abandoned_date,
        cast(count(*) filter (where event_type = 'message_received') as integer) as customer_messages,
        cast(count(*) filter (where is_public_message and agent_kind = 'ai' and event_type = 'message_sent') as integer) as ai_messages,
        cast(
            count(*) filter (where is_public_message and agent_kind = 'human' and event_type = 'message_sent') as integer
        ) as human_messages,
        cast(count(*) filter (where is_public_message) as integer) as total_messages,
        cast(count(*) filter (where event_type = 'knowledge_retrieved') as integer) as knowledge_retrievals,
        cast(count(*) filter (where result_count = 0) as integer) as zero_hit_retrievals,
        cast(count(*) filter (where event_type = 'citation_clicked') as integer) as citation_clicks,
        {{ last_in_order('rating', 'event_no', "event_type = 'csat_submitted'") }} as csat_rating,
        max(occurred_at) filter (where event_type = 'csat_submitted') as csat_at,
        -- Private notes are message events too: only an episode without any is a product's that sends none.
        bool_or(event_type in ('message_sent', 'message_received')) as has_message_events,
        min(event_no) filter (where is_customer_word) as first_customer_word_no,
        max(event_no) filter (where is_customer_word) as last_customer_word_no,
        max(event_no) filter (where is_customer_word or is_public_reply) as last_word_no,
        max(event_no) filter (where is_public_reply and message_kind = 'answer') as last_answer_no,
        max(event_no) filter (where is_public_reply and message_kind = 'answer' and agent_kind = 'ai') as last_ai_answer_no
    from events
    group by tenant_id, conversation_id, episode_no

),

final as (

    select
        gathered.*,
        lead(gathered.started_at) over (
            partition by gathered.tenant_id, gathered.conversation_id order by gathered.episode_no
        ) as reopened_at,
        coalesce(replies.responses, 0) as responses,
        coalesce(replies.responses_explicit, 0) as responses_explicit,
        coalesce(replies.response_time_sum_ms, 0) as response_time_sum_ms,
        replies.min_confidence,
        replies.avg_confidence,
        replies.first_response_ms,
        replies.first_turn_started_at,
        replies.first_turn_start_date,
        replies.first_turn_replied_at,
        replies.first_turn_reply_date
    from gathered
    left join replies
        on
            gathered.tenant_id = replies.tenant_id
            and gathered.conversation_id = replies.conversation_id
            and gathered.episode_no = replies.episode_no

)

select * from final

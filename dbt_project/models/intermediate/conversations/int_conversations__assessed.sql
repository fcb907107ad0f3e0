{{ config(materialized='view') }}
-- Each episode's durations, headline score and rungs of automation: all that hangs on the conversation's own facts.
with endings as (

    select * from {{ ref('int_conversations__endings') }}

),

headers as (

    select * from {{ ref('int_conversations__headers') }}

),

headlines as (

    select scorings.*
    from {{ ref('int_conversations__scorings') }} as scorings
    where scorings.is_headline

),

described as (

    select
        endings.*,
        headers.customer_id,
        headers.channel,
        headers.language,
        endings.episode_no = 1 and headers.initiated_by is null as start_inferred,
        case when endings.episode_no = 1 then headers.initiated_by end as initiated_by,
        case
            when endings.episode_no = 1 then null
            when endings.first_event_type = 'conversation_reopened' then 'explicit'
            when endings.first_event_type = 'message_received' then 'customer_message'
            else 'escalated'
        end as reopen_reason,
        -- The score counts for the episode that was current when it was given.
        headlines.tenant_id is not null as is_scored,
        headlines.overall as headline_score,
        headlines.scorer_kind,
        headlines.score_sum >= endings.verified_threshold * headlines.dimensions_scored as is_score_high
    from endings
    inner join headers
        on
            endings.tenant_id = headers.tenant_id
            and endings.conversation_id = headers.conversation_id
    left join headlines
        on
            endings.tenant_id = headlines.tenant_id
            and endings.conversation_id = headlines.conversation_id
            and endings.started_at <= headlines.scored_at
            and (endings.reopened_at is null or endings.reopened_at > headlines.scored_at)

),

timed as (

    select
        *,
        {{ milliseconds_between('coalesce(handoff_at, first_customer_message_at)', 'first_human_reply_at') }} as to_human_reply_ms,
        {{ milliseconds_between('started_at', 'resolved_at') }} as to_resolution_ms,
        {{ milliseconds_between('handoff_at', 'resolved_at') }} as handoff_to_resolution_ms,
        coalesce(initiated_by, 'customer') <> 'agent' as is_first_response_assessable
    from described

),

involved as (

    select
        *,
        first_ai_reply_at is not null
        or (handoff_at is not null and coalesce(handoff_reason, 'other') <> 'usage_limit')
        or not has_message_events as is_ai_involved,
        outcome <> 'open'
        and handoff_at is null
        and (first_human_reply_at is null or first_human_reply_at > ended_at) as is_uninterrupted,
        closed_by = 'ai_agent'
        or (closed_by in ('customer', 'unknown') and (last_ai_answer_no is not null or not has_message_events)) as is_closed_by_ai
    from timed

),

final as (

    select
        tenant_id,
        conversation_id,
        episode_no,
        customer_id,
        channel,
        agent_id,
        model,
        language,
        started_at,
        start_date,
        start_inferred,
        initiated_by,
        reopen_reason,
        first_customer_message_at,
        first_ai_reply_at,
        first_human_reply_at,
        last_message_at,
        handoff_at,
        escalated_date,
        handoff_reason,
        resolved_at,
        resolved_date,
        closed_by,
        customer_confirmed,
        resolve_event_count,
        abandoned_at,
        abandoned_date,
        ended_at,
        outcome,
        abandon_kind,
        customer_messages,
        ai_messages,
        human_messages,
        total_messages,
        responses,
        responses_explicit,
        response_time_sum_ms,
        -- Only the last turn can be without reply: the next reply answers whatever was asked before.
        cast(outcome = 'abandoned' and is_customer_last as integer) as unanswered_turns,
        case when is_first_response_assessable then first_response_ms end as first_response_ms,
        case when to_human_reply_ms >= 0 then to_human_reply_ms end as first_human_response_ms,
        to_resolution_ms as resolution_ms,
        case when handoff_to_resolution_ms >= 0 then handoff_to_resolution_ms end as human_resolution_ms,
        case when is_first_response_assessable then {{ business_ms(
            'involved.tenant_id', 'first_turn_started_at', 'first_turn_start_date', 'first_turn_replied_at', 'first_turn_reply_date'
        ) }} end as first_response_business_ms,
        {{ business_ms('involved.tenant_id', 'started_at', 'start_date', 'resolved_at', 'resolved_date') }} as resolution_business_ms,
        min_confidence,
        avg_confidence,
        knowledge_retrievals,
        zero_hit_retrievals,
        citation_clicks,
        csat_rating,
        csat_at,
        cast(headline_score as {{ type_double() }}) as quality_score,
        scorer_kind as quality_scorer_kind,
        is_ai_involved,
        is_ai_involved and outcome = 'resolved' and is_uninterrupted and coalesce(is_closed_by_ai, false) as is_ai_resolution,
        is_ai_involved and coalesce(closed_by in ('human', 'customer', 'unknown'), false) and not is_uninterrupted as is_assisted,
        case when is_ai_involved and outcome <> 'open' then is_uninterrupted end as is_contained,
        case
            when is_ai_involved and outcome <> 'open'
                then is_uninterrupted and has_ai_answer_to_customer and outcome in ('resolved', 'silent')
        end as is_assumed,
        case
            when is_ai_involved and outcome <> 'open'
                then is_uninterrupted and (coalesce(customer_confirmed, false) or coalesce(csat_rating >= 4, false))
        end as is_confirmed,
        case when is_ai_involved and outcome <> 'open' and is_scored then is_uninterrupted and is_score_high end as is_verified,
        reopened_at,
        event_count,
        coalesce(to_human_reply_ms < 0, false) or coalesce(handoff_to_resolution_ms < 0, false) as has_clock_skew,
        silence_ends_at
    from involved

)

select * from final

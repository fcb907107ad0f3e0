{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_conversations__touched_facts']}) }}
-- Events of the conversations this run reads, in order, each with its local day and hour, its episode and its turn.
with time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

source as (

    select events.*
    -- noqa: disable=LT02
    {% if is_full_run() -%}
    from {{ ref('stg_conversation_events') }} as events
    {%- else -%}
    -- One lookup per conversation; its bounds in time let it visit only the partitions in which the conversation lies.
    from {{ ref('int_conversations__touched_facts') }} as changed
    cross join lateral (
        select candidates.*
        from {{ ref('stg_conversation_events') }} as candidates
        where
            candidates.tenant_id = changed.tenant_id
            and candidates.conversation_id = changed.conversation_id
            and candidates.occurred_at between changed.first_event_at and changed.last_event_at
        {{ row_by_row() }}
    ) as events
    {%- endif %}
    -- noqa: enable=LT02
    where events.occurred_at <= {{ as_of() }}

),

localised as (

    select
        source.*,
        time_zones.last_date,
        {{ local_time('source.occurred_at', 'time_zones.zone') }} as local_at
    from source
    inner join time_zones
        on
            source.tenant_id = time_zones.tenant_id
            and source.occurred_at >= time_zones.from_at
            and source.occurred_at < time_zones.to_at

),

described as (

    select
        *,
        least(cast(local_at as date), last_date) as metric_date,
        {{ hour_start('occurred_at', 'local_at') }} as hour_start,
        cast(extract(hour from local_at) as integer) as local_hour,
        -- Thanks and goodbyes open no turn and reopen nothing.
        event_type = 'message_received' and coalesce(message_kind, 'other') <> 'closing' as is_customer_word,
        event_type = 'message_sent'
        and agent_kind in ('ai', 'human')
        and message_kind not in ('auto_reply', 'private_note') as is_public_reply,
        event_type = 'message_received' or (event_type = 'message_sent' and message_kind <> 'private_note') as is_public_message
    from localised

),

ordered as (

    select
        *,
        event_type in ('conversation_resolved', 'conversation_abandoned') as is_ending,
        is_customer_word or event_type in ('conversation_reopened', 'conversation_escalated') as is_resuming,
        row_number() over (
            partition by tenant_id, conversation_id order by occurred_at, event_rank, {{ bytewise('event_id') }}
        ) as event_no
    from described

),

-- After an ending a conversation is closed, after a resuming event it is open, whatever else happens in between. So an event opens a new
-- episode if it resumes and the last event of either kind before it was an ending: an odd number here.
marked as (

    select
        *,
        coalesce(
            max(event_no * 2 + cast(is_ending as integer)) filter (where is_ending or is_resuming) over earlier, 0
        ) % 2 = 1 as is_closed_before,
        count(*) filter (where is_public_reply) over earlier as turn_no
    from ordered
    window earlier as (
        partition by tenant_id, conversation_id
        order by occurred_at, event_rank, {{ bytewise('event_id') }}
        rows between unbounded preceding and 1 preceding
    )

),

final as (

    select
        tenant_id,
        conversation_id,
        cast(event_no as integer) as event_no,
        cast(1 + count(*) filter (where is_closed_before and is_resuming) over so_far as integer) as episode_no,
        -- Dates never go back inside a conversation, so the latest start is that of this episode.
        max(metric_date) filter (where event_no = 1 or (is_closed_before and is_resuming)) over so_far as episode_start_date,
        cast(turn_no as integer) as turn_no,
        event_type,
        occurred_at,
        metric_date,
        hour_start,
        local_hour,
        is_customer_word,
        is_public_reply,
        is_public_message,
        customer_id,
        channel,
        language,
        agent_id,
        agent_kind,
        model,
        message_kind,
        response_time_ms,
        confidence,
        initiated_by,
        closed_by,
        customer_confirmed,
        reason,
        result_count,
        rating
    from marked
    window so_far as (
        partition by tenant_id, conversation_id
        order by occurred_at, event_rank, {{ bytewise('event_id') }}
        rows unbounded preceding
    )

)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['tenant_id', 'start_date']},
        {'columns': ['tenant_id', 'resolved_date']},
        {'columns': ['tenant_id', 'escalated_date']},
        {'columns': ['tenant_id', 'abandoned_date']},
        {'columns': ['tenant_id', 'customer_id', 'resolved_at']},
        {'columns': ['reassess_at']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_conversations__touched_facts',
    'int_conversations__touched_conversations',
    'int_conversations__touched_weeks',
    'int_conversations__touched_months',
    'int_conversations__touched_quality_days'
) }}
{#- What hangs on the conversation's own facts; the rest is settled below, for touched neighbours too. -#}
{% set own_columns = [
    'tenant_id', 'conversation_id', 'episode_no', 'customer_id', 'channel', 'agent_id', 'model', 'language', 'started_at', 'start_date',
    'start_inferred', 'initiated_by', 'reopen_reason', 'first_customer_message_at', 'first_ai_reply_at', 'first_human_reply_at',
    'last_message_at', 'handoff_at', 'escalated_date', 'handoff_reason', 'resolved_at', 'resolved_date', 'closed_by', 'customer_confirmed',
    'resolve_event_count', 'abandoned_at', 'abandoned_date', 'ended_at', 'outcome', 'abandon_kind', 'customer_messages', 'ai_messages',
    'human_messages', 'total_messages', 'responses', 'responses_explicit', 'response_time_sum_ms', 'unanswered_turns', 'first_response_ms',
    'first_human_response_ms', 'resolution_ms', 'human_resolution_ms', 'first_response_business_ms', 'resolution_business_ms',
    'min_confidence', 'avg_confidence', 'knowledge_retrievals', 'zero_hit_retrievals', 'citation_clicks', 'csat_rating', 'csat_at',
    'quality_score', 'quality_scorer_kind', 'is_ai_involved', 'is_ai_resolution', 'is_assisted', 'is_contained', 'is_assumed',
    'is_confirmed', 'is_verified', 'reopened_at', 'event_count', 'has_clock_skew'
] %}
with assessed as (

    select * from {{ ref('int_conversations__assessed') }}

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

touched as (

    select
        {{ own_columns | join(',\n        ') }},
        silence_ends_at
    from assessed
    -- noqa: disable=LT02
    {% if is_incremental() -%}
    union all
    -- Touched only because a customer began, or no longer began, another conversation: their own facts stand.
    select
        {% for column in own_columns -%}
            built.{{ column }},
        {% endfor -%}
        cast(null as {{ type_instant() }}) as silence_ends_at
    from {{ this }} as built
    inner join {{ ref('int_conversations__touched_conversations') }} as touched_conversations
        on
            built.tenant_id = touched_conversations.tenant_id
            and built.conversation_id = touched_conversations.conversation_id
    where not exists (
        select 1 from {{ ref('int_conversations__touched_facts') }} as changed
        where
            changed.tenant_id = built.tenant_id
            and changed.conversation_id = built.conversation_id
    )
    {%- endif %}
    -- noqa: enable=LT02

),

dated as (

    select
        touched.*,
        spans.next_event_at,
        touched.resolved_at + {{ hours('24 * tenant_parameters.durable_days') }} as durable_ends_at,
        touched.resolved_at + {{ hours('24 * tenant_parameters.repeat_days') }} as repeat_ends_at,
        case when touched.is_ai_resolution and touched.customer_id is not null then (
            -- Not the CTE above: read twice it would be materialized, and this look-up would scan it for every row.
            select min(others.started_at)
            from {{ ref('int_conversations__spans') }} as others
            where
                others.tenant_id = touched.tenant_id
                and others.customer_id = touched.customer_id
                and others.started_at > touched.resolved_at
        ) end as next_conversation_at
    from touched
    inner join {{ ref('int_conversations__spans') }} as spans
        on
            touched.tenant_id = spans.tenant_id
            and touched.conversation_id = spans.conversation_id
    inner join tenant_parameters
        on
            touched.tenant_id = tenant_parameters.tenant_id
            and touched.start_date >= tenant_parameters.valid_from
            and touched.start_date < tenant_parameters.valid_to

),

lasted as (

    select
        *,
        case
            when not is_ai_involved or outcome = 'open' then null
            when not is_ai_resolution then false
            when reopened_at < durable_ends_at then false
            when durable_ends_at <= {{ as_of() }} then true
        end as is_durable
    from dated

),

settled as (

    select
        *,
        case
            when not is_ai_involved or outcome = 'open' or customer_id is null then null
            when not is_durable then false
            when next_conversation_at < repeat_ends_at then false
            when is_durable and repeat_ends_at <= {{ as_of() }} then true
        end as is_no_repeat
    from lasted

),

final as (

    select
        {{ own_columns | join(',\n        ') }},
        is_durable,
        is_no_repeat,
        -- The next instant at which time alone changes the row. Those that have passed are settled, so none of these has.
        least(
            case when ended_at is null then silence_ends_at end,
            next_event_at,
            case when is_ai_resolution and is_durable is null then durable_ends_at end,
            case when is_durable and is_no_repeat is null and customer_id is not null then repeat_ends_at end
        ) as reassess_at
    from settled

)

select * from final

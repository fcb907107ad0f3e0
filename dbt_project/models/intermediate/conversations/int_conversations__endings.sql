{{ config(materialized='view') }}
-- How each episode ended, by an event or by silence, and whose words were the last.
with episodes as (

    select * from {{ ref('int_conversations__episodes') }}

),

tenant_parameters as (

    select * from {{ ref('int_core__tenant_parameters') }}

),

words as (

    select
        episodes.*,
        tenant_parameters.assume_after_hours,
        tenant_parameters.abandon_after_hours,
        tenant_parameters.durable_days,
        tenant_parameters.repeat_days,
        tenant_parameters.verified_threshold,
        episodes.last_word_no is null as is_wordless,
        coalesce(episodes.last_customer_word_no = episodes.last_word_no, false) as is_customer_last,
        -- The agent spoke last, with an answer, after a customer message.
        coalesce(
            episodes.last_answer_no = episodes.last_word_no and episodes.first_customer_word_no < episodes.last_answer_no, false
        )
        and episodes.abandoned_at is null as is_answered,
        coalesce(episodes.first_customer_word_no < episodes.last_ai_answer_no, false) as has_ai_answer_to_customer
    from episodes
    inner join tenant_parameters
        on
            episodes.tenant_id = tenant_parameters.tenant_id
            and episodes.start_date >= tenant_parameters.valid_from
            and episodes.start_date < tenant_parameters.valid_to

),

windows as (

    select
        *,
        case when is_wordless then last_event_at else last_message_at end
        + {{ hours('case when is_answered then assume_after_hours else abandon_after_hours end') }} as silence_ends_at
    from words

),

ended as (

    select
        *,
        coalesce(
            resolved_at, abandoned_at, case when silence_ends_at <= {{ as_of() }} then silence_ends_at end
        ) as ended_at
    from windows

),

judged as (

    select
        *,
        case
            when handoff_at is not null then 'escalated'
            when resolved_at is not null and closed_by not in ('timeout', 'automation') then 'resolved'
            when ended_at is null then 'open'
            when is_answered then 'silent'
            else 'abandoned'
        end as outcome
    from ended

),

final as (

    select
        *,
        case
            when outcome <> 'abandoned' then null
            when abandoned_at is not null then 'explicit'
            when is_wordless then 'empty'
            when is_customer_last then 'unanswered'
            else 'customer_silent'
        end as abandon_kind
    from judged

)

select * from final

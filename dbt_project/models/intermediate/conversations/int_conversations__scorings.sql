{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    meta={'touched_by': 'int_conversations__touched_facts', 'touched_keys': ['tenant_id', 'conversation_id']},
    indexes=[
        {'columns': ['tenant_id', 'conversation_id']},
        {'columns': ['tenant_id', 'start_date']}
    ],
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after(
    'int_conversations__touched_facts', 'int_conversations__touched_weeks', 'int_conversations__touched_months',
    'int_conversations__touched_quality_days'
) }}
-- All attempts of one scorer at one conversation: the latest valid score, exact, and how many attempts there were. An attempt without any
-- dimension has failed, and never displaces an earlier valid one.
with scores as (

    select scores.*
    from {{ ref('stg_quality_scores') }} as scores
    {% if is_incremental() -%}
    inner join {{ ref('int_conversations__touched_facts') }} as changed
        on
            scores.tenant_id = changed.tenant_id
            and scores.conversation_id = changed.conversation_id
    {% endif -%}
    where scores.occurred_at <= {{ as_of() }}

),

headers as (

    select * from {{ ref('int_conversations__headers') }}

),

measured as (

    select
        *,
        {{ count_not_null(['helpfulness', 'accuracy', 'politeness', 'completeness']) }} as dimensions_scored,
        coalesce(helpfulness, 0) + coalesce(accuracy, 0) + coalesce(politeness, 0) + coalesce(completeness, 0) as score_sum
    from scores

),

ranked as (

    select
        *,
        dimensions_scored > 0 as is_valid,
        row_number() over (
            partition by tenant_id, conversation_id, scorer_kind, scorer, dimensions_scored > 0
            order by occurred_at desc, {{ bytewise('event_id') }} desc
        ) as age
    from measured

),

attempts as (

    select
        tenant_id,
        conversation_id,
        scorer_kind,
        scorer,
        cast(count(*) as integer) as attempts,
        cast(count(*) filter (where not is_valid) as integer) as failed_attempts,
        max(error) filter (where not is_valid and age = 1) as last_error
    from ranked
    group by tenant_id, conversation_id, scorer_kind, scorer

),

latest as (

    select
        *,
        row_number() over (
            partition by tenant_id, conversation_id
            order by
                case scorer_kind when 'human' then 0 when 'rule' then 1 else 2 end,
                occurred_at desc,
                {{ bytewise('event_id') }} desc
        ) = 1 as is_headline,
        scorer_kind = 'human' and row_number() over (
            partition by tenant_id, conversation_id, scorer_kind
            order by occurred_at desc, {{ bytewise('event_id') }} desc
        ) = 1 as is_latest_human
    from ranked
    where is_valid and age = 1

),

final as (

    select
        attempts.tenant_id,
        attempts.conversation_id,
        attempts.scorer_kind,
        attempts.scorer,
        headers.start_date,
        latest.helpfulness,
        latest.accuracy,
        latest.politeness,
        latest.completeness,
        coalesce(latest.dimensions_scored, 0) as dimensions_scored,
        latest.score_sum,
        -- 24 decimals: what is computed from it is right to the last bit of a double.
        round(latest.score_sum, 24) / latest.dimensions_scored as overall,
        latest.occurred_at as scored_at,
        attempts.attempts,
        attempts.failed_attempts,
        attempts.last_error,
        coalesce(latest.is_headline, false) as is_headline,
        coalesce(latest.is_latest_human, false) as is_latest_human
    from attempts
    left join latest
        on
            attempts.tenant_id = latest.tenant_id
            and attempts.conversation_id = latest.conversation_id
            and attempts.scorer_kind = latest.scorer_kind
            and attempts.scorer = latest.scorer
    left join headers
        on
            attempts.tenant_id = headers.tenant_id
            and attempts.conversation_id = headers.conversation_id

)

select * from final

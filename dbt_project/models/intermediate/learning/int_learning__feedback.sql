{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_learning__touched_feedback_targets']}) }}
-- All feedback on the targets this run reads again: its local day, its rating on one scale, and which ratings are a reviewer's latest.
with time_zones as (

    select * from {{ ref('int_core__time_zones') }}

),

feedback as (

    select feedback.*
    from {{ ref('stg_feedback') }} as feedback
    {% if not is_full_run() -%}
    inner join {{ ref('int_learning__touched_feedback_targets') }} as touched
        on
            feedback.tenant_id = touched.tenant_id
            and feedback.target_type = touched.target_type
            and feedback.target_id = touched.target_id
    {% endif -%}
    where feedback.occurred_at <= {{ as_of() }}

),

localised as (

    select
        feedback.*,
        least({{ local_date('feedback.occurred_at', 'time_zones.zone') }}, time_zones.last_date) as metric_date,
        {{ bytewise('feedback.feedback_id') }} as tie_break
    from feedback
    inner join time_zones
        on
            feedback.tenant_id = time_zones.tenant_id
            and feedback.occurred_at >= time_zones.from_at
            and feedback.occurred_at < time_zones.to_at

),

revised as (

    select
        *,
        row_number() over revisions as revision_number,
        lead(feedback_id) over revisions is null as is_latest
    from localised
    window revisions as (
        partition by tenant_id, target_type, target_id, source, reviewer_id order by occurred_at, tie_break
    )

),

final as (

    select
        tenant_id,
        feedback_id,
        occurred_at,
        metric_date,
        conversation_id,
        target_type,
        target_id,
        source,
        rating,
        cast(case source when 'inline' then (rating + 1) / 2.0 else (rating - 1) / 4.0 end as {{ type_double() }}) as rating_normalized,
        -- Masked before it is cut: a number cut in two would not look like one.
        left({{ mask_pii('comment') }}, 1000) as comment,
        reviewer_id,
        reviewer_role,
        action_id,
        -- Nobody knows whether two ratings without a reviewer are by the same person: each stands alone.
        cast(case when reviewer_id is null then 1 else revision_number end as integer) as revision_number,
        reviewer_id is null or is_latest as is_current
    from revised

)

select * from final

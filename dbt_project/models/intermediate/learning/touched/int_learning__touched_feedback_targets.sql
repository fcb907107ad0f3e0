{{ config(
    indexes=[{'columns': ['tenant_id', 'target_type', 'target_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Targets whose feedback must be read again: which of a reviewer's ratings is the latest hangs on all he gave to the target.
{% set keys = {'tenant_id': 'uuid', 'target_type': 'text', 'target_id': 'text'} %}
{% set previous_entries = previous_relation('feedback_entries', dict(keys, metric_date='date')) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with marks as (

    select * from {{ ref('int_core__marked_ranges') }}
    where is_mark

),

new_feedback as (

    select
        tenant_id,
        target_type,
        target_id
    from {{ arrived(ref('stg_feedback'), at='occurred_at') }} as feedback

),

in_touched_ranges as (

    select
        feedback_entries.tenant_id,
        feedback_entries.target_type,
        feedback_entries.target_id
    from {{ previous_entries }} as feedback_entries
    inner join {{ ref('int_core__marked_ranges') }} as ranges
        on
            feedback_entries.tenant_id = ranges.tenant_id
            and feedback_entries.metric_date between ranges.date_from and ranges.date_to

),

-- Local days are at most 14 hours from those of UTC.
raw_in_marks as (

    select
        feedback.tenant_id,
        feedback.target_type,
        feedback.target_id
    from marks
    inner join {{ ref('stg_feedback') }} as feedback
        on
            marks.tenant_id = feedback.tenant_id
            and feedback.occurred_at >= {{ utc_midnight('marks.date_from - 1') }}
            and feedback.occurred_at < {{ utc_midnight('marks.date_to + 2') }}

),

backlog as (

    {{ backlog(['tenant_id', 'target_type', 'target_id']) }}

),

final as (

    select * from new_feedback
    union
    select * from in_touched_ranges
    union
    select * from raw_in_marks
    union
    select * from backlog

)

select * from final
{%- endif %}

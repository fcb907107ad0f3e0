{{ config(
    indexes=[{'columns': ['tenant_id', 'metric_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_learning__touched_feedback_targets', 'int_core__marked_ranges', 'stg_touched_backlog']}
) }}
-- Days whose feedback may come out differently: all days on which touched targets were or are rated, since a rating on a later day makes an
-- earlier one count no longer; and days asked for.
{% set keys = {'tenant_id': 'uuid', 'metric_date': 'date'} %}
{% set previous_entries = previous_relation('feedback_entries', dict(keys, target_type='text', target_id='text')) %}
{% set previous_days = previous_relation('feedback_summary', keys) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with before as (

    select
        feedback_entries.tenant_id,
        feedback_entries.metric_date
    from {{ previous_entries }} as feedback_entries
    inner join {{ ref('int_learning__touched_feedback_targets') }} as touched
        on
            feedback_entries.tenant_id = touched.tenant_id
            and feedback_entries.target_type = touched.target_type
            and feedback_entries.target_id = touched.target_id

),

after as (

    select
        tenant_id,
        metric_date
    from {{ ref('int_learning__feedback') }}

),

in_touched_ranges as (

    select
        feedback_summary.tenant_id,
        feedback_summary.metric_date
    from {{ previous_days }} as feedback_summary
    inner join {{ ref('int_core__marked_ranges') }} as ranges
        on
            feedback_summary.tenant_id = ranges.tenant_id
            and feedback_summary.metric_date between ranges.date_from and ranges.date_to

),

backlog as (

    {{ backlog(['tenant_id', 'metric_date']) }}

),

final as (

    select * from before
    union
    select * from after
    union
    select * from in_touched_ranges
    union
    select * from backlog

)

select * from final
{%- endif %}

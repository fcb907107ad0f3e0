{{ config(meta={'rows_of': ['int_core__marked_ranges']}) }}
-- Conversations of which a local day lies in a range that is recomputed as a whole, as they were built, and of marks as raw has them.
{% set keys = {'tenant_id': 'uuid', 'conversation_id': 'text'} %}
{% set previous_activity = previous_relation('int_conversations__activity', dict(keys, metric_date='date')) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with ranges as (

    select * from {{ ref('int_core__marked_ranges') }}

),

built as (

    select
        activity.tenant_id,
        activity.conversation_id
    from {{ previous_activity }} as activity
    inner join ranges
        on
            activity.tenant_id = ranges.tenant_id
            and activity.metric_date between ranges.date_from and ranges.date_to

),

-- Local days are at most 14 hours from those of UTC.
raw_in_marks as (

    select
        events.tenant_id,
        events.conversation_id
    from ranges
    inner join {{ ref('stg_conversation_events') }} as events
        on
            ranges.tenant_id = events.tenant_id
            and events.occurred_at >= {{ utc_midnight('ranges.date_from - 1') }}
            and events.occurred_at < {{ utc_midnight('ranges.date_to + 2') }}
    where ranges.is_mark

),

final as (

    select * from built
    union
    select * from raw_in_marks

)

select * from final
{%- endif %}

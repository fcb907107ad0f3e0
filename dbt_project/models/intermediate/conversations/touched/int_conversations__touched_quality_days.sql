{{ config(
    indexes=[{'columns': ['tenant_id', 'metric_date'], 'unique': true}],
    meta={'rows_of': ['int_conversations__touched_facts', 'int_conversations__touched_cells', 'stg_touched_backlog']}
) }}
-- Days whose quality may change: the start days of changed conversations with scores, and the 55 days after, whose means over 28 days and
-- comparison with the 28 days before look back at them.
{% set keys = {'tenant_id': 'uuid', 'conversation_id': 'text'} %}
{% set previous_scorings = previous_relation('int_conversations__scorings', dict(keys, start_date='date')) %}
{%- if is_full_run() %}
select * from {{ no_rows({'tenant_id': 'uuid', 'metric_date': 'date'}) }} as nothing
{%- else %}
with changed as (

    select
        tenant_id,
        conversation_id
    from {{ ref('int_conversations__touched_facts') }}

),

before as (

    select
        scorings.tenant_id,
        scorings.start_date
    from {{ previous_scorings }} as scorings
    inner join changed
        on
            scorings.tenant_id = changed.tenant_id
            and scorings.conversation_id = changed.conversation_id

),

after as (

    select
        headers.tenant_id,
        headers.start_date
    from {{ ref('int_conversations__headers') }} as headers
    inner join {{ ref('stg_quality_scores') }} as scores
        on
            headers.tenant_id = scores.tenant_id
            and headers.conversation_id = scores.conversation_id

),

start_days as (

    select
        tenant_id,
        start_date
    from before
    where start_date is not null
    union
    select
        tenant_id,
        start_date
    from after
    where start_date is not null

),

backlog as (

    {{ backlog(['tenant_id', 'metric_date']) }}

),

final as (

    select distinct
        start_days.tenant_id,
        series.day as metric_date
    from start_days
    cross join lateral {{ date_series('start_days.start_date', 'start_days.start_date + 55') }}
    union
    select
        tenant_id,
        metric_date
    from backlog
    union
    select
        tenant_id,
        metric_date
    from {{ ref('int_conversations__touched_cells') }}

)

select * from final
{%- endif %}

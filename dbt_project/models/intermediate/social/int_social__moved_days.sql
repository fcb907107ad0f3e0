{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_social__touched_objects']}) }}
-- Days whose figures a new sample moves: from the sample before it, or the beginning, to the one after it. Empty in a full run.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'metric_date': 'date'} %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with samples as (

    select * from {{ ref('int_social__samples') }}

),

totals as (

    select * from samples
    where
        kind = 'total'
        and value is not null

),

known_days as (

    select
        {{ series_columns() }},
        metric_date,
        lag(metric_date) over neighbours as previous_date,
        lead(metric_date) over neighbours as next_date
    from totals
    group by {{ series_columns() }}, metric_date
    window neighbours as (partition by {{ series_columns() }} order by metric_date)

),

-- A key that comes for the first time counts from the answer before, whichever keys that had.
answered_days as (

    select
        tenant_id,
        account_id,
        object_id,
        source_metric,
        metric_date,
        lag(metric_date) over neighbours as previous_date,
        lead(metric_date) over neighbours as next_date
    from totals
    group by tenant_id, account_id, object_id, source_metric, metric_date
    window neighbours as (partition by tenant_id, account_id, object_id, source_metric order by metric_date)

),

new_totals as (

    select * from totals
    where is_new

),

moved as (

    -- All else says something of its own day only.
    select
        tenant_id,
        account_id,
        object_id,
        metric_date as date_from,
        metric_date as date_to
    from samples
    where is_new
    union
    select
        new_totals.tenant_id,
        new_totals.account_id,
        new_totals.object_id,
        coalesce(known_days.previous_date, least(new_totals.base_date, new_totals.metric_date)) as date_from,
        coalesce(known_days.next_date, new_totals.metric_date) as date_to
    from new_totals
    inner join known_days
        on
            {{ same_series('new_totals', 'known_days') }}
            and new_totals.metric_date = known_days.metric_date
    union
    select
        new_totals.tenant_id,
        new_totals.account_id,
        new_totals.object_id,
        coalesce(answered_days.previous_date, new_totals.metric_date) as date_from,
        coalesce(answered_days.next_date, new_totals.metric_date) as date_to
    from new_totals
    inner join answered_days
        on
            {{ same_object('new_totals', 'answered_days') }}
            and new_totals.source_metric = answered_days.source_metric
            and new_totals.metric_date = answered_days.metric_date

),

final as (

    select distinct
        moved.tenant_id,
        moved.account_id,
        moved.object_id,
        series.day as metric_date
    from moved
    cross join lateral {{ date_series('moved.date_from', 'moved.date_to') }}

)

select * from final
{%- endif %}

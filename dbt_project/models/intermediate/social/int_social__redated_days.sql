{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_social__whole_ranges']}) }}
-- All days within int_social__whole_ranges that have figures now, or had some before. Empty in a full run.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'metric_date': 'date'} %}
{% set previous_metrics = previous_relation('engagement_metrics', columns) %}
{% set previous_reach = previous_relation('account_reach', {'tenant_id': 'uuid', 'account_id': 'uuid', 'window_end_date': 'date'}) %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with whole_ranges as (

    select * from {{ ref('int_social__whole_ranges') }}

),

-- Whole accounts, rare, and single objects, each new post, are looked up apart: all of an account is not read for one post.
touched_accounts as (

    select
        tenant_id,
        account_id,
        min(date_from) as first_date,
        max(date_to) as last_date
    from whole_ranges
    where object_id is null
    group by tenant_id, account_id

),

touched_objects as (

    select
        tenant_id,
        account_id,
        object_id,
        min(date_from) as first_date,
        max(date_to) as last_date
    from whole_ranges
    where object_id is not null
    group by tenant_id, account_id, object_id

),

windows_of_accounts as (

    select observations.*
    from touched_accounts
    cross join lateral (
        select candidates.*
        from {{ ref('stg_metric_observations') }} as candidates
        where
            candidates.tenant_id = touched_accounts.tenant_id
            and candidates.account_id = touched_accounts.account_id
            and not candidates.is_sample
        {{ row_by_row() }}
    ) as observations

),

windows_of_objects as (

    select observations.*
    from touched_objects
    cross join lateral (
        select candidates.*
        from {{ ref('stg_metric_observations') }} as candidates
        where
            {{ same_object('candidates', 'touched_objects') }}
            and not candidates.is_sample
        {{ row_by_row() }}
    ) as observations

),

windows as (

    select * from windows_of_accounts
    union all
    select * from windows_of_objects

),

dated_windows as (

    select * from {{ dated_observations('windows') }} as dated_observations
    where metric_date is not null

),

-- Nothing comes of samples outside of these days.
sampled_spans as (

    select
        samples.tenant_id,
        samples.account_id,
        samples.object_id,
        least(min(samples.base_date), min(samples.metric_date)) as first_date,
        max(samples.metric_date) as last_date
    from {{ ref('int_social__samples') }} as samples
    inner join whole_ranges
        on
            samples.tenant_id = whole_ranges.tenant_id
            and samples.account_id = whole_ranges.account_id
            and coalesce(whole_ranges.object_id, samples.object_id) = samples.object_id
    group by samples.tenant_id, samples.account_id, samples.object_id

),

days as (

    select
        sampled_spans.tenant_id,
        sampled_spans.account_id,
        sampled_spans.object_id,
        series.day as metric_date
    from sampled_spans
    cross join lateral {{ date_series('sampled_spans.first_date', 'sampled_spans.last_date + 1') }}
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from dated_windows
    union
    select
        engagement_metrics.tenant_id,
        engagement_metrics.account_id,
        engagement_metrics.object_id,
        engagement_metrics.metric_date
    from touched_accounts
    inner join {{ previous_metrics }} as engagement_metrics
        on
            touched_accounts.tenant_id = engagement_metrics.tenant_id
            and touched_accounts.account_id = engagement_metrics.account_id
            and engagement_metrics.metric_date between touched_accounts.first_date and touched_accounts.last_date
    union
    select
        engagement_metrics.tenant_id,
        engagement_metrics.account_id,
        engagement_metrics.object_id,
        engagement_metrics.metric_date
    from touched_objects
    inner join {{ previous_metrics }} as engagement_metrics
        on
            {{ same_object('touched_objects', 'engagement_metrics') }}
            and engagement_metrics.metric_date between touched_objects.first_date and touched_objects.last_date
    union
    select
        account_reach.tenant_id,
        account_reach.account_id,
        accounts.graph_id as object_id,
        account_reach.window_end_date as metric_date
    from touched_accounts
    inner join {{ previous_reach }} as account_reach
        on
            touched_accounts.tenant_id = account_reach.tenant_id
            and touched_accounts.account_id = account_reach.account_id
            and account_reach.window_end_date between touched_accounts.first_date and touched_accounts.last_date
    inner join {{ ref('stg_graph_accounts') }} as accounts
        on
            touched_accounts.tenant_id = accounts.tenant_id
            and touched_accounts.account_id = accounts.account_id

),

final as (

    select distinct
        days.tenant_id,
        days.account_id,
        days.object_id,
        days.metric_date
    from days
    inner join whole_ranges
        on
            days.tenant_id = whole_ranges.tenant_id
            and days.account_id = whole_ranges.account_id
            and coalesce(whole_ranges.object_id, days.object_id) = days.object_id
            and days.metric_date between whole_ranges.date_from and whole_ranges.date_to

)

select * from final
{%- endif %}

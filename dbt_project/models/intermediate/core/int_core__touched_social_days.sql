{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days of pages, accounts, posts and media whose metrics may come out differently. Time alone changes none: what is provisional stays so
-- until the next answer. A full run computes all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'metric_date': 'date'} %}
{% set previous_metrics = previous_relation('engagement_metrics', keys) %}
{% set previous_reach = previous_relation('account_reach', {'tenant_id': 'uuid', 'account_id': 'uuid', 'window_end_date': 'date'}) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with samples as (

    select * from {{ ref('int_social__samples') }}

),

accounts as (

    select * from {{ ref('stg_graph_accounts') }}

),

-- A new sample moves the totals at all midnights between the sample before it and the one after it, or since the beginning.
sampled_days as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        metric_date,
        lag(metric_date) over neighbours as previous_date,
        lead(metric_date) over neighbours as next_date
    from samples
    where value is not null
    group by tenant_id, account_id, object_id, metric_name, metric_date
    window neighbours as (partition by tenant_id, account_id, object_id, metric_name order by metric_date)

),

new_samples as (

    select distinct
        samples.tenant_id,
        samples.account_id,
        samples.object_id,
        coalesce(sampled_days.previous_date, least(samples.base_date, samples.metric_date)) as date_from,
        coalesce(sampled_days.next_date, samples.metric_date) as date_to
    from samples
    left join sampled_days
        on
            samples.tenant_id = sampled_days.tenant_id
            and samples.account_id = sampled_days.account_id
            and samples.object_id = sampled_days.object_id
            and samples.metric_name = sampled_days.metric_name
            and samples.metric_date = sampled_days.metric_date
    where samples.is_new

),

new_days as (

    select
        new_samples.tenant_id,
        new_samples.account_id,
        new_samples.object_id,
        series.day as metric_date
    from new_samples
    cross join lateral {{ date_series('new_samples.date_from', 'new_samples.date_to') }}
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ dated_observations() }} as windows
    where
        not is_sample
        and metric_date is not null
        and {{ is_new_row('windows') }}

),

-- Growth is the difference of two days.
with_next_days as (

    select * from new_days
    union
    select
        new_days.tenant_id,
        new_days.account_id,
        new_days.object_id,
        new_days.metric_date + 1
    from new_days
    inner join accounts
        on
            new_days.tenant_id = accounts.tenant_id
            and new_days.account_id = accounts.account_id
            and new_days.object_id = accounts.graph_id

),

-- All days of accounts whose rule changed, marked days of all accounts, all days of an object whose publication is news.
revisions as (

    select
        objects.*,
        {{ is_new_row('objects') }} as is_new,
        lag(objects.published_at) over (
            partition by objects.tenant_id, objects.account_id, objects.object_id order by objects.revision
        ) as published_before
    from {{ ref('stg_graph_objects') }} as objects
    where objects.observed_at <= {{ as_of() }}

),

whole_ranges as (

    select
        tenant_id,
        account_id,
        null::text as object_id,
        date '-infinity' as date_from,
        date 'infinity' as date_to
    from accounts
    where ingest_xid >= {{ xid_from() }}
    union
    select
        accounts.tenant_id,
        accounts.account_id,
        null::text as object_id,
        ranges.date_from,
        ranges.date_to
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join accounts on ranges.tenant_id = accounts.tenant_id
    union
    select
        tenant_id,
        account_id,
        object_id,
        date '-infinity' as date_from,
        date 'infinity' as date_to
    from revisions
    where
        is_new
        and published_at is distinct from published_before

),

whole_accounts as (

    select distinct
        tenant_id,
        account_id
    from whole_ranges

),

-- Nothing is known of an object outside of these days.
sampled_spans as (

    select
        tenant_id,
        account_id,
        object_id,
        least(min(base_date), min(metric_date)) as first_date,
        max(metric_date) as last_date
    from samples
    group by tenant_id, account_id, object_id

),

in_whole_ranges as (

    select
        days.tenant_id,
        days.account_id,
        days.object_id,
        days.metric_date
    from (
        select
            sampled_spans.tenant_id,
            sampled_spans.account_id,
            sampled_spans.object_id,
            series.day as metric_date
        from sampled_spans
        inner join whole_accounts as touched
            on
                sampled_spans.tenant_id = touched.tenant_id
                and sampled_spans.account_id = touched.account_id
        cross join lateral {{ date_series('sampled_spans.first_date', 'sampled_spans.last_date + 1') }}
        union
        select
            tenant_id,
            account_id,
            object_id,
            metric_date
        from {{ previous_metrics }} as engagement_metrics
    ) as days
    inner join whole_ranges
        on
            days.tenant_id = whole_ranges.tenant_id
            and days.account_id = whole_ranges.account_id
            and coalesce(whole_ranges.object_id, days.object_id) = days.object_id
            and days.metric_date between whole_ranges.date_from and whole_ranges.date_to
    union
    select
        windows.tenant_id,
        windows.account_id,
        windows.object_id,
        windows.metric_date
    from {{ dated_observations() }} as windows
    inner join whole_ranges
        on
            windows.tenant_id = whole_ranges.tenant_id
            and windows.account_id = whole_ranges.account_id
            and windows.metric_date between whole_ranges.date_from and whole_ranges.date_to
    where not windows.is_sample
    union
    select
        account_reach.tenant_id,
        account_reach.account_id,
        accounts.graph_id,
        account_reach.window_end_date
    from {{ previous_reach }} as account_reach
    inner join accounts
        on
            account_reach.tenant_id = accounts.tenant_id
            and account_reach.account_id = accounts.account_id
    inner join whole_ranges
        on
            account_reach.tenant_id = whole_ranges.tenant_id
            and account_reach.account_id = whole_ranges.account_id
            and account_reach.window_end_date between whole_ranges.date_from and whole_ranges.date_to

),

backlog as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_social_days'

),

final as (

    select * from with_next_days
    union
    select * from in_whole_ranges
    union
    select * from backlog

)

select * from final
{%- endif %}

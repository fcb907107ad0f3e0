{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date', 'metric_name'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Each metric of an account on a day: what the ledger tells of it by name, and when its newest value came.
--
-- The ledger names the metrics of accounts one by one, of posts only those that were refused. Which of them were asked for follows from the
-- call groups; how often is not told.
with days as (

    select
        collection_days.*,
        accounts.platform
    from {{ ref('int_social__collection_days') }} as collection_days
    inner join {{ ref('stg_collected_accounts') }} as accounts
        on
            collection_days.tenant_id = accounts.tenant_id
            and collection_days.account_id = accounts.account_id

),

entries as (

    select
        days.platform as account_platform,
        days.collection_date,
        ledger.*,
        -- An item that was sent again counts once a day, as it ended.
        row_number() over (
            partition by ledger.tenant_id, ledger.account_id, days.collection_date, ledger.plan_key, ledger.metric
            order by ledger.attempt desc, ledger.ledger_id desc
        ) as newest_no
    from {{ by_utc_date('days') }} as days
    inner join {{ ref('stg_collection_ledger') }} as ledger
        on
            days.tenant_id = ledger.tenant_id
            and days.account_id = ledger.account_id
            and days.utc_date = {{ local_date('ledger.finished_at', "'UTC'") }}
            and days.day_start <= ledger.finished_at
            and days.day_end > ledger.finished_at
    where ledger.finished_at <= {{ as_of() }}

),

sampled_groups as (

    select distinct
        tenant_id,
        account_id,
        account_platform,
        collection_date,
        group_name,
        media_product
    from entries
    where
        is_item
        and is_settled
        and object_id <> ''
        and asked_count > 0

),

-- Everything that is told of a metric on a day. What only says that the metric exists counts nothing; the value of one nobody asked for
-- shows that the account is alive.
told as (

    select
        tenant_id,
        account_id,
        collection_date,
        metric as metric_name,
        true as has_row,
        case when is_of_account and newest_no = 1 then asked_count end as asked_count,
        case when is_of_account and newest_no = 1 then answered_count end as answered_count,
        is_refused and newest_no = 1 as is_refused,
        state,
        cast(null as {{ type_instant() }}) as quarantined_until,
        false as is_quarantine_refused
    from entries
    where not is_item
    union all
    select
        sampled_groups.tenant_id,
        sampled_groups.account_id,
        sampled_groups.collection_date,
        group_metrics.metric,
        true as has_row,
        cast(null as integer) as asked_count,
        cast(null as integer) as answered_count,
        false as is_refused,
        cast(null as {{ type_text() }}) as state,
        cast(null as {{ type_instant() }}) as quarantined_until,
        false as is_quarantine_refused
    from sampled_groups
    inner join {{ ref('stg_call_group_metrics') }} as group_metrics
        on
            sampled_groups.group_name = group_metrics.group_name
            and sampled_groups.account_platform = group_metrics.platform
            and (
                group_metrics.media_products is null
                or sampled_groups.media_product is null
                or '|' || group_metrics.media_products || '|' like '%|' || sampled_groups.media_product || '|%'
            )
    union all
    select
        tenant_id,
        account_id,
        collection_date,
        metric,
        true as has_row,
        cast(null as integer) as asked_count,
        cast(null as integer) as answered_count,
        false as is_refused,
        cast(null as {{ type_text() }}) as state,
        quarantined_until,
        is_refused as is_quarantine_refused
    from {{ ref('int_social__quarantines') }}
    union all
    select
        days.tenant_id,
        days.account_id,
        days.collection_date,
        group_metrics.metric,
        false as has_row,
        cast(null as integer) as asked_count,
        cast(null as integer) as answered_count,
        false as is_refused,
        cast(null as {{ type_text() }}) as state,
        cast(null as {{ type_instant() }}) as quarantined_until,
        false as is_quarantine_refused
    from days
    inner join {{ ref('stg_call_group_metrics') }} as group_metrics on days.platform = group_metrics.platform

),

by_metric as (

    select
        tenant_id,
        account_id,
        collection_date,
        metric_name,
        bool_or(has_row) as has_row,
        cast(sum(asked_count) as integer) as asked_count,
        cast(sum(answered_count) as integer) as answered_count,
        bool_or(is_refused) as is_refused,
        {{ for_each_state("cast(count(*) filter (where state = 'STATE') as integer) as STATE_count") }},
        max(quarantined_until) as quarantined_until,
        bool_or(is_quarantine_refused) as is_quarantine_refused
    from told
    group by tenant_id, account_id, collection_date, metric_name

),

final as (

    select
        by_metric.*,
        newest.observed_at as last_value_at
    from by_metric
    inner join days
        on
            by_metric.tenant_id = days.tenant_id
            and by_metric.account_id = days.account_id
            and by_metric.collection_date = days.collection_date
    -- The first of the index and not a maximum, for which all values before the day would be read, every day.
    left join lateral (
        select observations.observed_at
        from {{ ref('stg_metric_observations') }} as observations
        where
            by_metric.tenant_id = observations.tenant_id
            and by_metric.account_id = observations.account_id
            and by_metric.metric_name = observations.metric
            and observations.state = 'ok'
            and days.day_end > observations.observed_at
            and observations.observed_at <= {{ as_of() }}
        order by observations.observed_at desc
        limit 1
    ) as newest on true

)

select * from final

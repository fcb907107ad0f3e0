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
        days.collection_date,
        ledger.*,
        -- An item that was sent again counts once a day, as it ended.
        row_number() over (
            partition by ledger.tenant_id, ledger.account_id, days.collection_date, ledger.plan_key, ledger.metric
            order by ledger.attempt desc, ledger.ledger_id desc
        ) as newest_no
    from days
    inner join {{ ref('stg_collection_ledger') }} as ledger
        on
            days.tenant_id = ledger.tenant_id
            and days.account_id = ledger.account_id
            and days.day_start <= ledger.finished_at
            and days.day_end > ledger.finished_at
    where ledger.finished_at <= {{ as_of() }}

),

named as (

    select
        tenant_id,
        account_id,
        collection_date,
        metric as metric_name,
        sum(asked_count) filter (where is_of_account and newest_no = 1) as asked_count,
        sum(answered_count) filter (where is_of_account and newest_no = 1) as answered_count,
        bool_or(is_refused and newest_no = 1) as is_refused,
        {{ for_each_state("count(*) filter (where state = 'STATE') as STATE_count") }},
        true as is_named
    from entries
    where not is_item
    group by tenant_id, account_id, collection_date, metric

),

sampled as (

    select distinct
        entries.tenant_id,
        entries.account_id,
        entries.collection_date,
        group_metrics.metric as metric_name
    from entries
    inner join {{ ref('stg_call_group_metrics') }} as group_metrics
        on
            entries.group_name = group_metrics.group_name
            and (
                group_metrics.media_products is null
                or entries.media_product is null
                or '|' || group_metrics.media_products || '|' like '%|' || entries.media_product || '|%'
            )
    where
        entries.is_item
        and entries.is_settled
        and entries.object_id <> ''
        and entries.asked_count > 0

),

quarantined as (

    select * from {{ ref('int_social__quarantines') }}

),

-- Metrics that a row may be about, and those whose values show that the account is alive.
known_names as (

    select
        tenant_id,
        account_id,
        collection_date,
        metric_name
    from named
    union
    select
        tenant_id,
        account_id,
        collection_date,
        metric
    from quarantined
    union
    select distinct
        days.tenant_id,
        days.account_id,
        days.collection_date,
        group_metrics.metric
    from days
    inner join {{ ref('stg_call_group_metrics') }} as group_metrics on days.platform = group_metrics.platform

),

final as (

    select
        known_names.tenant_id,
        known_names.account_id,
        known_names.collection_date,
        known_names.metric_name,
        coalesce(named.is_named, false) or sampled.metric_name is not null or quarantined.metric is not null as has_row,
        named.asked_count::integer as asked_count,
        named.answered_count::integer as answered_count,
        coalesce(named.is_refused, false) as is_refused,
        {{ for_each_state("coalesce(named.STATE_count, 0)::integer as STATE_count") }},
        quarantined.quarantined_until,
        coalesce(quarantined.is_refused, false) as is_quarantine_refused,
        newest.observed_at as last_value_at
    from known_names
    inner join days
        on
            known_names.tenant_id = days.tenant_id
            and known_names.account_id = days.account_id
            and known_names.collection_date = days.collection_date
    left join named
        on
            known_names.tenant_id = named.tenant_id
            and known_names.account_id = named.account_id
            and known_names.collection_date = named.collection_date
            and known_names.metric_name = named.metric_name
    left join sampled
        on
            known_names.tenant_id = sampled.tenant_id
            and known_names.account_id = sampled.account_id
            and known_names.collection_date = sampled.collection_date
            and known_names.metric_name = sampled.metric_name
    left join quarantined
        on
            known_names.tenant_id = quarantined.tenant_id
            and known_names.account_id = quarantined.account_id
            and known_names.collection_date = quarantined.collection_date
            and known_names.metric_name = quarantined.metric
    -- The first of the index and not a maximum, for which all values before the day would be read, every day.
    left join lateral (
        select observations.observed_at
        from {{ ref('stg_metric_observations') }} as observations
        where
            known_names.tenant_id = observations.tenant_id
            and known_names.account_id = observations.account_id
            and known_names.metric_name = observations.metric
            and observations.state = 'ok'
            and days.day_end > observations.observed_at
            and observations.observed_at <= {{ as_of() }}
        order by observations.observed_at desc
        limit 1
    ) as newest on true

)

select * from final

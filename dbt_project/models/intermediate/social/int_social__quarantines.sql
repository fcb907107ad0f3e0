{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Metrics that were left alone at the end of a day because Meta had refused them. An answer since then, if only to a probe, lifts it.
with days as (

    select * from {{ ref('int_social__collection_days') }}

),

looked_at as (

    select
        tenant_id,
        account_id,
        min(known_to) as looked_from,
        max(collection_date) as last_date
    from days
    group by tenant_id, account_id

),

refusals as (

    select
        ledger.*,
        looked_at.last_date
    from looked_at
    inner join {{ ref('stg_collection_ledger') }} as ledger
        on
            looked_at.tenant_id = ledger.tenant_id
            and looked_at.account_id = ledger.account_id
            and looked_at.looked_from < ledger.retry_after
    where
        ledger.state <> 'throttled'
        and ledger.object_id = ''
        and not ledger.is_item
        and ledger.finished_at <= {{ as_of() }}

),

-- A refusal holds for some days: it is laid out by day rather than compared with every day. Local days are at most one from those of UTC.
refused as (

    select
        days.collection_date,
        days.day_end,
        refusals.*
    from refusals
    cross join lateral {{ date_series(
        local_date('refusals.finished_at', "'UTC'") ~ ' - 1',
        'least(' ~ local_date('refusals.retry_after', "'UTC'") ~ ' + 1, refusals.last_date)'
    ) }}
    inner join days
        on
            refusals.tenant_id = days.tenant_id
            and refusals.account_id = days.account_id
            and series.day = days.collection_date
            and refusals.finished_at < days.day_end
            and refusals.retry_after > days.known_to

),

final as (

    select
        refused.tenant_id,
        refused.account_id,
        refused.collection_date,
        refused.metric,
        bool_or(refused.is_refused) as is_refused,
        max(refused.retry_after) as quarantined_until
    from refused
    where
        not exists (
            select 1
            from {{ ref('stg_collection_ledger') }} as later
            where
                later.finished_at <= {{ as_of() }}
                and refused.tenant_id = later.tenant_id
                and refused.account_id = later.account_id
                and refused.metric = later.metric
                and refused.ledger_id < later.ledger_id
                and refused.object_type = later.object_type
                and refused.media_product is not distinct from later.media_product
                and refused.period = later.period
                and (refused.state <> 'not_supported' or refused.group_name = later.group_name)
                and later.answered_count > 0
                and refused.day_end > later.finished_at
        )
    group by refused.tenant_id, refused.account_id, refused.collection_date, refused.metric

)

select * from final

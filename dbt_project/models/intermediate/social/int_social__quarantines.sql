{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Metrics that were left alone at the end of a day because Meta had refused them. An answer since then, if only to a probe, lifts it.
with refusals as (

    select * from {{ ref('stg_collection_ledger') }}
    where
        retry_after is not null
        and state <> 'throttled'
        and object_id = ''
        and not is_item
        and finished_at <= {{ as_of() }}

),

refused as (

    select
        days.collection_date,
        days.day_end,
        refusals.*
    from {{ ref('int_social__collection_days') }} as days
    inner join refusals
        on
            days.tenant_id = refusals.tenant_id
            and days.account_id = refusals.account_id
            and days.day_end > refusals.finished_at
            and days.known_to < refusals.retry_after

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

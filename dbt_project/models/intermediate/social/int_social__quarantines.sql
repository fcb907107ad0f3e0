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

first_refusals as (

    select
        tenant_id,
        account_id,
        metric,
        min(ledger_id) as ledger_id
    from refusals
    group by tenant_id, account_id, metric

),

-- Answers to metrics that had been refused. Distinct, so that they are found once and not again for every day of every refusal.
answers as (

    select distinct
        ledger.ledger_id,
        ledger.tenant_id,
        ledger.account_id,
        ledger.metric,
        ledger.object_type,
        ledger.media_product,
        ledger.period,
        ledger.group_name,
        ledger.finished_at
    from first_refusals
    inner join {{ ref('stg_collection_ledger') }} as ledger
        on
            first_refusals.tenant_id = ledger.tenant_id
            and first_refusals.account_id = ledger.account_id
            and first_refusals.metric = ledger.metric
            and first_refusals.ledger_id < ledger.ledger_id
    where
        ledger.answered_count > 0
        and ledger.finished_at <= {{ as_of() }}

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
            from answers
            where
                refused.tenant_id = answers.tenant_id
                and refused.account_id = answers.account_id
                and refused.metric = answers.metric
                and refused.ledger_id < answers.ledger_id
                and refused.object_type = answers.object_type
                and refused.media_product is not distinct from answers.media_product
                and refused.period = answers.period
                and (refused.state <> 'not_supported' or refused.group_name = answers.group_name)
                and refused.day_end > answers.finished_at
        )
    group by refused.tenant_id, refused.account_id, refused.collection_date, refused.metric

)

select * from final

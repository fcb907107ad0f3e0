{% set last_instant = 'case when asked.is_active then ' ~ as_of() ~ ' else asked.last_at end' %}
-- First and last local day of an account's collection: from the first request to the present day of the tenant, or to the last request of
-- an account that is no longer collected.
with accounts as (

    select * from {{ ref('stg_collected_accounts') }}

),

-- The first and the last of the index and not an extreme, for which every row would be looked at.
asked as (

    select
        accounts.tenant_id,
        accounts.account_id,
        accounts.is_active,
        firsts.finished_at as first_at,
        lasts.finished_at as last_at
    from accounts
    inner join lateral (
        select ledger.finished_at
        from {{ ref('stg_collection_ledger') }} as ledger
        where
            accounts.tenant_id = ledger.tenant_id
            and accounts.account_id = ledger.account_id
            and ledger.finished_at <= {{ as_of() }}
        order by ledger.finished_at
        limit 1
    ) as firsts on true
    inner join lateral (
        select ledger.finished_at
        from {{ ref('stg_collection_ledger') }} as ledger
        where
            accounts.tenant_id = ledger.tenant_id
            and accounts.account_id = ledger.account_id
            and ledger.finished_at <= {{ as_of() }}
        order by ledger.finished_at desc
        limit 1
    ) as lasts on true
),

final as (

    select
        asked.tenant_id,
        asked.account_id,
        least({{ local_date('asked.first_at', 'first_zone.zone') }}, first_zone.last_date) as first_date,
        least({{ local_date(last_instant, 'last_zone.zone') }}, last_zone.last_date) as last_date
    from asked
    inner join {{ ref('int_core__time_zones') }} as first_zone
        on
            asked.tenant_id = first_zone.tenant_id
            and asked.first_at >= first_zone.from_at
            and asked.first_at < first_zone.to_at
    inner join {{ ref('int_core__time_zones') }} as last_zone
        on
            asked.tenant_id = last_zone.tenant_id
            and {{ last_instant }} >= last_zone.from_at
            and {{ last_instant }} < last_zone.to_at

)

select * from final

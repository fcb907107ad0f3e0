{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days of accounts whose collection may look different: from the day of anything new to the newest, since each day tells when a value came
-- last and how far days are complete. The newest day of the last run alone has the present state of token, budget and quarantine, of which
-- raw keeps no history: it is among them when any of these is another one now. A full run computes all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'account_id': 'uuid', 'collection_date': 'date'} %}
{% set previous_days = previous_relation('collection_health', {
    'tenant_id': 'uuid', 'account_id': 'uuid', 'collection_date': 'date', 'metric_name': 'text', 'day_rule_source': 'text',
    'pinned_version': 'text', 'served_version': 'text', 'token_state': 'text', 'days_to_token_expiry': 'integer', 'quarantined_until': 'timestamptz', 'status': 'text'
}) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with accounts as (

    select * from {{ ref('stg_collected_accounts') }}

),

previous_days as (

    select * from {{ previous_days }} as built
    where metric_name = '*'

),

newest_dates as (

    select
        tenant_id,
        account_id,
        max(collection_date) as collection_date
    from previous_days
    group by tenant_id, account_id

),

newest_days as (

    select previous_days.*
    from previous_days
    inner join newest_dates
        on
            previous_days.tenant_id = newest_dates.tenant_id
            and previous_days.account_id = newest_dates.account_id
            and previous_days.collection_date = newest_dates.collection_date

),

-- What holds now and was not so, or may no longer be so, on the newest day.
outdated as (

    select
        newest_days.tenant_id,
        newest_days.account_id,
        newest_days.collection_date
    from newest_days
    inner join accounts
        on
            newest_days.tenant_id = accounts.tenant_id
            and newest_days.account_id = accounts.account_id
    left join {{ ref('int_social__collection_spans') }} as spans
        on
            newest_days.tenant_id = spans.tenant_id
            and newest_days.account_id = spans.account_id
    left join {{ ref('int_core__time_zones') }} as token_zone
        on
            newest_days.tenant_id = token_zone.tenant_id
            and accounts.token_ends_at >= token_zone.from_at
            and accounts.token_ends_at < token_zone.to_at
    where
        newest_days.collection_date is distinct from spans.last_date
        or newest_days.token_state is distinct from accounts.token_state
        or newest_days.days_to_token_expiry is distinct from (
            least({{ local_date('accounts.token_ends_at', 'token_zone.zone') }}, token_zone.last_date) - newest_days.collection_date
        )
        or (newest_days.served_version is null and newest_days.pinned_version is distinct from accounts.api_version)
        -- A block ends by itself.
        or newest_days.status = 'blocked'
        or exists (
            select 1 from {{ ref('stg_graph_budgets') }} as budgets
            where
                budgets.blocked_until > {{ as_of() }}
                and (
                    budgets.scope = 'app'
                    or (
                        budgets.scope in ('page', 'instagram')
                        and accounts.tenant_id = budgets.tenant_id
                        and accounts.graph_id = budgets.scope_id
                    )
                )
        )
        or (
            newest_days.quarantined_until is not null
            and exists (
                select 1 from {{ ref('stg_collection_ledger') }} as ledger
                where
                    newest_days.tenant_id = ledger.tenant_id
                    and newest_days.account_id = ledger.account_id
                    and {{ since_last_publish('ledger.retry_after') }}
            )
        )

),

news as (

    select
        tenant_id,
        account_id,
        finished_at as happened_at
    from {{ arrived(ref('stg_collection_ledger'), at='finished_at') }} as ledger
    union all
    select
        tenant_id,
        account_id,
        fetched_at
    from {{ arrived(ref('stg_graph_responses'), at='fetched_at') }} as responses
    union all
    select
        tenant_id,
        account_id,
        observed_at
    from {{ arrived(ref('stg_metric_observations'), at='observed_at') }} as observations

),

first_news as (

    select
        tenant_id,
        account_id,
        min(happened_at) as happened_at
    from news
    group by tenant_id, account_id

),

begun as (

    select
        first_news.tenant_id,
        first_news.account_id,
        least({{ local_date('first_news.happened_at', 'time_zones.zone') }}, time_zones.last_date) as date_from
    from first_news
    inner join {{ ref('int_core__time_zones') }} as time_zones
        on
            first_news.tenant_id = time_zones.tenant_id
            and first_news.happened_at >= time_zones.from_at
            and first_news.happened_at < time_zones.to_at
    union all
    select
        tenant_id,
        account_id,
        collection_date as date_from
    from outdated
    union all
    select
        tenant_id,
        account_id,
        {{ min_date() }} as date_from
    from accounts
    where ingest_xid >= {{ xid_from() }}
    union all
    select
        accounts.tenant_id,
        accounts.account_id,
        {{ min_date() }} as date_from
    from accounts
    inner join previous_days
        on
            accounts.tenant_id = previous_days.tenant_id
            and accounts.account_id = previous_days.account_id
            and accounts.day_rule_source is distinct from previous_days.day_rule_source
    union all
    select
        accounts.tenant_id,
        accounts.account_id,
        ranges.date_from
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join accounts on ranges.tenant_id = accounts.tenant_id

),

begun_first as (

    select
        tenant_id,
        account_id,
        min(date_from) as date_from
    from begun
    group by tenant_id, account_id

),

-- Days that there are now, and days that there were.
days as (

    select
        spans.tenant_id,
        spans.account_id,
        series.day as collection_date
    from {{ ref('int_social__collection_spans') }} as spans
    inner join begun_first
        on
            spans.tenant_id = begun_first.tenant_id
            and spans.account_id = begun_first.account_id
    cross join lateral {{ date_series('greatest(spans.first_date, begun_first.date_from)', 'spans.last_date') }}
    union
    select
        previous_days.tenant_id,
        previous_days.account_id,
        previous_days.collection_date
    from previous_days
    inner join begun_first
        on
            previous_days.tenant_id = begun_first.tenant_id
            and previous_days.account_id = begun_first.account_id
            and previous_days.collection_date >= begun_first.date_from

),

backlog as (

    {{ backlog(['tenant_id', 'account_id', 'collection_date']) }}

),

final as (

    select * from days
    union
    select * from backlog

)

select * from final
{%- endif %}

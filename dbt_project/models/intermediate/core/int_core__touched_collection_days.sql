{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Days of accounts whose collection may look different: from the day of anything new to the newest, since each day tells when a value came
-- last and how far days are complete. The newest day of the last run is always among them: it alone has the present state of the token.
-- A full run computes all and needs no list.
{% set keys = {'tenant_id': 'uuid', 'account_id': 'uuid', 'collection_date': 'date'} %}
{% set previous_days = previous_relation('collection_health', {
    'tenant_id': 'uuid', 'account_id': 'uuid', 'collection_date': 'date', 'metric_name': 'text', 'day_rule_source': 'text'
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

news as (

    select
        tenant_id,
        account_id,
        finished_at as happened_at
    from {{ ref('stg_collection_ledger') }} as ledger
    where
        ingest_xid >= {{ xid_from() }}
        and finished_at <= {{ as_of() }}
    union all
    select
        tenant_id,
        account_id,
        finished_at
    from {{ ref('stg_collection_ledger') }} as ledger
    where
        finished_at > {{ as_of_from() }}
        and finished_at <= {{ as_of() }}
    union all
    select
        tenant_id,
        account_id,
        fetched_at
    from {{ ref('stg_graph_responses') }} as responses
    where
        ingest_xid >= {{ xid_from() }}
        and fetched_at <= {{ as_of() }}
    union all
    select
        tenant_id,
        account_id,
        fetched_at
    from {{ ref('stg_graph_responses') }} as responses
    where
        fetched_at > {{ as_of_from() }}
        and fetched_at <= {{ as_of() }}
    union all
    select
        tenant_id,
        account_id,
        observed_at
    from {{ ref('stg_metric_observations') }} as observations
    where
        ingest_xid >= {{ xid_from() }}
        and observed_at <= {{ as_of() }}
    union all
    select
        tenant_id,
        account_id,
        observed_at
    from {{ ref('stg_metric_observations') }} as observations
    where
        observed_at > {{ as_of_from() }}
        and observed_at <= {{ as_of() }}

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
        least({{ local_time('first_news.happened_at', 'time_zones.zone') }}::date, time_zones.last_date) as date_from
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
        max(collection_date) as date_from
    from previous_days
    group by tenant_id, account_id
    union all
    select
        tenant_id,
        account_id,
        date '-infinity' as date_from
    from accounts
    where ingest_xid >= {{ xid_from() }}
    union all
    select
        accounts.tenant_id,
        accounts.account_id,
        date '-infinity' as date_from
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

    select
        tenant_id,
        account_id,
        collection_date
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_collection_days'

),

final as (

    select * from days
    union
    select * from backlog

)

select * from final
{%- endif %}

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'complete_at']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Since when every day of an account up to this one is complete and final: each call group of days has its last word on it, given 72 hours
-- or more after the day's end. Days count from the first that is of interest; the backfilled past before it does not.
{% set previous_days = previous_relation('collection_health', {
    'tenant_id': 'uuid', 'account_id': 'uuid', 'collection_date': 'date', 'metric_name': 'text', 'data_through': 'date'
}) %}
{% set window_zone = "case accounts.day_boundary when 'pacific' then 'America/Los_Angeles' "
    ~ "when 'account' then time_zones.zone else 'UTC' end" %}
with accounts as (

    select * from {{ ref('stg_collected_accounts') }}

),

looked_at as (

    select
        tenant_id,
        account_id,
        min(collection_date) as looked_from,
        min(first_date) as first_date
    from {{ ref('int_social__collection_days') }}
    group by tenant_id, account_id

),

-- What was complete on the day before the first one of this run is complete on all later ones.
known as (

    select
        looked_at.tenant_id,
        looked_at.account_id,
        looked_at.first_date,
        max(built.data_through) as data_through
    from looked_at
    left join {{ previous_days }} as built
        on
            looked_at.tenant_id = built.tenant_id
            and looked_at.account_id = built.account_id
            and looked_at.looked_from > built.collection_date
            and built.metric_name = '*'
    group by looked_at.tenant_id, looked_at.account_id, looked_at.first_date

),

-- Groups that ask for days, as long as one of their metrics lives.
groups_of_days as (

    select
        platform,
        group_name
    from {{ ref('stg_call_group_metrics') }}
    where
        is_of_days
        and is_alive
    group by platform, group_name

),

wanted as (

    select
        accounts.tenant_id,
        accounts.account_id,
        groups_of_days.group_name
    from accounts
    inner join groups_of_days on accounts.platform = groups_of_days.platform

),

settled as (

    select
        ledger.tenant_id,
        ledger.account_id,
        ledger.group_name,
        ledger.finished_at,
        -- Half a day is added so that a midnight of another zone keeps its date.
        cast({{ local_time('ledger.window_start', window_zone) }} + {{ hours(12) }} as date) as first_day,
        {{ local_date('least(ledger.window_end, ledger.finished_at - ' ~ hours(72) ~ ')', window_zone) }} - 1 as last_day
    from {{ ref('stg_collection_ledger') }} as ledger
    inner join known
        on
            ledger.tenant_id = known.tenant_id
            and ledger.account_id = known.account_id
            and ledger.finished_at >= coalesce({{ utc_midnight('known.data_through') }}, {{ min_instant() }})
    inner join accounts
        on
            ledger.tenant_id = accounts.tenant_id
            and ledger.account_id = accounts.account_id
    inner join {{ ref('int_core__time_zones') }} as time_zones
        on
            ledger.tenant_id = time_zones.tenant_id
            and ledger.window_start >= time_zones.from_at
            and ledger.window_start < time_zones.to_at
    where
        ledger.is_item
        and ledger.is_settled
        and ledger.window_start is not null
        and ledger.finished_at <= {{ as_of() }}

),

answered as (

    select
        settled.tenant_id,
        settled.account_id,
        settled.group_name,
        settled.finished_at,
        settled.first_day,
        settled.last_day
    from settled
    inner join wanted
        on
            settled.tenant_id = wanted.tenant_id
            and settled.account_id = wanted.account_id
            and settled.group_name = wanted.group_name
    where settled.first_day <= settled.last_day

),

spans as (

    select
        known.tenant_id,
        known.account_id,
        -- Where nobody said from when on, from the day of the first request.
        coalesce(known.data_through + 1, accounts.collect_from, known.first_date) as first_day,
        max(answered.last_day) as last_day
    from known
    inner join accounts
        on
            known.tenant_id = accounts.tenant_id
            and known.account_id = accounts.account_id
    inner join answered
        on
            known.tenant_id = answered.tenant_id
            and known.account_id = answered.account_id
    group by known.tenant_id, known.account_id, known.data_through, known.first_date, accounts.collect_from

),

days as (

    select
        spans.tenant_id,
        spans.account_id,
        series.day
    from spans
    cross join lateral {{ date_series('spans.first_day', 'spans.last_day') }}

),

-- An answer is about few days: it is laid out by day rather than compared with every day.
first_answers as (

    select
        answered.tenant_id,
        answered.account_id,
        answered.group_name,
        series.day,
        min(answered.finished_at) as answered_at
    from answered
    inner join spans
        on
            answered.tenant_id = spans.tenant_id
            and answered.account_id = spans.account_id
    cross join lateral {{ date_series('greatest(answered.first_day, spans.first_day)', 'least(answered.last_day, spans.last_day)') }}
    group by answered.tenant_id, answered.account_id, answered.group_name, series.day

),

answered_days as (

    select
        days.tenant_id,
        days.account_id,
        days.day,
        wanted.group_name,
        first_answers.answered_at
    from days
    inner join wanted
        on
            days.tenant_id = wanted.tenant_id
            and days.account_id = wanted.account_id
    left join first_answers
        on
            wanted.tenant_id = first_answers.tenant_id
            and wanted.account_id = first_answers.account_id
            and wanted.group_name = first_answers.group_name
            and days.day = first_answers.day

),

whole_days as (

    select
        tenant_id,
        account_id,
        day,
        -- Infinity is later than everything: after a gap no day is complete.
        max(coalesce(answered_at, {{ max_instant() }})) as answered_at
    from answered_days
    group by tenant_id, account_id, day

),

completed as (

    select
        tenant_id,
        account_id,
        day,
        max(answered_at) over (
            partition by tenant_id, account_id order by day rows between unbounded preceding and current row
        ) as complete_at
    from whole_days

),

final as (

    select
        tenant_id,
        account_id,
        day,
        complete_at
    from completed
    where complete_at < {{ max_instant() }}
    union all
    select
        tenant_id,
        account_id,
        data_through as day,
        {{ min_instant() }} as complete_at
    from known
    where data_through is not null

)

select * from final

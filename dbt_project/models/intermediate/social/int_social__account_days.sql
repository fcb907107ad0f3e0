{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- An account on a day, as a whole: how its items of work ended, what they cost, which version answered.
with days as (

    select * from {{ ref('int_social__collection_days') }}

),

entries as (

    select
        days.collection_date,
        ledger.*,
        -- An item that was sent again counts once a day, as it ended.
        row_number() over (
            partition by ledger.tenant_id, ledger.account_id, days.collection_date, ledger.plan_key, ledger.metric
            order by ledger.attempt desc, ledger.ledger_id desc
        ) as newest_no,
        row_number() over (
            partition by ledger.tenant_id, ledger.account_id, days.collection_date, ledger.is_item
            order by ledger.finished_at desc, ledger.ledger_id desc
        ) as last_no
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

asked as (

    select
        tenant_id,
        account_id,
        collection_date,
        sum(asked_count) filter (where is_item and newest_no = 1) as asked_count,
        sum(answered_count) filter (where is_item and newest_no = 1) as answered_count,
        {{ for_each_state("count(*) filter (where is_item and state = 'STATE') as STATE_count") }},
        sum(http_calls) as http_calls,
        sum(counted_calls) as counted_calls,
        bool_or(is_refused and newest_no = 1) as has_refusals,
        -- What an account is asked for by name is there every day; an object has not all of its metrics.
        bool_or(is_of_account and not is_item and newest_no = 1 and answered_count < asked_count) as has_silence,
        bool_or(is_item and last_no = 1 and (state = 'throttled' or is_token_refused)) as ended_blocked
    from entries
    group by tenant_id, account_id, collection_date

),

answers as (

    select
        days.tenant_id,
        days.account_id,
        days.collection_date,
        max(responses.usage_pct) as max_usage_pct,
        {{ last_in_order('responses.requested_version', 'responses.fetched_at, responses.response_id', 'true') }} as requested_version,
        {{ last_in_order(
            'responses.served_version', 'responses.fetched_at, responses.response_id', 'responses.served_version is not null'
        ) }} as served_version,
        bool_or(responses.served_version <> responses.requested_version) as is_version_mismatch
    from {{ by_utc_date('days') }} as days
    inner join {{ ref('stg_graph_responses') }} as responses
        on
            days.tenant_id = responses.tenant_id
            and days.account_id = responses.account_id
            and days.utc_date = {{ local_date('responses.fetched_at', "'UTC'") }}
            and days.day_start <= responses.fetched_at
            and days.day_end > responses.fetched_at
    where responses.fetched_at <= {{ as_of() }}
    group by days.tenant_id, days.account_id, days.collection_date

),

-- Both in the order of time, so that each day is met once: a day is complete in the end if it was so before that.
moments as (

    select
        tenant_id,
        account_id,
        complete_at as happened_at,
        1 as moment_order,
        day as complete_day,
        cast(null as date) as collection_date
    from {{ ref('int_social__complete_days') }}
    union all
    select
        tenant_id,
        account_id,
        day_end as happened_at,
        0 as moment_order,
        cast(null as date) as complete_day,
        collection_date
    from days

),

complete as (

    select
        *,
        max(complete_day) over (
            partition by tenant_id, account_id order by happened_at, moment_order
            rows between unbounded preceding and current row
        ) as data_through
    from moments

),

-- Our own stop at high usage, or a throttle: nothing is sent, so the ledger tells nothing of it.
blocked as (

    select distinct
        accounts.tenant_id,
        accounts.account_id
    from {{ ref('stg_collected_accounts') }} as accounts
    inner join {{ ref('stg_graph_budgets') }} as budgets
        on
            budgets.scope = 'app'
            or (
                accounts.tenant_id = budgets.tenant_id
                and accounts.graph_id = budgets.scope_id
                and budgets.scope in ('page', 'instagram')
            )
    where budgets.blocked_until > {{ as_of() }}

),

final as (

    select
        days.tenant_id,
        days.account_id,
        days.collection_date,
        days.first_date,
        cast(coalesce(asked.asked_count, 0) as integer) as asked_count,
        cast(coalesce(asked.answered_count, 0) as integer) as answered_count,
        {{ for_each_state('cast(coalesce(asked.STATE_count, 0) as integer) as STATE_count') }},
        cast(coalesce(asked.http_calls, 0) as integer) as http_calls,
        cast(coalesce(asked.counted_calls, 0) as integer) as counted_calls,
        answers.max_usage_pct,
        -- Configuration and token are known as they are now, and that is the state of the newest day.
        coalesce(answers.requested_version, case when days.is_newest then accounts.api_version end) as pinned_version,
        answers.served_version,
        answers.is_version_mismatch,
        case when days.is_newest then accounts.token_state end as token_state,
        case when days.is_newest then accounts.token_ends_at end as token_ends_at,
        accounts.day_rule_source,
        complete.data_through,
        coalesce(asked.ended_blocked, false)
        or (days.is_newest and (accounts.token_state = 'invalid' or blocked.account_id is not null)) as is_blocked,
        coalesce(asked.has_refusals, false) as has_refusals,
        coalesce(asked.has_silence, false) as has_silence
    from days
    inner join {{ ref('stg_collected_accounts') }} as accounts
        on
            days.tenant_id = accounts.tenant_id
            and days.account_id = accounts.account_id
    left join asked
        on
            days.tenant_id = asked.tenant_id
            and days.account_id = asked.account_id
            and days.collection_date = asked.collection_date
    left join answers
        on
            days.tenant_id = answers.tenant_id
            and days.account_id = answers.account_id
            and days.collection_date = answers.collection_date
    left join complete
        on
            days.tenant_id = complete.tenant_id
            and days.account_id = complete.account_id
            and days.collection_date = complete.collection_date
    left join blocked
        on
            days.tenant_id = blocked.tenant_id
            and days.account_id = blocked.account_id

)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_social__touched_collection_days') }}
-- How well collection went, day by day: of each account as a whole, and of each of its metrics.
with account_days as (

    select * from {{ ref('int_social__account_days') }}

),

metric_days as (

    select * from {{ ref('int_social__collected_metrics') }}

),

newest_values as (

    select
        tenant_id,
        account_id,
        collection_date,
        max(last_value_at) as last_value_at,
        max(quarantined_until) as quarantined_until,
        bool_or(is_quarantine_refused) as is_quarantine_refused
    from metric_days
    group by tenant_id, account_id, collection_date

),

united as (

    select
        account_days.tenant_id,
        account_days.account_id,
        account_days.collection_date,
        '*' as metric_name,
        account_days.asked_count,
        account_days.answered_count,
        {{ for_each_state("account_days.STATE_count") }},
        account_days.http_calls,
        account_days.counted_calls,
        account_days.max_usage_pct,
        newest_values.last_value_at,
        newest_values.quarantined_until,
        account_days.pinned_version,
        account_days.served_version,
        account_days.is_version_mismatch,
        versions.ends_on - account_days.collection_date as days_to_version_end,
        account_days.token_state,
        account_days.token_ends_at,
        account_days.day_rule_source,
        account_days.data_through,
        account_days.first_date,
        account_days.is_blocked,
        account_days.has_refusals or account_days.has_silence or coalesce(newest_values.is_quarantine_refused, false) as is_incomplete
    from account_days
    left join newest_values
        on
            account_days.tenant_id = newest_values.tenant_id
            and account_days.account_id = newest_values.account_id
            and account_days.collection_date = newest_values.collection_date
    left join {{ ref('graph_versions') }} as versions on account_days.pinned_version = versions.api_version
    union all
    select
        tenant_id,
        account_id,
        collection_date,
        metric_name,
        asked_count,
        answered_count,
        {{ for_each_state("STATE_count") }},
        null as http_calls,
        null as counted_calls,
        null as max_usage_pct,
        last_value_at,
        quarantined_until,
        null as pinned_version,
        null as served_version,
        null as is_version_mismatch,
        null as days_to_version_end,
        null as token_state,
        null as token_ends_at,
        null as day_rule_source,
        null as data_through,
        null as first_date,
        null as is_blocked,
        is_refused or coalesce(answered_count < asked_count, false) as is_incomplete
    from metric_days
    where has_row

),

-- Days are the tenant's.
dated as (

    select
        united.*,
        united.collection_date
        - least({{ local_date('united.last_value_at', 'value_zone.zone') }}, value_zone.last_date) as days_without_value,
        least({{ local_date('united.token_ends_at', 'token_zone.zone') }}, token_zone.last_date)
        - united.collection_date as days_to_token_expiry
    from united
    left join {{ ref('int_core__time_zones') }} as value_zone
        on
            united.tenant_id = value_zone.tenant_id
            and united.last_value_at >= value_zone.from_at
            and united.last_value_at < value_zone.to_at
    left join {{ ref('int_core__time_zones') }} as token_zone
        on
            united.tenant_id = token_zone.tenant_id
            and united.token_ends_at >= token_zone.from_at
            and united.token_ends_at < token_zone.to_at

),

final as (

    select
        tenant_id,
        account_id,
        collection_date,
        metric_name,
        asked_count,
        answered_count,
        {{ ratio('answered_count', 'asked_count') }} as answered_rate,
        {{ for_each_state("STATE_count") }},
        http_calls,
        counted_calls,
        cast(max_usage_pct as {{ type_double() }}) as max_usage_pct,
        last_value_at,
        days_without_value,
        quarantined_until,
        pinned_version,
        served_version,
        is_version_mismatch,
        days_to_version_end,
        token_state,
        days_to_token_expiry,
        day_rule_source,
        data_through,
        case
            when is_blocked then 'blocked'
            when metric_name <> '*' and quarantined_until is not null then 'quarantined'
            -- Of an account something comes every day, of its metrics with two days of delay; posts are sampled every 30 days at last.
            when
                coalesce(days_without_value, collection_date - first_date)
                > case when metric_name = '*' then 1 when asked_count is not null then 3 else 35 end
                then 'stale'
            when is_incomplete then 'partial'
            else 'ok'
        end as status
    from dated

)

select * from final

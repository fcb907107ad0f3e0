{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_core__touched_social_days', 'int_core__touched_reach_days') }}
-- Unique accounts of a window, as Meta counted them over the whole of it. Days are added beside it only to show by how much that is wrong.
with windows as (

    select * from {{ ref('int_social__windows') }}
    where
        kind = 'unique'
        and metric_name in ('reach', 'accounts_engaged')
        and dim_key = ''

),

native as (

    select windows.*
    from windows
    {% if is_incremental() -%}
    inner join {{ ref('int_core__touched_reach_days') }} as touched
        on
            windows.tenant_id = touched.tenant_id
            and windows.account_id = touched.account_id
            and windows.metric_date = touched.window_end_date
    {% endif -%}
    where windows.window_days in (1, 7, 28)

),

added as (

    select
        native.tenant_id,
        native.account_id,
        native.metric_name,
        native.window_days,
        native.metric_date,
        case when count(days.value) = native.window_days then sum(days.value) end as sum_of_days
    from native
    inner join windows as days
        on
            native.tenant_id = days.tenant_id
            and native.account_id = days.account_id
            and native.metric_name = days.metric_name
            and native.metric_date >= days.metric_date
            and native.metric_date < days.metric_date + native.window_days
            and days.window_days = 1
    group by native.tenant_id, native.account_id, native.metric_name, native.window_days, native.metric_date

),

final as (

    select
        native.tenant_id,
        native.account_id,
        native.metric_name,
        native.window_days,
        native.metric_date as window_end_date,
        native.metric_date - native.window_days + 1 as window_start_date,
        native.platform,
        native.source_metric,
        native.period as source_period,
        native.value::double precision as unique_accounts,
        native.paid_scope,
        added.sum_of_days::double precision as sum_of_days,
        (100 * (added.sum_of_days - native.value) / nullif(native.value, 0))::double precision as overstatement_pct,
        native.day_basis,
        not native.is_final as is_provisional,
        native.state,
        native.observed_at
    from native
    left join added
        on
            native.tenant_id = added.tenant_id
            and native.account_id = added.account_id
            and native.metric_name = added.metric_name
            and native.window_days = added.window_days
            and native.metric_date = added.metric_date

)

select * from final

{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_social__touched_social_days', 'int_social__touched_reach_days') }}
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
    inner join {{ ref('int_social__touched_reach_days') }} as touched
        on
            windows.tenant_id = touched.tenant_id
            and windows.account_id = touched.account_id
            and windows.metric_date = touched.window_end_date
    {% endif -%}
    where windows.window_days in (1, 7, 28)

),

-- What adding the days up to each would give; a day that is missing or unknown leaves too few.
added as (

    select
        tenant_id,
        account_id,
        metric_name,
        metric_date,
        value as sum_of_1,
        case when count(value) over week = 7 then sum(value) over week end as sum_of_7,
        case when count(value) over four_weeks = 28 then sum(value) over four_weeks end as sum_of_28
    from windows
    where window_days = 1
    window
        week as (
            partition by tenant_id, account_id, metric_name order by metric_date
            range between {{ days(6) }} preceding and current row
        ),
        four_weeks as (
            partition by tenant_id, account_id, metric_name order by metric_date
            range between {{ days(27) }} preceding and current row
        )

),

compared as (

    select
        native.*,
        case native.window_days
            when 1 then added.sum_of_1
            when 7 then added.sum_of_7
            when 28 then added.sum_of_28
        end as sum_of_days
    from native
    left join added
        on
            native.tenant_id = added.tenant_id
            and native.account_id = added.account_id
            and native.metric_name = added.metric_name
            and native.metric_date = added.metric_date

),

final as (

    select
        tenant_id,
        account_id,
        metric_name,
        window_days,
        metric_date as window_end_date,
        metric_date - window_days + 1 as window_start_date,
        platform,
        source_metric,
        period as source_period,
        cast(value as {{ type_double() }}) as unique_accounts,
        paid_scope,
        cast(sum_of_days as {{ type_double() }}) as sum_of_days,
        cast(100 * (sum_of_days - value) / nullif(value, 0) as {{ type_double() }}) as overstatement_pct,
        day_basis,
        not is_final as is_provisional,
        state,
        observed_at
    from compared

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'window_end_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_social__touched_social_days', 'stg_touched_backlog']}
) }}
-- Last days of all windows that hold a touched day of an account; the longest window has 28.
with touched_days as (

    select
        touched.tenant_id,
        touched.account_id,
        touched.metric_date
    from {{ ref('int_social__touched_social_days') }} as touched
    inner join {{ ref('stg_graph_accounts') }} as accounts
        on
            touched.tenant_id = accounts.tenant_id
            and touched.account_id = accounts.account_id
            and touched.object_id = accounts.graph_id

),

backlog as (

    {{ backlog(['tenant_id', 'account_id', 'window_end_date']) }}

),

final as (

    select
        touched_days.tenant_id,
        touched_days.account_id,
        series.day as window_end_date
    from touched_days
    cross join lateral {{ date_series('touched_days.metric_date', 'touched_days.metric_date + 27') }}
    union
    select * from backlog

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_social__moved_days', 'int_social__new_days', 'int_social__redated_days', 'stg_touched_backlog']}
) }}
-- Days of pages, accounts, posts and media whose metrics may come out differently. Time alone changes none: what is provisional stays so
-- until the next answer. A full run computes all and needs no list.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'metric_date': 'date'} %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with accounts as (

    select * from {{ ref('stg_graph_accounts') }}

),

new_days as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ ref('int_social__moved_days') }}
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ ref('int_social__new_days') }}
    where
        not is_sample
        and metric_date is not null

),

-- Growth of followers is the difference of two days.
next_days as (

    select
        new_days.tenant_id,
        new_days.account_id,
        new_days.object_id,
        new_days.metric_date + 1 as metric_date
    from new_days
    inner join accounts
        on
            new_days.tenant_id = accounts.tenant_id
            and new_days.account_id = accounts.account_id
            and new_days.object_id = accounts.graph_id

),

backlog as (

    {{ backlog(['tenant_id', 'account_id', 'object_id', 'metric_date']) }}

),

final as (

    select * from new_days
    union
    select * from next_days
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ ref('int_social__redated_days') }}
    union
    select * from backlog

)

select * from final
{%- endif %}

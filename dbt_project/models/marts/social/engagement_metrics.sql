{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_core__touched_social_days') }}
-- Every metric of pages, accounts, posts and media by day: what a day added, or the level it left.
with windows as (

    select * from {{ ref('int_social__windows') }}
    where window_days = 1

),

sampled_days as (

    select * from {{ ref('int_social__sampled_days') }}

),

united as (

    select
        tenant_id,
        account_id,
        object_level,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date,
        platform,
        source_metric,
        case kind when 'flow' then value end as value_increment,
        null::numeric as value_cumulative,
        case when kind <> 'flow' then value end as value_level,
        case when kind = 'flow' and value is not null then 1 end as days_covered,
        day_basis,
        period,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        false as is_estimated,
        false as is_partial,
        not is_final as is_provisional,
        state,
        observed_at,
        1 as preference
    from windows
    union all
    select
        tenant_id,
        account_id,
        object_level,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date,
        platform,
        source_metric,
        value_increment,
        value_cumulative,
        value_level,
        days_covered,
        day_basis,
        period,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        is_estimated,
        is_partial,
        is_partial as is_provisional,
        state,
        observed_at,
        2 as preference
    from sampled_days

),

-- A series counts before a field of the node, which is only as old as the question.
ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, account_id, object_id, metric_name, dim_key, dim_value, metric_date
            order by coalesce(value_increment, value_level) is null, preference
        ) as candidate_no
    from united

),

metrics as (

    select * from ranked
    where candidate_no = 1

),

-- Follows and unfollows of a day; without both of them the difference of two stocks.
flows as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date,
        min(platform) as platform,
        min(source_metric) as source_metric,
        min(day_basis) as day_basis,
        max(value_increment) filter (
            where source_metric = 'page_daily_follows' or (source_metric = 'follows_and_unfollows' and dim_value = 'follower')
        ) as gained,
        max(coalesce(value_increment, value_level)) filter (
            where source_metric = 'page_daily_unfollows_unique' or (source_metric = 'follows_and_unfollows' and dim_value = 'non_follower')
        ) as lost,
        bool_or(is_provisional) as is_provisional,
        max(state) filter (where state <> 'ok') as unknown_state,
        max(observed_at) as observed_at
    from metrics
    where
        object_level = 'account'
        and (
            (source_metric in ('page_daily_follows', 'page_daily_unfollows_unique') and dim_key = '')
            or (source_metric = 'follows_and_unfollows' and dim_key in ('', 'follow_type'))
        )
    group by tenant_id, account_id, object_id, metric_date

),

stocks as (

    select
        today.tenant_id,
        today.account_id,
        today.object_id,
        today.metric_date,
        today.platform,
        today.source_metric,
        today.day_basis,
        today.value_level - yesterday.value_level as gained,
        today.is_provisional or coalesce(yesterday.is_provisional, false) as is_provisional,
        case
            when today.value_level is null then today.state
            when yesterday.value_level is null then coalesce(yesterday.state, 'no_sample')
        end as unknown_state,
        greatest(today.observed_at, yesterday.observed_at) as observed_at
    from metrics as today
    left join metrics as yesterday
        on
            today.tenant_id = yesterday.tenant_id
            and today.account_id = yesterday.account_id
            and today.object_id = yesterday.object_id
            and today.metric_date = yesterday.metric_date + 1
            -- A page has two counts of followers, which differ.
            and today.source_metric = yesterday.source_metric
            and yesterday.metric_name = 'followers'
            and yesterday.dim_key = ''
    where
        today.metric_name = 'followers'
        and today.dim_key = ''
        and today.object_level = 'account'

),

growth as (

    select
        coalesce(flows.tenant_id, stocks.tenant_id) as tenant_id,
        coalesce(flows.account_id, stocks.account_id) as account_id,
        coalesce(flows.object_id, stocks.object_id) as object_id,
        coalesce(flows.metric_date, stocks.metric_date) as metric_date,
        coalesce(flows.gained - flows.lost, stocks.gained) as value_increment,
        coalesce(flows.platform, stocks.platform) as platform,
        case
            when flows.gained - flows.lost is null and (stocks.gained is not null or flows.tenant_id is null) then stocks.source_metric
            else flows.source_metric
        end as source_metric,
        case
            when flows.gained - flows.lost is null and (stocks.gained is not null or flows.tenant_id is null) then stocks.day_basis
            else flows.day_basis
        end as day_basis,
        case
            when flows.gained - flows.lost is not null then flows.is_provisional
            else coalesce(flows.is_provisional, false) or coalesce(stocks.is_provisional, false)
        end as is_provisional,
        case
            when coalesce(flows.gained - flows.lost, stocks.gained) is not null then 'ok'
            else coalesce(flows.unknown_state, stocks.unknown_state, 'no_sample')
        end as state,
        greatest(flows.observed_at, stocks.observed_at) as observed_at
    from flows
    full join stocks
        on
            flows.tenant_id = stocks.tenant_id
            and flows.account_id = stocks.account_id
            and flows.object_id = stocks.object_id
            and flows.metric_date = stocks.metric_date

),

with_growth as (

    select
        tenant_id,
        account_id,
        object_level,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date,
        platform,
        source_metric,
        value_increment,
        value_cumulative,
        value_level,
        days_covered,
        day_basis,
        period,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        is_estimated,
        is_partial,
        is_provisional,
        state,
        observed_at
    from metrics
    union all
    select
        growth.tenant_id,
        growth.account_id,
        'account' as object_level,
        growth.object_id,
        catalogue.metric as metric_name,
        '' as dim_key,
        '' as dim_value,
        growth.metric_date,
        growth.platform,
        growth.source_metric,
        growth.value_increment,
        null as value_cumulative,
        null as value_level,
        case when growth.value_increment is not null then 1 end as days_covered,
        growth.day_basis,
        catalogue.period,
        catalogue.additive,
        catalogue.algorithm_class,
        catalogue.algorithm_class = 'dependent' as is_algorithm_dependent,
        null as paid_scope,
        catalogue.unit,
        false as is_estimated,
        false as is_partial,
        growth.is_provisional,
        growth.state,
        growth.observed_at
    from growth
    inner join {{ ref('graph_catalogue') }} as catalogue
        on
            catalogue.platform = 'derived'
            and catalogue.metric = 'follower_growth'

),

final as (

    select
        metrics.tenant_id,
        metrics.account_id,
        metrics.object_level,
        metrics.object_id,
        metrics.metric_name,
        metrics.dim_key,
        metrics.dim_value,
        metrics.metric_date,
        metrics.platform,
        case metrics.object_level when 'post' then metrics.object_id end as platform_post_id,
        metrics.source_metric,
        coalesce(metrics.value_increment, metrics.value_level)::double precision as metric_value,
        metrics.value_increment::double precision as value_increment,
        metrics.value_cumulative::double precision as value_cumulative,
        metrics.value_level::double precision as value_level,
        metrics.days_covered::integer as days_covered,
        metrics.day_basis,
        metrics.period,
        metrics.additive,
        metrics.algorithm_class,
        metrics.is_algorithm_dependent,
        metrics.paid_scope,
        metrics.unit,
        metrics.is_estimated,
        -- Likes may be withdrawn, views recounted: a total that falls is a correction, and stays negative.
        coalesce(metrics.value_increment < 0, false) and metrics.value_cumulative is not null as is_correction,
        metrics.is_partial,
        metrics.is_provisional,
        metrics.state,
        metrics.observed_at
    from with_growth as metrics
    {% if is_incremental() -%}
    inner join {{ ref('int_core__touched_social_days') }} as touched
        on
            metrics.tenant_id = touched.tenant_id
            and metrics.account_id = touched.account_id
            and metrics.object_id = touched.object_id
            and metrics.metric_date = touched.metric_date
    {% endif %}
)

select * from final

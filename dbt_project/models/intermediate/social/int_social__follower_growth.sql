{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Followers an account won or lost in a day: follows minus unfollows; where one of them is unknown, the difference of two stocks.
with metric_days as (

    select * from {{ ref('int_social__metric_days') }}
    where object_level = 'account'

),

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
        )
        - max(coalesce(value_increment, value_level)) filter (
            where source_metric = 'page_daily_unfollows_unique' or (source_metric = 'follows_and_unfollows' and dim_value = 'non_follower')
        ) as growth,
        bool_or(is_provisional) as is_provisional,
        max(state) filter (where state <> 'ok') as unknown_state,
        max(observed_at) as observed_at
    from metric_days
    where
        (source_metric in ('page_daily_follows', 'page_daily_unfollows_unique') and dim_key = '')
        or (source_metric = 'follows_and_unfollows' and dim_key in ('', 'follow_type'))
    group by tenant_id, account_id, object_id, metric_date

),

-- A page has two counts of followers, which differ: only values of one source are compared.
followers as (

    select
        *,
        lag(metric_date) over earlier as date_before,
        lag(value_level) over earlier as level_before,
        lag(state) over earlier as state_before,
        lag(is_provisional) over earlier as is_provisional_before,
        lag(observed_at) over earlier as observed_before
    from metric_days
    where
        metric_name = 'followers'
        and dim_key = ''
    window earlier as (partition by tenant_id, account_id, object_id, source_metric order by metric_date)

),

compared as (

    select
        *,
        coalesce(metric_date = date_before + 1, false) as has_yesterday
    from followers

),

stocks as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date,
        platform,
        source_metric,
        day_basis,
        case when has_yesterday then value_level - level_before end as growth,
        is_provisional or (has_yesterday and is_provisional_before) as is_provisional,
        case
            when value_level is null then state
            when has_yesterday and level_before is null then state_before
            when not has_yesterday then 'no_sample'
        end as unknown_state,
        case when has_yesterday then greatest(observed_at, observed_before) else observed_at end as observed_at
    from compared

),

either as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date,
        platform,
        source_metric,
        day_basis,
        growth,
        is_provisional,
        unknown_state,
        observed_at,
        1 as preference
    from flows
    union all
    select
        tenant_id,
        account_id,
        object_id,
        metric_date,
        platform,
        source_metric,
        day_basis,
        growth,
        is_provisional,
        unknown_state,
        observed_at,
        2 as preference
    from stocks

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, account_id, object_id, metric_date
            order by growth is null, preference
        ) as candidate_no,
        -- Flows come later than stocks and take their place: only a final answer without them settles what stocks tell.
        is_provisional
        or coalesce(bool_or(is_provisional and preference = 1) over same_day, false)
        or (
            preference = 2
            and growth is not null
            and not coalesce(bool_or(not is_provisional and preference = 1) over same_day, false)
        ) as may_change
    from either
    window same_day as (partition by tenant_id, account_id, object_id, metric_date)

),

final as (

    select
        ranked.tenant_id,
        ranked.account_id,
        'account' as object_level,
        ranked.object_id,
        catalogue.metric as metric_name,
        '' as dim_key,
        '' as dim_value,
        ranked.metric_date,
        ranked.platform,
        ranked.source_metric,
        ranked.growth as value_increment,
        case when ranked.growth is not null then 1 end as days_covered,
        ranked.day_basis,
        catalogue.period,
        catalogue.additive,
        catalogue.algorithm_class,
        catalogue.algorithm_class = 'dependent' as is_algorithm_dependent,
        null as paid_scope,
        catalogue.unit,
        ranked.may_change as is_provisional,
        case when ranked.growth is null then coalesce(ranked.unknown_state, 'no_sample') else 'ok' end as state,
        ranked.observed_at
    from ranked
    inner join {{ ref('graph_catalogue') }} as catalogue
        on
            catalogue.platform = 'derived'
            and catalogue.metric = 'follower_growth'
    where ranked.candidate_no = 1

)

select * from final

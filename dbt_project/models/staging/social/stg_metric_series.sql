{{ config(
    materialized='table',
    indexes=[{'columns': ['platform', 'object', 'metric', 'period']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- The catalogue as the marts read it: what kind of number a metric is, how it is called, and to which series a value of it belongs.
-- A table, unlike other staging: it hangs on seeds alone, and every observation looks it up.
with catalogue as (

    select * from {{ ref('graph_catalogue') }}

),

metric_names as (

    select * from {{ ref('metric_names') }}

),

-- Names of whole metrics; at most one product of a metric has a name of its own.
plain_names as (

    select * from metric_names
    where key is null and media_product is null

),

product_names as (

    select * from metric_names
    where key is null and media_product is not null

),

-- A value belongs to the series of its metric; a key of a dictionary may have a series of its own, or be one summand of its metric.
roles as (

    select
        catalogue.*,
        'self' as role,
        cast(null as {{ type_text() }}) as key,
        cast(null as {{ type_text() }}) as media_product,
        product_names.media_product as not_media_product,
        coalesce(plain_names.metric_name, catalogue.metric) as metric_name,
        coalesce(plain_names.preference, 1) as preference
    from catalogue
    left join plain_names
        on
            catalogue.platform = plain_names.platform
            and catalogue.object = plain_names.object
            and catalogue.metric = plain_names.metric
    left join product_names
        on
            catalogue.platform = product_names.platform
            and catalogue.object = product_names.object
            and catalogue.metric = product_names.metric
    union all
    select
        catalogue.*,
        case
            when metric_names.key is not null then 'key'
            when metric_names.media_product is not null then 'self'
            else 'sum'
        end as role,
        metric_names.key,
        metric_names.media_product,
        null as not_media_product,
        metric_names.metric_name,
        metric_names.preference
    from catalogue
    inner join metric_names
        on
            catalogue.platform = metric_names.platform
            and catalogue.object = metric_names.object
            and catalogue.metric = metric_names.metric
    where
        metric_names.key is not null
        or metric_names.media_product is not null
        or catalogue.value_shape = 'dict'

),

renamed as (

    select
        platform,
        object,
        -- As in raw, so that the index can be used.
        {{ bytewise('metric') }} as metric,
        period,
        role,
        key,
        media_product,
        not_media_product,
        metric_name,
        preference,
        case
            when semantics in ('flow_count', 'flow_duration', 'flow_money') and period = 'day' then 'flow'
            when semantics in ('flow_unique', 'rolling_unique') then 'unique'
            -- Stamped daily but longer than a day.
            when semantics in ('rolling_window', 'flow_money') then 'rolling'
            when semantics in ('cumulative', 'cumulative_duration') then 'total'
            else 'level'
        end as kind,
        -- What a total gained in a day may be added, though totals may not.
        additive or semantics in ('cumulative', 'cumulative_duration') as additive,
        algorithm_class,
        case algorithm_class when 'dependent' then true when 'independent' then false end as is_algorithm_dependent,
        case
            when includes_paid = 'n/a' then null
            when includes_paid = 'no' then 'organic'
            when includes_paid = 'only' then 'paid'
            when includes_paid = 'yes' or includes_paid like 'split%' then 'all'
            else 'unstated'
        end as paid_scope,
        metric like '%by!_paid!_non!_paid%' escape '!' as is_scope_in_key,
        unit
    from roles

)

select * from renamed

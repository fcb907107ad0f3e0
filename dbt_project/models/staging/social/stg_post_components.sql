-- Which interactions an object of a kind can have: the catalogue knows a metric for them that is collected. Counts of lists only stand in
-- for such a metric.
with catalogue as (

    select * from {{ ref('graph_catalogue') }}
    where status_2026_11 in ('valid', 'valid_undocumented')

),

series as (

    select * from {{ ref('stg_metric_series') }}
    where preference = 1

),

named as (

    select distinct
        catalogue.platform,
        catalogue.object,
        catalogue.media_products,
        series.metric_name
    from catalogue
    inner join series
        on
            catalogue.platform = series.platform
            and catalogue.object = series.object
            and catalogue.metric = series.metric
            and catalogue.period = series.period
    where
        series.metric_name in ('reactions', 'likes', 'comments', 'shares', 'saved')
        and catalogue.period in ('lifetime', 'node')

),

final as (

    select
        platform,
        object as catalogue_object,
        media_products,
        metric_name
    from named
    -- Where there are reactions, likes are some of them.
    where
        metric_name <> 'likes'
        or not exists (
            select 1
            from named as others
            where
                named.platform = others.platform
                and named.object = others.object
                and others.metric_name = 'reactions'
        )

)

select * from final

-- Which metrics are asked for together, and of which products.
with call_groups as (

    select * from {{ ref('graph_call_groups') }}

),

catalogue as (

    select * from {{ ref('graph_catalogue') }}
    where status_2026_11 in ('valid', 'valid_undocumented')

),

asked as (

    select
        call_groups.group_name,
        call_groups.platform,
        call_groups.object,
        call_groups.period,
        call_groups.cadence = 'daily' and call_groups.max_window_days is not null as is_of_days,
        parts.part as metric
    from call_groups
    cross join lateral {{ text_parts('call_groups.metrics') }}

),

final as (

    select
        asked.group_name,
        asked.platform,
        asked.metric,
        asked.is_of_days,
        -- A group that sends no period is answered in several.
        min(catalogue.media_products) as media_products,
        bool_or(catalogue.deprecated_on is null) as is_alive
    from asked
    inner join catalogue
        on
            asked.platform = catalogue.platform
            and asked.object = catalogue.object
            and asked.metric = catalogue.metric
            and (asked.period is null or catalogue.period in (asked.period, 'node'))
    group by asked.group_name, asked.platform, asked.metric, asked.is_of_days

)

select * from final

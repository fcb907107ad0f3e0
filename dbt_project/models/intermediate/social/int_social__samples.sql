{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_social__touched_objects']}
) }}
-- All samples of the objects this run looks at, by series: values at an instant, not of a window.
with answers as (

    select * from {{ ref('int_social__sample_answers') }}

),

-- When an object was published: the newest revision that says so.
published as (

    select
        objects.tenant_id,
        objects.account_id,
        objects.object_id,
        {{ last_in_order('objects.published_at', 'objects.revision', 'objects.published_at is not null') }} as published_at
    from {{ ref('stg_graph_objects') }} as objects
    {% if not is_full_run() -%}
    inner join {{ ref('int_social__touched_objects') }} as touched_objects
        on {{ same_object('objects', 'touched_objects') }}
    {% endif -%}
    where objects.observed_at <= {{ as_of() }}
    group by objects.tenant_id, objects.account_id, objects.object_id

),

-- Only what began while somebody was looking counts from 0.
begun as (

    select
        published.tenant_id,
        published.account_id,
        published.object_id,
        published.published_at as base_at,
        least({{ local_date('published.published_at', 'time_zones.zone') }}, time_zones.last_date) as base_date
    from published
    inner join {{ ref('stg_graph_accounts') }} as accounts
        on
            published.tenant_id = accounts.tenant_id
            and published.account_id = accounts.account_id
    inner join {{ ref('int_core__time_zones') }} as time_zones
        on
            published.tenant_id = time_zones.tenant_id
            and published.published_at >= time_zones.from_at
            and published.published_at < time_zones.to_at
    where coalesce({{ local_date('published.published_at', 'time_zones.zone') }} >= accounts.collect_from, true)

),

series as (
    {{ observed_series('answers') }}
),

-- Of a series that sums the keys of a dictionary, every key is one row.
united as (

    select
        {{ series_columns() }},
        {{ series_attributes() }},
        source_metric,
        preference,
        period,
        is_key,
        kind,
        metric_date,
        observed_at,
        case when count(*) = count(value) then sum(value) end as value,
        case when count(*) = count(value) then 'ok' else max(state) filter (where value is null) end as state,
        bool_or(is_new) as is_new
    from series
    group by
        {{ series_columns() }}, {{ series_attributes() }}, source_metric, preference, period, is_key, kind, metric_date, observed_at

),

-- Lists bring counts that insights have too: on a day with a value of the metric that is preferred, the others do not count.
ranked as (

    select
        *,
        min(preference) filter (where value is not null) over (
            partition by {{ series_columns() }}, metric_date
        ) as best_preference
    from united

),

final as (

    select
        ranked.*,
        begun.base_at,
        begun.base_date
    from ranked
    left join begun on {{ same_object('ranked', 'begun') }}
    where ranked.value is null or ranked.preference = ranked.best_preference

)

select * from final

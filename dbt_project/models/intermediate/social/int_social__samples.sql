{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- All samples of the objects this run looks at, by series: values at an instant, not of a window.
with objects as (

    select * from {{ ref('stg_graph_objects') }}
    where observed_at <= {{ as_of() }}

),

{% if not is_full_run() -%}
changed_accounts as (

    select
        tenant_id,
        account_id
    from {{ ref('stg_graph_accounts') }}
    where
        ingest_xid >= {{ xid_from() }}
        or tenant_id in (select ranges.tenant_id from {{ ref('int_core__marked_ranges') }} as ranges)

),

-- Objects of which anything is new, all of accounts that changed or are asked for, and those of a run that never published.
touched_objects as (

    select
        tenant_id,
        account_id,
        object_id
    from {{ ref('stg_metric_observations') }}
    where ingest_xid >= {{ xid_from() }}
    union
    select
        tenant_id,
        account_id,
        object_id
    from {{ ref('stg_metric_observations') }}
    where
        observed_at > {{ as_of_from() }}
        and observed_at <= {{ as_of() }}
    union
    select
        objects.tenant_id,
        objects.account_id,
        objects.object_id
    from objects
    where {{ is_new_row('objects') }}
    union
    select
        observations.tenant_id,
        observations.account_id,
        observations.object_id
    from {{ ref('stg_metric_observations') }} as observations
    inner join changed_accounts
        on
            observations.tenant_id = changed_accounts.tenant_id
            and observations.account_id = changed_accounts.account_id
    union
    select
        tenant_id,
        account_id,
        object_id
    from {{ ref('stg_touched_backlog') }}
    where relation = 'int_core__touched_social_days'

),

{% endif -%}
dated as (

    select
        observations.*,
        {{ is_new_row('observations') }} as is_new_row
    from {{ dated_observations() }} as observations
    {% if not is_full_run() -%}
    inner join touched_objects
        on
            observations.tenant_id = touched_objects.tenant_id
            and observations.account_id = touched_objects.account_id
            and observations.object_id = touched_objects.object_id
    {% endif -%}
    where observations.is_sample

),

-- Several slots may be filled by one answer.
numbered as (

    select
        *,
        row_number() over same_answer as answer_no,
        bool_or(is_new_row) over same_answer as is_new
    from dated
    window same_answer as (
        partition by tenant_id, account_id, object_id, metric, period, dim_key, dim_value, observed_at
        order by value is null, value, fact_id, revision
        rows between unbounded preceding and unbounded following
    )

),

answers as (

    select * from numbered
    where answer_no = 1

),

-- When an object began: the newest revision that says so.
published as (

    select
        tenant_id,
        account_id,
        object_id,
        {{ last_in_order('published_at', 'revision', 'published_at is not null') }} as published_at
    from objects
    group by tenant_id, account_id, object_id

),

series as (
    {{ observed_series('answers') }}
),

-- Of a series that sums the keys of a dictionary, every key is one row.
united as (

    select
        tenant_id,
        account_id,
        platform,
        object_level,
        object_id,
        metric_name,
        source_metric,
        preference,
        period,
        dim_key,
        dim_value,
        is_key,
        kind,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        day_basis,
        metric_date,
        observed_at,
        sum(value) as value,
        case when count(value) > 0 then 'ok' else max(state) end as state,
        bool_or(is_new) as is_new
    from series
    group by
        tenant_id,
        account_id,
        platform,
        object_level,
        object_id,
        metric_name,
        source_metric,
        preference,
        period,
        dim_key,
        dim_value,
        is_key,
        kind,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        day_basis,
        metric_date,
        observed_at

),

-- Lists bring counts that insights have too: on a day with a value of the metric that is preferred, the others do not count.
ranked as (

    select
        *,
        min(preference) filter (where value is not null) over (
            partition by tenant_id, account_id, object_id, metric_name, dim_key, dim_value, metric_date
        ) as best_preference
    from united

),

final as (

    select
        ranked.*,
        -- Only what began while somebody was looking counts from 0.
        case
            when coalesce({{ local_time('published.published_at', 'time_zones.zone') }}::date >= accounts.collect_from, true)
                then published.published_at
        end as base_at,
        case
            when coalesce({{ local_time('published.published_at', 'time_zones.zone') }}::date >= accounts.collect_from, true)
                then least({{ local_time('published.published_at', 'time_zones.zone') }}::date, time_zones.last_date)
        end as base_date
    from ranked
    inner join {{ ref('stg_graph_accounts') }} as accounts
        on
            ranked.tenant_id = accounts.tenant_id
            and ranked.account_id = accounts.account_id
    left join published
        on
            ranked.tenant_id = published.tenant_id
            and ranked.account_id = published.account_id
            and ranked.object_id = published.object_id
    left join {{ ref('int_core__time_zones') }} as time_zones
        on
            published.tenant_id = time_zones.tenant_id
            and published.published_at >= time_zones.from_at
            and published.published_at < time_zones.to_at
    where ranked.value is null or ranked.preference = ranked.best_preference

)

select * from final

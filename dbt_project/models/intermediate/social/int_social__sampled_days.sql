{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'metric_date']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What samples say of a tenant-local day: how much a running total grew in it, and the last value of everything else.
--
-- The total at a midnight is interpolated between the samples beside it, if these are at most 36 hours apart. A day's growth is the total
-- at its end, or at its last sample where the end is not known, minus what the days before ended with: so days always add up to the
-- difference of two samples.
with samples as (

    select * from {{ ref('int_social__samples') }}

),

{% if not is_full_run() -%}
-- Growth of followers is the difference of two days.
needed_days as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_date
    from {{ ref('int_core__touched_social_days') }}
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_date - 1
    from {{ ref('int_core__touched_social_days') }}

),

needed_spans as (

    select
        tenant_id,
        account_id,
        object_id,
        min(metric_date) as first_date,
        max(metric_date) as last_date
    from needed_days
    group by tenant_id, account_id, object_id

),

{% endif -%}
totals as (

    select
        *,
        case when unit in ('count', 'ms') then 0 else 6 end as places
    from samples
    where
        kind = 'total'
        and value is not null

),

begun as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        is_key,
        places,
        {{ first_in_order('source_metric', 'observed_at', 'true') }} as source_metric,
        {{ first_in_order('period', 'observed_at', 'true') }} as period,
        min(base_at) as base_at,
        min(base_date) as base_date,
        min(observed_at) as first_at
    from totals
    group by tenant_id, account_id, object_id, metric_name, dim_key, dim_value, is_key, places

),

-- A key that comes for the first time was 0 in the answer before, or at publication.
answered as (

    select distinct
        tenant_id,
        account_id,
        object_id,
        source_metric,
        observed_at,
        metric_date
    from totals

),

before_first as (

    select
        begun.tenant_id,
        begun.account_id,
        begun.object_id,
        begun.metric_name,
        begun.dim_key,
        begun.dim_value,
        max(answered.observed_at) as observed_at,
        max(answered.metric_date) as metric_date
    from begun
    inner join answered
        on
            begun.tenant_id = answered.tenant_id
            and begun.account_id = answered.account_id
            and begun.object_id = answered.object_id
            and begun.source_metric = answered.source_metric
            and begun.first_at > answered.observed_at
    where begun.is_key
    group by begun.tenant_id, begun.account_id, begun.object_id, begun.metric_name, begun.dim_key, begun.dim_value

),

points as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        source_metric,
        period,
        places,
        observed_at,
        metric_date,
        value
    from totals
    union all
    select
        begun.tenant_id,
        begun.account_id,
        begun.object_id,
        begun.metric_name,
        begun.dim_key,
        begun.dim_value,
        begun.source_metric,
        begun.period,
        begun.places,
        coalesce(before_first.observed_at, begun.base_at) as observed_at,
        coalesce(before_first.metric_date, begun.base_date) as metric_date,
        0 as value
    from begun
    left join before_first
        on
            begun.tenant_id = before_first.tenant_id
            and begun.account_id = before_first.account_id
            and begun.object_id = before_first.object_id
            and begun.metric_name = before_first.metric_name
            and begun.dim_key = before_first.dim_key
            and begun.dim_value = before_first.dim_value
    where coalesce(before_first.observed_at, begun.base_at) < begun.first_at

),

intervals as (

    select
        *,
        lead(observed_at) over series_order as next_at,
        lead(metric_date) over series_order as next_date,
        lead(value) over series_order as next_value
    from points
    window series_order as (
        partition by tenant_id, account_id, object_id, metric_name, dim_key, dim_value order by observed_at
    )

),

-- The midnights an interval crosses, each with the date that begins there.
crossed as (

    select
        intervals.*,
        series.day as starting_date,
        {{ local_day_start('intervals.tenant_id', 'series.day') }} as day_start
    from intervals
    {% if not is_full_run() -%}
    inner join needed_spans
        on
            intervals.tenant_id = needed_spans.tenant_id
            and intervals.account_id = needed_spans.account_id
            and intervals.object_id = needed_spans.object_id
            and intervals.metric_date <= needed_spans.last_date
            and intervals.next_date >= needed_spans.first_date
    {% endif -%}
    cross join lateral {{ date_series('intervals.metric_date + 1', 'intervals.next_date') }}
    where intervals.next_date > intervals.metric_date

),

midnights as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        source_metric,
        period,
        starting_date,
        value as value_before,
        metric_date as date_before,
        next_at,
        day_start = next_at as is_exact,
        case
            when day_start = next_at then next_value
            when next_at <= observed_at + {{ hours(36) }}
                then
                    -- Whole counts at midnight too; rounded here, the days still add up exactly.
                    round(
                        value
                        + (next_value - value)
                        * {{ seconds_between('observed_at', 'day_start') }} / {{ seconds_between('observed_at', 'next_at') }},
                        places
                    )
        end as total
    from crossed

),

sampled as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date,
        count(*) as points,
        {{ first_in_order('value', 'observed_at', 'true') }} as first_value,
        {{ last_in_order('value', 'observed_at', 'true') }} as last_value,
        {{ last_in_order('source_metric', 'observed_at', 'true') }} as source_metric,
        {{ last_in_order('period', 'observed_at', 'true') }} as period,
        max(observed_at) as observed_at,
        bool_or(next_at is null) as is_last_day
    from intervals
    group by tenant_id, account_id, object_id, metric_name, dim_key, dim_value, metric_date

),

days as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date
    from sampled
    union
    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        starting_date
    from midnights

),

bounded as (

    select
        days.tenant_id,
        days.account_id,
        days.object_id,
        days.metric_name,
        days.dim_key,
        days.dim_value,
        days.metric_date,
        coalesce(sampled.source_metric, day_start.source_metric) as source_metric,
        coalesce(sampled.period, day_start.period) as period,
        coalesce(day_end.total, sampled.last_value) as closing_total,
        case
            when day_start.total is not null then day_start.total
            when day_start.date_before is not null then day_start.value_before
            -- The first sample of all: alone it says nothing of its day.
            when sampled.points > 1 or day_end.total is not null then sampled.first_value
        end as opening_total,
        case
            when day_start.total is null and day_start.date_before is not null then days.metric_date - day_start.date_before + 1
            else 1
        end as days_covered,
        (day_start.date_before is not null and (day_start.total is null or not day_start.is_exact))
        or (day_end.date_before is not null and (day_end.total is null or not day_end.is_exact)) as is_estimated,
        coalesce(sampled.is_last_day, false) as is_partial,
        case when day_end.total is null then sampled.observed_at else day_end.next_at end as observed_at
    from days
    left join midnights as day_start
        on
            days.tenant_id = day_start.tenant_id
            and days.account_id = day_start.account_id
            and days.object_id = day_start.object_id
            and days.metric_name = day_start.metric_name
            and days.dim_key = day_start.dim_key
            and days.dim_value = day_start.dim_value
            and days.metric_date = day_start.starting_date
    left join midnights as day_end
        on
            days.tenant_id = day_end.tenant_id
            and days.account_id = day_end.account_id
            and days.object_id = day_end.object_id
            and days.metric_name = day_end.metric_name
            and days.dim_key = day_end.dim_key
            and days.dim_value = day_end.dim_value
            and days.metric_date + 1 = day_end.starting_date
    left join sampled
        on
            days.tenant_id = sampled.tenant_id
            and days.account_id = sampled.account_id
            and days.object_id = sampled.object_id
            and days.metric_name = sampled.metric_name
            and days.dim_key = sampled.dim_key
            and days.dim_value = sampled.dim_value
            and days.metric_date = sampled.metric_date

),

-- Answers without a value, and everything that is no running total.
told as (

    select
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        metric_date,
        kind,
        count(value) as values,
        {{ last_in_order('value', 'observed_at', 'value is not null') }} as last_value,
        coalesce(
            {{ last_in_order('source_metric', 'observed_at', 'value is not null') }},
            {{ last_in_order('source_metric', 'observed_at, preference', 'true') }}
        ) as source_metric,
        coalesce(
            {{ last_in_order('period', 'observed_at', 'value is not null') }},
            {{ last_in_order('period', 'observed_at, preference', 'true') }}
        ) as period,
        {{ last_in_order('state', 'observed_at, preference', 'true') }} as last_state,
        coalesce(max(observed_at) filter (where value is not null), max(observed_at)) as observed_at
    from samples
    group by tenant_id, account_id, object_id, metric_name, dim_key, dim_value, metric_date, kind

),

united as (

    select
        bounded.tenant_id,
        bounded.account_id,
        bounded.object_id,
        bounded.metric_name,
        bounded.dim_key,
        bounded.dim_value,
        bounded.metric_date,
        bounded.source_metric,
        bounded.period,
        bounded.closing_total - bounded.opening_total as value_increment,
        bounded.closing_total as value_cumulative,
        null::numeric as value_level,
        case when bounded.closing_total - bounded.opening_total is not null then bounded.days_covered end as days_covered,
        bounded.is_estimated and bounded.closing_total - bounded.opening_total is not null as is_estimated,
        bounded.is_partial,
        case
            when bounded.closing_total - bounded.opening_total is not null then 'ok'
            when bounded.closing_total is not null then 'first_sample'
            else coalesce(told.last_state, 'no_sample')
        end as state,
        coalesce(bounded.observed_at, told.observed_at) as observed_at
    from bounded
    left join told
        on
            bounded.tenant_id = told.tenant_id
            and bounded.account_id = told.account_id
            and bounded.object_id = told.object_id
            and bounded.metric_name = told.metric_name
            and bounded.dim_key = told.dim_key
            and bounded.dim_value = told.dim_value
            and bounded.metric_date = told.metric_date
            and told.kind = 'total'
    union all
    select
        told.tenant_id,
        told.account_id,
        told.object_id,
        told.metric_name,
        told.dim_key,
        told.dim_value,
        told.metric_date,
        told.source_metric,
        told.period,
        null as value_increment,
        null as value_cumulative,
        told.last_value as value_level,
        null as days_covered,
        false as is_estimated,
        false as is_partial,
        case when told.last_value is null then told.last_state else 'ok' end as state,
        told.observed_at
    from told
    left join days
        on
            told.tenant_id = days.tenant_id
            and told.account_id = days.account_id
            and told.object_id = days.object_id
            and told.metric_name = days.metric_name
            and told.dim_key = days.dim_key
            and told.dim_value = days.dim_value
            and told.metric_date = days.metric_date
            and told.kind = 'total'
    where days.tenant_id is null

),

-- What the catalogue says of the metric behind a row.
sources as (

    select distinct
        tenant_id,
        account_id,
        object_id,
        metric_name,
        dim_key,
        dim_value,
        source_metric,
        period,
        platform,
        object_level,
        additive,
        algorithm_class,
        is_algorithm_dependent,
        paid_scope,
        unit,
        day_basis
    from samples

),

final as (

    select
        united.*,
        sources.platform,
        sources.object_level,
        sources.additive,
        sources.algorithm_class,
        sources.is_algorithm_dependent,
        sources.paid_scope,
        sources.unit,
        sources.day_basis
    from united
    inner join sources
        on
            united.tenant_id = sources.tenant_id
            and united.account_id = sources.account_id
            and united.object_id = sources.object_id
            and united.metric_name = sources.metric_name
            and united.dim_key = sources.dim_key
            and united.dim_value = sources.dim_value
            and united.source_metric = sources.source_metric
            and united.period = sources.period
    {% if not is_full_run() -%}
    inner join needed_days
        on
            united.tenant_id = needed_days.tenant_id
            and united.account_id = needed_days.account_id
            and united.object_id = needed_days.object_id
            and united.metric_date = needed_days.metric_date
    {% endif %}
)

select * from final

{{ config(post_hook="{{ analyze_relation() }}", meta={'rows_of': ['int_social__touched_objects']}) }}
-- Answers that are samples, of the objects this run looks at: each metric, and each key of a dictionary, once per instant.
with observations as (

    -- noqa: disable=LT02
    {% if is_full_run() -%}
    select * from {{ ref('stg_metric_observations') }}
    where is_sample
    {%- else -%}
    select observations.*
    from {{ ref('int_social__touched_objects') }} as touched_objects
    cross join lateral (
        select candidates.*
        from {{ ref('stg_metric_observations') }} as candidates
        where
            {{ same_object('candidates', 'touched_objects') }}
            and candidates.is_sample
        {{ row_by_row() }}
    ) as observations
    {%- endif %}
    -- noqa: enable=LT02

),

dated as (

    select
        *,
        {{ has_arrived('dated_observations', at='observed_at') }} as is_new
    from {{ dated_observations('observations') }} as dated_observations

),

-- Of an answer that repeats a slot only keys that changed are kept; the others stand as they were.
repeated as (

    select distinct
        tenant_id,
        account_id,
        object_id,
        group_name,
        metric,
        period,
        sample_slot,
        observed_at,
        metric_date,
        is_new
    from dated
    where
        dim_key = 'key'
        and revision > 1

),

standing as (

    select
        dated.*,
        repeated.observed_at as repeated_at,
        repeated.metric_date as repeated_date,
        repeated.is_new as is_repeated_anew,
        row_number() over (
            partition by dated.tenant_id, dated.fact_id, repeated.observed_at order by dated.observed_at desc, dated.revision desc
        ) as newest_no
    from repeated
    inner join dated
        on
            {{ same_object('repeated', 'dated') }}
            and repeated.group_name = dated.group_name
            and repeated.metric = dated.metric
            and repeated.period = dated.period
            and repeated.sample_slot = dated.sample_slot
            and repeated.observed_at >= dated.observed_at
            and dated.dim_key = 'key'

),

united as (

    {% set columns = [
        'tenant_id', 'account_id', 'platform', 'catalogue_object', 'object_level', 'object_id', 'media_product', 'metric', 'period', 'dim_key',
        'dim_value', 'window_days', 'value', 'state', 'is_final', 'day_basis', 'fact_id', 'revision',
    ] | join(', ') -%}
    select
        {{ columns }},
        metric_date,
        observed_at,
        is_new
    from dated
    union all
    select
        {{ columns }},
        repeated_date as metric_date,
        repeated_at as observed_at,
        is_new or is_repeated_anew as is_new
    from standing
    where
        newest_no = 1
        and observed_at < repeated_at

),

-- Several slots may be filled by one answer.
numbered as (

    select
        *,
        row_number() over same_answer as answer_no,
        bool_or(is_new) over same_answer as is_any_new
    from united
    window same_answer as (
        partition by tenant_id, account_id, object_id, metric, period, dim_key, dim_value, observed_at
        order by value is null, value, fact_id, revision
        rows between unbounded preceding and unbounded following
    )

),

final as (

    select
        {{ columns }},
        metric_date,
        observed_at,
        is_any_new as is_new
    from numbered
    where answer_no = 1

)

select * from final

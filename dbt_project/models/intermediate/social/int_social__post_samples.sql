{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'observed_at']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- What one answer tells of a post: a value per metric at an instant, without breakdowns.
with posts as (

    select * from {{ ref('int_social__posts') }}

),

observed as (

    select
        observations.*,
        -- Several slots may be filled by one answer.
        row_number() over (
            partition by
                observations.tenant_id, observations.account_id, observations.object_id, observations.metric, observations.period,
                observations.dim_key, observations.dim_value, observations.observed_at
            order by observations.value is null, observations.value, observations.fact_id, observations.revision
        ) as answer_no,
        -- What a series of days has besides.
        cast(null as {{ type_text() }}) as day_basis,
        cast(null as date) as metric_date,
        false as is_new
    from {{ ref('stg_metric_observations') }} as observations
    inner join posts
        on
            observations.tenant_id = posts.tenant_id
            and observations.account_id = posts.account_id
            and observations.object_id = posts.object_id
    where
        observations.object_level = 'post'
        and observations.is_sample
        and observations.observed_at <= {{ as_of() }}

),

answers as (

    select * from observed
    where answer_no = 1

),

series as (
    {{ observed_series('answers') }}
),

-- A dictionary of counts leaves out keys that are 0: where it came, a key that has a name and did not come is none.
dictionaries as (

    select
        tenant_id,
        account_id,
        object_id,
        platform,
        catalogue_object,
        metric,
        period,
        observed_at
    from answers
    where dim_key = 'key'
    group by tenant_id, account_id, object_id, platform, catalogue_object, metric, period, observed_at
    having count(value) > 0

),

-- A key that did not come counts 0. Added to those that came as well, for which 0 changes nothing: to look for what is missing would be a
-- join of two lists whose length the planner does not know, which took minutes for an account's year.
named as (

    select
        dictionaries.tenant_id,
        dictionaries.account_id,
        dictionaries.object_id,
        dictionaries.observed_at,
        named_keys.metric_name,
        named_keys.metric as source_metric,
        named_keys.preference,
        named_keys.paid_scope,
        named_keys.unit,
        false as is_from_list
    from dictionaries
    inner join {{ ref('stg_metric_series') }} as named_keys
        on
            dictionaries.platform = named_keys.platform
            and dictionaries.catalogue_object = named_keys.object
            and dictionaries.metric = named_keys.metric
            and dictionaries.period = named_keys.period
            and named_keys.role = 'key'
            and named_keys.unit = 'count'

),

told as (

    select
        tenant_id,
        account_id,
        object_id,
        observed_at,
        metric_name,
        source_metric,
        preference,
        paid_scope,
        unit,
        period = 'node' as is_from_list,
        value
    from series
    where dim_key = ''
    union all
    select
        *,
        0 as value
    from named

),

-- The keys of a dictionary that is summed are rows of one series, whose sum is known if all of them are.
united as (

    select
        tenant_id,
        account_id,
        object_id,
        observed_at,
        metric_name,
        source_metric,
        preference,
        paid_scope,
        unit,
        is_from_list,
        case when count(*) = count(value) then sum(value) end as value
    from told
    group by tenant_id, account_id, object_id, observed_at, metric_name, source_metric, preference, paid_scope, unit, is_from_list

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, account_id, object_id, observed_at, metric_name
            order by value is null, preference, source_metric
        ) as candidate_no
    from united

),

final as (

    select
        tenant_id,
        account_id,
        object_id,
        observed_at,
        metric_name,
        -- Lists bring some counts along; they stand in where insights tell nothing.
        preference > 1 as is_stand_in,
        is_from_list,
        paid_scope,
        unit,
        value
    from ranked
    where candidate_no = 1

)

select * from final

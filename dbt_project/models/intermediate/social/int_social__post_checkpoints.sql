{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'checkpoint'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- The ages that posts have reached, and the sample that tells of each: the first one at or after it, if it came in time.
with posts as (

    select * from {{ ref('int_social__posts') }}

),

-- An answer without any value is no sample. One that insights told goes before one of which only a list tells.
samples as (

    select
        tenant_id,
        account_id,
        object_id,
        observed_at,
        bool_and(is_stand_in or is_from_list) as is_list_only
    from {{ ref('int_social__post_samples') }}
    where value is not null
    group by tenant_id, account_id, object_id, observed_at

),

reached as (

    select
        posts.tenant_id,
        posts.account_id,
        posts.object_id,
        checkpoints.checkpoint,
        posts.published_at + {{ hours('checkpoints.age_hours') }} as sampled_from,
        posts.published_at + {{ hours('checkpoints.age_hours + checkpoints.tolerance_hours') }} as sampled_to
    from posts
    cross join {{ ref('post_checkpoints') }} as checkpoints
    where
        posts.published_at + {{ hours('checkpoints.age_hours') }} <= {{ as_of() }}
        -- A story never reaches an age beyond its end.
        and posts.published_at + {{ hours('checkpoints.age_hours') }} < posts.gone_at

),

at_an_age as (

    select
        reached.*,
        samples.observed_at as sample_at,
        row_number() over (
            partition by reached.tenant_id, reached.account_id, reached.object_id, reached.checkpoint
            order by samples.is_list_only, samples.observed_at
        ) as choice_no
    from reached
    left join samples
        on
            reached.tenant_id = samples.tenant_id
            and reached.account_id = samples.account_id
            and reached.object_id = samples.object_id
            and samples.observed_at between reached.sampled_from and reached.sampled_to

),

at_last as (

    select
        posts.tenant_id,
        posts.account_id,
        posts.object_id,
        posts.is_deleted,
        posts.gone_at,
        samples.observed_at as sample_at,
        row_number() over (
            partition by posts.tenant_id, posts.account_id, posts.object_id
            order by samples.is_list_only asc, samples.observed_at desc
        ) as choice_no
    from posts
    left join samples
        on
            posts.tenant_id = samples.tenant_id
            and posts.account_id = samples.account_id
            and posts.object_id = samples.object_id

),

final as (

    select
        tenant_id,
        account_id,
        object_id,
        checkpoint,
        sample_at,
        sample_at is null and sampled_to > {{ as_of() }} as is_provisional
    from at_an_age
    where choice_no = 1
    union all
    select
        tenant_id,
        account_id,
        object_id,
        'latest' as checkpoint,
        sample_at,
        not is_deleted and coalesce(gone_at > {{ as_of() }}, true) as is_provisional
    from at_last
    where choice_no = 1

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'checkpoint'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Interactions of a post at a checkpoint: all that an object of its kind can have, or unknown. A product that nobody told may have any.
with posts as (

    select * from {{ ref('int_social__posts') }}

),

components as (

    select
        posts.tenant_id,
        posts.account_id,
        posts.object_id,
        components.metric_name
    from posts
    inner join {{ ref('stg_post_components') }} as components
        on
            posts.platform = components.platform
            and posts.catalogue_object = components.catalogue_object
            and (
                components.media_products is null
                or posts.media_product is null
                or '|' || components.media_products || '|' like '%|' || posts.media_product || '|%'
            )
    group by posts.tenant_id, posts.account_id, posts.object_id, components.metric_name

),

final as (

    select
        checkpoints.tenant_id,
        checkpoints.account_id,
        checkpoints.object_id,
        checkpoints.checkpoint,
        case when count(*) = count(told.value) then sum(told.value) end as interactions,
        bool_or(coalesce(told.paid_scope = 'unstated', false)) as is_unstated,
        -- Two scopes differ where the least is not the greatest.
        min(nullif(told.paid_scope, 'unstated')) as least_scope,
        max(nullif(told.paid_scope, 'unstated')) as greatest_scope
    from {{ ref('int_social__post_checkpoints') }} as checkpoints
    inner join components
        on
            checkpoints.tenant_id = components.tenant_id
            and checkpoints.account_id = components.account_id
            and checkpoints.object_id = components.object_id
    left join {{ ref('int_social__checkpoint_values') }} as told
        on
            checkpoints.tenant_id = told.tenant_id
            and checkpoints.account_id = told.account_id
            and checkpoints.object_id = told.object_id
            and checkpoints.checkpoint = told.checkpoint
            and components.metric_name = told.metric_name
    group by checkpoints.tenant_id, checkpoints.account_id, checkpoints.object_id, checkpoints.checkpoint

)

select * from final

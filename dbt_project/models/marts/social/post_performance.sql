{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_social__touched_posts') }}
-- Posts side by side: what each had at the same ages, and has at last.
{% set names = {
    'views': ['views', 'story_views'],
    'reach': ['reach'],
    'reactions': ['reactions'],
    'likes': ['likes'],
    'comments': ['comments'],
    'shares': ['shares'],
    'saved': ['saved'],
    'reposts': ['reposts'],
    'replies': ['replies'],
    'clicks': ['post_clicks'],
    'link_clicks': ['link_clicks'],
    'follows': ['follows', 'post_video_followers'],
    'profile_visits': ['profile_visits'],
    'total_interactions': ['total_interactions'],
    'video_view_time_ms': ['post_video_view_time', 'ig_reels_video_view_total_time'],
    'average_watch_ms': ['post_video_avg_time_watched', 'ig_reels_avg_watch_time'],
    'skip_rate': ['reels_skip_rate'],
} %}
{% set acts = ['scoped.least_scope', 'scoped.greatest_scope'] %}
{% set sides = ['views', 'reach', 'comments', 'shares', 'saved'] %}
with posts as (

    select * from {{ ref('int_social__posts') }}

),

checkpoints as (

    select * from {{ ref('int_social__post_checkpoints') }}

),

told as (

    select
        tenant_id,
        account_id,
        object_id,
        {% for column, metrics in names.items() -%}
        max(case unit when 'percent' then value / 100 else value end) filter (where metric_name in ({{ quoted(metrics) }})) as {{ column }},
        {% endfor -%}
        {% for column in sides -%}
        max(paid_scope) filter (where metric_name in ({{ quoted(names[column]) }})) as {{ column }}_scope,
        {% endfor -%}
        checkpoint
    from {{ ref('int_social__checkpoint_values') }}
    group by tenant_id, account_id, object_id, checkpoint

),

scoped as (

    select
        told.*,
        interactions.interactions,
        interactions.least_scope,
        interactions.greatest_scope,
        coalesce(interactions.is_unstated, false)
        or coalesce(told.views_scope = 'unstated', false)
        or coalesce(told.reach_scope = 'unstated', false) as is_unstated
    from told
    left join {{ ref('int_social__checkpoint_interactions') }} as interactions
        on
            told.tenant_id = interactions.tenant_id
            and told.account_id = interactions.account_id
            and told.object_id = interactions.object_id
            and told.checkpoint = interactions.checkpoint

),

final as (

    select
        posts.tenant_id,
        posts.platform,
        posts.object_id as platform_post_id,
        checkpoints.checkpoint,
        posts.account_id,
        posts.account_name,
        posts.message,
        posts.permalink,
        posts.media_product,
        posts.media_type,
        posts.published_at,
        checkpoints.sample_at,
        cast({{ seconds_between('posts.published_at', 'checkpoints.sample_at') }} / 3600 as {{ type_double() }}) as age_hours,
        {% for column in names -%}
        cast(scoped.{{ column }} as {{ type_double() }}) as {{ column }},
        {% endfor -%}
        cast(scoped.interactions as {{ type_double() }}) as interactions,
        {{ rate_of_one_scope('scoped.interactions', 'scoped.reach', acts + ['scoped.reach_scope']) }} as engagement_rate_by_reach,
        {{ rate_of_one_scope('scoped.interactions', 'scoped.views', acts + ['scoped.views_scope']) }} as engagement_rate_by_views,
        {{ rate_of_one_scope('scoped.saved', 'scoped.reach', ['scoped.saved_scope', 'scoped.reach_scope']) }} as save_rate,
        {{ rate_of_one_scope('scoped.shares', 'scoped.reach', ['scoped.shares_scope', 'scoped.reach_scope']) }} as share_rate,
        {{ rate_of_one_scope('scoped.comments', 'scoped.reach', ['scoped.comments_scope', 'scoped.reach_scope']) }} as comment_rate,
        case
            when scoped.is_unstated then 'unstated'
            when
                least(scoped.least_scope, scoped.views_scope, scoped.reach_scope)
                = greatest(scoped.greatest_scope, scoped.views_scope, scoped.reach_scope)
                then least(scoped.least_scope, scoped.views_scope, scoped.reach_scope)
        end as paid_scope,
        checkpoints.is_provisional,
        posts.is_deleted
    from posts
    inner join checkpoints
        on
            posts.tenant_id = checkpoints.tenant_id
            and posts.account_id = checkpoints.account_id
            and posts.object_id = checkpoints.object_id
    left join scoped
        on
            checkpoints.tenant_id = scoped.tenant_id
            and checkpoints.account_id = scoped.account_id
            and checkpoints.object_id = scoped.object_id
            and checkpoints.checkpoint = scoped.checkpoint

)

select * from final

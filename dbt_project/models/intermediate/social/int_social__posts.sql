{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Posts, reels, media and stories of this run, as they stand at as_of: each once per tenant.
with objects as (

    select objects.*
    from {{ ref('stg_graph_objects') }} as objects
    {% if not is_full_run() -%}
    inner join {{ ref('int_social__touched_posts') }} as touched
        on
            objects.tenant_id = touched.tenant_id
            and objects.object_id = touched.platform_post_id
    {% endif -%}
    where objects.observed_at <= {{ as_of() }}

),

newest as (

    select
        *,
        row_number() over revisions as newest_no,
        min(observed_at) over revisions as first_seen_at
    from objects
    window revisions as (
        partition by tenant_id, account_id, object_id
        order by revision desc rows between unbounded preceding and unbounded following
    )

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

-- An object that two accounts of a tenant list belongs to the one that listed it first.
owned as (

    select
        newest.*,
        accounts.platform,
        accounts.display_name as account_name,
        row_number() over (
            partition by newest.tenant_id, accounts.platform, newest.object_id order by newest.first_seen_at, newest.account_id
        ) as owner_no
    from newest
    inner join {{ ref('stg_graph_accounts') }} as accounts
        on
            newest.tenant_id = accounts.tenant_id
            and newest.account_id = accounts.account_id
    where newest.newest_no = 1

),

final as (

    select
        owned.tenant_id,
        owned.account_id,
        owned.object_id,
        owned.platform,
        owned.account_name,
        -- Stories are Instagram media to the catalogue.
        case owned.object_type when 'story' then 'ig_media' else owned.object_type end as catalogue_object,
        owned.media_product,
        owned.media_type,
        published.published_at,
        published.published_at + {{ kept_for('owned.object_type') }} as gone_at,
        owned.permalink,
        owned.message,
        owned.is_deleted
    from owned
    inner join published
        on
            owned.tenant_id = published.tenant_id
            and owned.account_id = published.account_id
            and owned.object_id = published.object_id
    where owned.owner_no = 1

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'platform_post_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- Posts whose performance may come out differently: something new of them, or time reached one of their ages. A full run computes all and
-- needs no list.
{% set keys = {'tenant_id': 'uuid', 'platform_post_id': 'text'} %}
{% set previous_posts = previous_relation(
    'post_performance', {'tenant_id': 'uuid', 'account_id': 'uuid', 'platform_post_id': 'text', 'account_name': 'text'}
) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with objects as (

    select * from {{ ref('stg_graph_objects') }}
    where observed_at <= {{ as_of() }}

),

accounts as (

    select * from {{ ref('stg_graph_accounts') }}

),

checkpoints as (

    select * from {{ ref('post_checkpoints') }}

),

answered as (

    select
        tenant_id,
        object_id as platform_post_id
    from {{ arrived(ref('stg_metric_observations'), at='observed_at') }} as observations
    where object_level = 'post'

),

listed as (

    select
        objects.tenant_id,
        objects.object_id as platform_post_id
    from {{ arrived(ref('stg_graph_objects'), at='observed_at') }} as objects

),

-- Instants at which a row begins, ends to wait for its sample, or is final.
moments as (

    select age_hours as hours_after from checkpoints
    union
    select age_hours + tolerance_hours from checkpoints

),

aged as (

    select
        objects.tenant_id,
        objects.object_id as platform_post_id
    from objects
    cross join moments
    where {{ since_last_publish('objects.published_at + ' ~ hours('moments.hours_after')) }}
    union
    select
        objects.tenant_id,
        objects.object_id
    from objects
    where {{ since_last_publish('objects.published_at + ' ~ kept_for('objects.object_type')) }}

),

marked_tenants as (

    select distinct tenant_id
    from {{ ref('int_core__marked_ranges') }}
    where is_mark

),

-- Whatever an account says of itself holds for all of its posts, and so does a mark.
of_accounts as (

    select
        objects.tenant_id,
        objects.object_id as platform_post_id
    from objects
    inner join accounts
        on
            objects.tenant_id = accounts.tenant_id
            and objects.account_id = accounts.account_id
    left join marked_tenants on accounts.tenant_id = marked_tenants.tenant_id
    where
        accounts.ingest_xid >= {{ xid_from() }}
        or marked_tenants.tenant_id is not null
    union
    select
        built.tenant_id,
        built.platform_post_id
    from {{ previous_posts }} as built
    inner join accounts
        on
            built.tenant_id = accounts.tenant_id
            and built.account_id = accounts.account_id
    where built.account_name is distinct from accounts.display_name

),

backlog as (

    {{ backlog(['tenant_id', 'platform_post_id']) }}

),

final as (

    select * from answered
    union
    select * from listed
    union
    select * from aged
    union
    select * from of_accounts
    union
    select * from backlog

)

select * from final
{%- endif %}

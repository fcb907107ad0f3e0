{{ config(post_hook="{{ analyze_relation() }}") }}
-- Days to recompute whatever is new in them: all of an account whose day rule changed, marked days of every account, all of an object whose
-- publication is news. object_id is NULL for all objects of the account. Empty in a full run.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'date_from': 'date', 'date_to': 'date'} %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with accounts as (

    select * from {{ ref('stg_graph_accounts') }}

),

new_revisions as (

    select * from {{ arrived(ref('stg_graph_objects'), at='observed_at') }} as objects

),

-- A revision may be new while the one before it is not.
published_anew as (

    select distinct
        new_revisions.tenant_id,
        new_revisions.account_id,
        new_revisions.object_id
    from new_revisions
    left join {{ ref('stg_graph_objects') }} as before
        on
            {{ same_object('new_revisions', 'before') }}
            and new_revisions.revision - 1 = before.revision
            and before.observed_at <= {{ as_of() }}
    where new_revisions.published_at is distinct from before.published_at

),

final as (

    select
        tenant_id,
        account_id,
        cast(null as {{ type_text() }}) as object_id,
        {{ min_date() }} as date_from,
        {{ max_date() }} as date_to
    from accounts
    where ingest_xid >= {{ xid_from() }}
    union
    select
        accounts.tenant_id,
        accounts.account_id,
        cast(null as {{ type_text() }}) as object_id,
        ranges.date_from,
        ranges.date_to
    from {{ ref('int_core__marked_ranges') }} as ranges
    inner join accounts on ranges.tenant_id = accounts.tenant_id
    union
    select
        tenant_id,
        account_id,
        object_id,
        {{ min_date() }} as date_from,
        {{ max_date() }} as date_to
    from published_anew

)

select * from final
{%- endif %}

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}",
    meta={'rows_of': ['int_social__new_days', 'int_social__whole_ranges', 'stg_touched_backlog']}
) }}
-- Objects of which anything may come out differently: all of their samples are read again. Empty in a full run, which reads all.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text'} %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with whole_ranges as (

    select * from {{ ref('int_social__whole_ranges') }}

),

final as (

    select
        tenant_id,
        account_id,
        object_id
    from {{ ref('int_social__new_days') }}
    union
    select
        tenant_id,
        account_id,
        object_id
    from whole_ranges
    where object_id is not null
    union
    select
        whole_ranges.tenant_id,
        whole_ranges.account_id,
        observations.object_id
    from whole_ranges
    -- noqa: disable=LT02
    cross join lateral (
        select candidates.object_id
        from {{ ref('stg_metric_observations') }} as candidates
        where
            candidates.tenant_id = whole_ranges.tenant_id
            and candidates.account_id = whole_ranges.account_id
        {{ row_by_row() }}
    ) as observations
    -- noqa: enable=LT02
    where whole_ranges.object_id is null
    union
    {{ backlog(['tenant_id', 'account_id', 'object_id'], of='int_social__touched_social_days') }}

)

select * from final
{%- endif %}

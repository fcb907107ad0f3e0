{{ config(post_hook="{{ analyze_relation() }}") }}
-- Objects of which Meta gave a new answer, and the days it is about. A full run reads everything and needs no list.
{% set columns = {'tenant_id': 'uuid', 'account_id': 'uuid', 'object_id': 'text', 'is_sample': 'boolean', 'metric_date': 'date'} %}
{%- if is_full_run() %}
select * from {{ no_rows(columns) }} as nothing
{%- else %}
with observations as (

    select * from {{ arrived(ref('stg_metric_observations'), at='observed_at') }} as new_observations

),

dated as (

    select * from {{ dated_observations('observations') }} as dated_observations

),

final as (

    select distinct
        tenant_id,
        account_id,
        object_id,
        is_sample,
        metric_date
    from dated

)

select * from final
{%- endif %}

{{ config(meta={'stays_empty': true}) }}
-- Days that a tenant gained or lost since its metrics were built: a new day began, its history begins earlier, its zone changed.
{% set keys = {'tenant_id': 'uuid', 'metric_date': 'date'} %}
{% set previous_days = previous_relation('daily_metrics', keys) %}
{%- if is_full_run() %}
select * from {{ no_rows(keys) }} as nothing
{%- else %}
with local_days as (

    select
        tenant_id,
        metric_date
    from {{ ref('int_conversations__local_days') }}
    where has_begun

),

days_before as (

    select
        tenant_id,
        metric_date
    from {{ previous_days }} as daily_metrics

),

final as (

    select
        coalesce(local_days.tenant_id, days_before.tenant_id) as tenant_id,
        coalesce(local_days.metric_date, days_before.metric_date) as metric_date
    from local_days
    full join days_before
        on
            local_days.tenant_id = days_before.tenant_id
            and local_days.metric_date = days_before.metric_date
    where local_days.tenant_id is null or days_before.tenant_id is null

)

select * from final
{%- endif %}

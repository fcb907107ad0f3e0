{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns',
    post_hook="{{ analyze_relation() if not is_incremental() }}"
) }}
{{ built_after('int_conversations__touched_cells') }}
with activity as (

    select * from {{ ref('int_conversations__activity') }}
    where is_active and customer_id is not null

),

days as (

    select
        activity.tenant_id,
        activity.metric_date,
        activity.customer_id,
        cast(sum(activity.conversations_started) as integer) as conversations_started,
        cast(sum(activity.messages_received) as integer) as messages_received,
        min(activity.first_active_at) as first_seen_at
    from activity
    {% if is_incremental() -%}
    inner join {{ ref('int_conversations__touched_cells') }} as touched
        on
            activity.tenant_id = touched.tenant_id
            and activity.metric_date = touched.metric_date
    {% endif -%}
    group by activity.tenant_id, activity.metric_date, activity.customer_id

),

final as (

    select
        days.tenant_id,
        days.metric_date,
        days.customer_id,
        days.conversations_started,
        days.messages_received,
        days.first_seen_at,
        -- noqa: disable=LT02
        {% if is_incremental() -%}
        -- Days that are not recounted matter too, so the customer's earlier ones are looked up.
        not exists (
            select 1 from {{ ref('int_conversations__activity') }} as earlier
            where
                earlier.tenant_id = days.tenant_id
                and earlier.customer_id = days.customer_id
                and earlier.metric_date < days.metric_date
                and earlier.is_active
        ) as is_new_customer
        {%- else -%}
        days.metric_date = min(days.metric_date) over (partition by days.tenant_id, days.customer_id) as is_new_customer
        {%- endif %}
    from days

)

select * from final

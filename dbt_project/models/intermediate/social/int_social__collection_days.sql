{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'collection_date'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- The days of accounts that this run looks at, with their bounds.
with spans as (

    select * from {{ ref('int_social__collection_spans') }}

),

calendar as (

    select
        spans.tenant_id,
        spans.account_id,
        spans.first_date,
        spans.last_date,
        {% if is_full_run() -%}
        series.day as collection_date
        {% else -%}
        touched.collection_date
        {% endif -%}
    from spans
    {% if is_full_run() -%}
    cross join lateral {{ date_series('spans.first_date', 'spans.last_date') }}
    {% else -%}
    inner join {{ ref('int_social__touched_collection_days') }} as touched
        on
            spans.tenant_id = touched.tenant_id
            and spans.account_id = touched.account_id
            and touched.collection_date between spans.first_date and spans.last_date
    {% endif %}
),

-- Accounts of a tenant share their days.
days as (

    select
        tenant_id,
        collection_date
    from calendar
    group by tenant_id, collection_date

),

bounds as (

    select
        tenant_id,
        collection_date,
        {{ local_day_start('days.tenant_id', 'days.collection_date') }} as day_start,
        {{ local_day_start('days.tenant_id', 'days.collection_date + 1') }} as day_end
    from days

),

final as (

    select
        calendar.tenant_id,
        calendar.account_id,
        calendar.collection_date,
        calendar.first_date,
        calendar.collection_date = calendar.last_date as is_newest,
        bounds.day_start,
        bounds.day_end,
        -- What of the day has passed.
        least(bounds.day_end, {{ as_of() }}) as known_to
    from calendar
    inner join bounds
        on
            calendar.tenant_id = bounds.tenant_id
            and calendar.collection_date = bounds.collection_date

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id'], 'unique': true}],
    post_hook="{{ analyze_relation() }}"
) }}
-- First and last day that must be known of an object, so that its touched days can be told: growth of followers needs the day before.
select
    tenant_id,
    account_id,
    object_id,
    min(metric_date) - 1 as first_date,
    max(metric_date) as last_date
from {{ ref('int_social__touched_social_days') }}
group by tenant_id, account_id, object_id

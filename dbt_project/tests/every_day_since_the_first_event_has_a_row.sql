{{ config(tags=['nightly']) }}
-- Neither a gap nor a day too many between a tenant's first and last local day.
select
    tenant_id,
    count(*) as days,
    max(metric_date) - min(metric_date) + 1 as expected_days
from {{ ref('daily_metrics') }}
group by tenant_id
having count(*) <> max(metric_date) - min(metric_date) + 1

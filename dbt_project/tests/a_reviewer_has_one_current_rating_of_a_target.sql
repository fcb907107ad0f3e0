{{ config(tags=['nightly']) }}
-- Averages count a reviewer once per target and source: his ratings of it are numbered without gaps, and the last one is current.
select
    tenant_id,
    reviewer_id,
    target_type,
    target_id,
    source
from {{ ref('feedback_entries') }}
where reviewer_id is not null
group by tenant_id, reviewer_id, target_type, target_id, source
having
    count(*) filter (where is_current) <> 1
    or count(*) <> max(revision_number)
    or count(*) <> count(distinct revision_number)
    or max(revision_number) <> max(revision_number) filter (where is_current)

-- Without CTEs: PostgreSQL does not flatten a view that has some, and a reader of the first or the last entry could not walk its index.
select
    ledger_id,
    tenant_id,
    account_id,
    plan_key,
    attempt,
    group_name,
    object_type,
    object_type in ('page', 'ig_user') as is_of_account,
    media_product,
    object_id,
    metric,
    -- The row that tells how an item of work ended as a whole; the others tell of one metric of it.
    metric = '*' as is_item,
    period,
    window_start,
    window_end,
    asked_count,
    answered_count,
    state,
    -- The others are sent again: with an item in one of these states nothing more is to be had.
    state not in ('throttled', 'error') as is_settled,
    -- Metrics and items that a person should know of. What else Meta says of some objects on any day is no refusal.
    state in ('deprecated', 'not_permitted', 'throttled', 'error') as is_refused,
    error_code,
    coalesce(error_code in (102, 190), false) as is_token_refused,
    retry_after,
    http_calls,
    counted_calls,
    finished_at,
    ingest_xid
from {{ source('raw', 'collection_ledger') }}
where ingest_xid < {{ xid_to() }}

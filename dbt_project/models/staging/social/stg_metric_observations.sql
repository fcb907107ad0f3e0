-- Without CTEs: PostgreSQL does not flatten a view that has some, and a reader of the newest values of a metric could not walk its index.
select
    tenant_id,
    account_id,
    fact_id,
    revision,
    group_name,
    platform,
    object_type,
    -- Stories are Instagram media to the catalogue.
    case object_type when 'story' then 'ig_media' else object_type end as catalogue_object,
    case when object_type in ('page', 'ig_user') then 'account' else 'post' end as object_level,
    object_id,
    media_product,
    metric,
    period,
    dim_key,
    dim_value,
    window_start,
    window_end,
    cast(
        case
            when sample_slot <> '' then null
            -- Days with a clock change have 23 or 25 hours.
            when window_start is not null then round({{ seconds_between('window_start', 'window_end') }} / 86400)
            when period = 'day' then 1
            when period = 'week' then 7
            when period = 'days_28' then 28
        end as integer
    ) as window_days,
    sample_slot,
    sample_slot <> '' as is_sample,
    -- A 0 soon after the window's end may be a day that Meta has not counted yet: it is not known.
    case when state = 'ok' then value end as value,
    state,
    is_final,
    observed_at,
    ingest_xid
from {{ source('raw', 'metric_observations') }}
where ingest_xid < {{ xid_to() }}

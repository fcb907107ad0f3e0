-- Spans of local dates that must be recomputed as a whole: explicit marks, and what follows a changed parameter.
with run_window as (

    select * from {{ ref('int_core__run_window') }}

),

marks as (

    select * from {{ ref('stg_touch_marks') }}
    where ingest_xid >= {{ xid_from() }}

),

tenants as (

    select * from {{ ref('stg_tenants') }}

),

parameters as (

    select * from {{ ref('stg_tenant_parameters') }}
    where ingest_xid >= {{ xid_from() }}

),

marked as (

    select
        tenants.tenant_id,
        marks.date_from,
        marks.date_to,
        -- A mark distrusts what was built, so its conversations are looked up in raw too.
        true as is_mark
    from marks
    inner join tenants on marks.tenant_id is null or marks.tenant_id = tenants.tenant_id

),

changed as (

    select
        tenant_id,
        -- Two days of slack: a zone that changes on this date may move instants of the days before it.
        coalesce(valid_from - 2, {{ min_date() }}) as date_from,
        {{ max_date() }} as date_to,
        false as is_mark
    from parameters
    where parameter in (
        'timezone', 'assume_after_hours', 'abandon_after_hours', 'durable_days', 'repeat_days', 'verified_threshold',
        'gap_confidence_threshold', 'business_hours', 'holidays'
    )

),

united as (

    select * from marked
    union
    select * from changed

),

final as (

    select united.*
    from united
    cross join run_window
    where run_window.mode = 'incremental'

)

select * from final

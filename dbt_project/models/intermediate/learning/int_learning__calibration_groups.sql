-- Action types whose calibration this run computes: the touched ones that still have an action, all in a full run.
with outcomes as (

    select
        tenant_id,
        action_type
    from {{ ref('outcomes') }}

),

{% if is_full_run() -%}
final as (

    select distinct
        tenant_id,
        action_type
    from outcomes

)
{%- else -%}
touched as (

    select * from {{ ref('int_learning__touched_calibration_groups') }}

),

final as (

    select touched.*
    from touched
    where exists (
        select 1 from outcomes
        where
            outcomes.tenant_id = touched.tenant_id
            and outcomes.action_type = touched.action_type
    )

)
{%- endif %}

select * from final

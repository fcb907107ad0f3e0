{{ config(indexes=[{'columns': ['tenant_id', 'window_days', 'dimension', 'segment'], 'unique': true}]) }}
-- Segments large enough to be listed, each against the rest: all other actions of its scope, those without a value of the dimension among
-- them.
with cells as (

    select * from {{ ref('int_learning__coaching_cells') }}

),

strata as (

    select
        *,
        sum(n) over (partition by tenant_id, window_days, dimension, stratum) - n as rest_n,
        sum(positives) over (partition by tenant_id, window_days, dimension, stratum) - positives as rest_positives
    from cells

),

segments as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        sum(n) as n,
        sum(positives) as positives,
        sum(closed) as closed,
        sum(closed_positives) as closed_positives,
        -- Mantel and Haenszel (1959): strata in which one side is missing have no weight.
        sum(cast(positives * rest_n - rest_positives * n as {{ type_decimal() }}) / nullif(n + rest_n, 0))
        / nullif(sum(cast(n * rest_n as {{ type_decimal() }}) / nullif(n + rest_n, 0)), 0) as mh_difference
    from strata
    group by tenant_id, window_days, dimension, segment

),

compared as (

    select
        *,
        sum(n) over of_scope - n as rest_n,
        sum(positives) over of_scope - positives as rest_positives,
        sum(closed) over of_scope as scope_closed,
        sum(closed_positives) over of_scope as scope_closed_positives,
        -- Every action has one action type.
        sum(n) filter (where dimension = 'action_type') over of_window as base_n,
        sum(positives) filter (where dimension = 'action_type') over of_window as base_positives
    from segments
    window
        of_scope as (partition by tenant_id, window_days, dimension),
        of_window as (partition by tenant_id, window_days)

),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        case dimension when 'escalation_trigger' then 'escalation_result' else '*' end as outcome_type,
        cast(n as integer) as n,
        cast(positives as integer) as positives,
        cast(rest_n as integer) as rest_n,
        cast(rest_positives as integer) as rest_positives,
        cast(closed as integer) as closed,
        cast(closed_positives as integer) as closed_positives,
        cast(scope_closed as integer) as scope_closed,
        cast(scope_closed_positives as integer) as scope_closed_positives,
        cast(base_n as integer) as base_n,
        cast(base_positives as integer) as base_positives,
        cast(mh_difference as {{ type_double() }}) as mh_difference
    from compared
    where
        segment is not null
        and n >= 5

)

select * from final

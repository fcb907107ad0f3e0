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
        sum((positives * rest_n - rest_positives * n)::numeric / nullif(n + rest_n, 0))
        / nullif(sum((n * rest_n)::numeric / nullif(n + rest_n, 0)), 0) as mh_difference
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
        n::integer as n,
        positives::integer as positives,
        rest_n::integer as rest_n,
        rest_positives::integer as rest_positives,
        closed::integer as closed,
        closed_positives::integer as closed_positives,
        scope_closed::integer as scope_closed,
        scope_closed_positives::integer as scope_closed_positives,
        base_n::integer as base_n,
        base_positives::integer as base_positives,
        mh_difference::double precision as mh_difference
    from compared
    where
        segment is not null
        and n >= 5

)

select * from final

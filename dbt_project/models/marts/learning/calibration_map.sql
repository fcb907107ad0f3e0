{{ config(
    materialized='incremental',
    incremental_strategy='touched',
    on_schema_change='append_new_columns'
) }}
{{ built_after('int_learning__touched_calibration_groups') }}
-- What to believe instead of a raw confidence: the isotonic rate of its block, drawn towards it where the block is small, never falling.
with corp_fit as (

    select * from {{ ref('int_learning__corp_fit') }}
    where label_policy = 'headline'

),

blocks as (

    select
        tenant_id,
        action_type,
        min(fitted_at) as block_low,
        max(fitted_at) as block_high,
        sum(n) as block_n,
        sum(positives) as block_positives,
        sum(sum(n)) over (partition by tenant_id, action_type) as n,
        row_number() over (partition by tenant_id, action_type order by isotonic_rate) as block_no
    from corp_fit
    group by tenant_id, action_type, isotonic_rate

),

grid as (

    select
        groups.tenant_id,
        groups.action_type,
        cast(series.number / 100.0 as decimal(3, 2)) as p_raw
    from {{ ref('int_learning__calibration_groups') }} as groups
    cross join lateral {{ number_series(0, 100) }}

),

-- The block with the largest lower forecast that is not above; below all of them the first.
found as (

    select
        grid.tenant_id,
        grid.action_type,
        grid.p_raw,
        blocks.block_low,
        blocks.block_high,
        blocks.block_n,
        blocks.block_positives,
        coalesce(blocks.n, 0) as n,
        row_number() over (partition by grid.tenant_id, grid.action_type, grid.p_raw order by blocks.block_no desc) as candidate_no
    from grid
    left join blocks
        on
            grid.tenant_id = blocks.tenant_id
            and grid.action_type = blocks.action_type
            and (grid.p_raw >= blocks.block_low or blocks.block_no = 1)

),

final as (

    select
        tenant_id,
        action_type,
        p_raw,
        cast(block_low as {{ type_double() }}) as block_low,
        cast(block_high as {{ type_double() }}) as block_high,
        cast(block_n as integer) as block_n,
        {{ ratio('block_positives', 'block_n') }} as block_rate,
        cast(
            case
                when n < 200 then p_raw
                else max((block_positives + 20 * p_raw) / (block_n + 20)) over (partition by tenant_id, action_type order by p_raw)
            end as {{ type_double() }}
        ) as p_calibrated,
        cast(n as integer) as n,
        case
            when n = 0 then 'no_data'
            when n < 200 then 'low_n'
            else 'ok'
        end as status
    from found
    where candidate_no = 1

)

select * from final

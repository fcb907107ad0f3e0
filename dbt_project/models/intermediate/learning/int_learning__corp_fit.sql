{{ config(post_hook="{{ analyze_relation() }}") }}
-- Isotonic rate of each distinct forecast: the rates that rise with the forecast and come closest to what happened (Dimitriadis, Gneiting
-- and Jordan 2021).
{% set group_keys = 'tenant_id, action_type, label_policy' %}
with forecasts as (

    select
        tenant_id,
        action_type,
        label_policy,
        confidence,
        n,
        positives,
        count(*) over (partition by {{ group_keys }}) > {{ var('corp_max_forecasts', 20000) }} as is_rounded
    from {{ ref('int_learning__forecasts') }}
    where n > 0

),

placed as (

    select
        *,
        case when is_rounded then round(confidence, 3) else confidence end as fitted_at
    from forecasts

),

blocks_0 as (

    select
        {{ group_keys }},
        fitted_at as low,
        sum(n) as n,
        sum(positives) as positives
    from placed
    group by {{ group_keys }}, fitted_at

),

-- Neighbours whose rates do not rise share one isotonic rate. Three passes leave few enough blocks to compare each with all others.
{% for pass in [1, 2, 3] -%}
compared_{{ pass }} as (

    select
        *,
        coalesce(
            positives * lag(n) over (partition by {{ group_keys }} order by low)
            <= lag(positives) over (partition by {{ group_keys }} order by low) * n,
            false
        ) as joins_previous
    from blocks_{{ pass - 1 }}

),

numbered_{{ pass }} as (

    select
        *,
        count(*) filter (where not joins_previous) over (partition by {{ group_keys }} order by low) as block_no
    from compared_{{ pass }}

),

blocks_{{ pass }} as (

    select
        {{ group_keys }},
        min(low) as low,
        sum(n) as n,
        sum(positives) as positives
    from numbered_{{ pass }}
    group by {{ group_keys }}, block_no

),

{% endfor -%}
cumulated as (

    select
        {{ group_keys }},
        low,
        row_number() over (partition by {{ group_keys }} order by low) as block_no,
        sum(n) over (partition by {{ group_keys }} order by low) as n_through,
        sum(positives) over (partition by {{ group_keys }} order by low) as positives_through,
        n,
        positives
    from blocks_3

),

-- Rate of all blocks from one to another. Quotients of whole numbers: equal rates are equal to the last bit.
spans as (

    select
        first_block.tenant_id,
        first_block.action_type,
        first_block.label_policy,
        first_block.block_no as first_no,
        last_block.block_no as last_no,
        cast(last_block.positives_through - first_block.positives_through + first_block.positives as {{ type_double() }})
        / cast(last_block.n_through - first_block.n_through + first_block.n as {{ type_double() }}) as rate
    from cumulated as first_block
    inner join cumulated as last_block
        on
            first_block.tenant_id = last_block.tenant_id
            and first_block.action_type = last_block.action_type
            and first_block.label_policy = last_block.label_policy
            and first_block.block_no <= last_block.block_no

),

lowest as (

    select
        {{ group_keys }},
        last_no,
        min(rate) over (partition by {{ group_keys }}, first_no order by last_no desc) as rate
    from spans

),

fits as (

    select
        {{ group_keys }},
        last_no as block_no,
        max(rate) as isotonic_rate
    from lowest
    group by {{ group_keys }}, last_no

),

fitted_blocks as (

    select
        cumulated.tenant_id,
        cumulated.action_type,
        cumulated.label_policy,
        cumulated.low,
        fits.isotonic_rate
    from cumulated
    inner join fits
        on
            cumulated.tenant_id = fits.tenant_id
            and cumulated.action_type = fits.action_type
            and cumulated.label_policy = fits.label_policy
            and cumulated.block_no = fits.block_no

),

-- The rates rise, so a forecast has the highest of the blocks that begin at or below it.
final as (

    select
        placed.tenant_id,
        placed.action_type,
        placed.label_policy,
        placed.confidence,
        placed.fitted_at,
        placed.n,
        placed.positives,
        placed.is_rounded,
        max(fitted_blocks.isotonic_rate) over (
            partition by placed.tenant_id, placed.action_type, placed.label_policy order by placed.fitted_at
        ) as isotonic_rate
    from placed
    left join fitted_blocks
        on
            placed.tenant_id = fitted_blocks.tenant_id
            and placed.action_type = fitted_blocks.action_type
            and placed.label_policy = fitted_blocks.label_policy
            and placed.fitted_at = fitted_blocks.low

)

select * from final

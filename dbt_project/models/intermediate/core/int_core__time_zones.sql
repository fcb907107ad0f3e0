{{ config(
    indexes=[{'columns': ['tenant_id']}],
    post_hook="{{ analyze_relation() }}",
    meta={'changes_seldom': true}
) }}
-- Which zone holds for an instant. A zone with valid_from D takes effect at 00:00 of D in the new zone, so every instant has exactly one.
with parameter_values as (

    select * from {{ ref('int_core__parameter_values') }}
    where parameter = 'timezone'

),

versions as (

    select
        tenant_id,
        {{ json_scalar('value') }} as zone,
        valid_from,
        valid_to
    from parameter_values

),

begun as (

    select
        tenant_id,
        zone,
        valid_from,
        valid_to,
        case
            when valid_from = date '0001-01-01' then {{ min_instant() }}
            else {{ local_midnight('valid_from', 'zone') }}
        end as from_at
    from versions

),

bounded as (

    select
        *,
        -- The least of all later beginnings: a jump over the date line may begin before the version in between.
        coalesce(
            min(from_at) over (partition by tenant_id order by valid_from rows between 1 following and unbounded following),
            {{ max_instant() }}
        ) as to_at
    from begun

),

final as (

    select
        tenant_id,
        zone,
        valid_from,
        from_at,
        to_at,
        -- No instant before a change carries a date after the change's (matters for jumps of more than a day).
        valid_to as last_date
    from bounded
    where from_at < to_at

)

select * from final

{{ config(meta={'changes_seldom': true}) }}
-- Versions of each tenant's parameters, one by one: the newest row of each valid_from, and a default where nothing holds since ever.
with parameters as (

    select * from {{ ref('stg_tenant_parameters') }}

),

tenants as (

    select * from {{ ref('stg_tenants') }}

),

ranked as (

    select
        tenant_id,
        parameter,
        -- A date that every client can read stands for "since ever".
        coalesce(valid_from, date '0001-01-01') as valid_from,
        value,
        row_number() over (partition by tenant_id, parameter, coalesce(valid_from, date '0001-01-01') order by parameter_id desc) as newness
    from parameters

),

defaults (parameter, value) as (

    values
    ('assume_after_hours', '24'),
    ('abandon_after_hours', '24'),
    ('durable_days', '7'),
    ('repeat_days', '7'),
    ('verified_threshold', '0.70'),
    ('small_sample', '30'),
    ('gap_confidence_threshold', '0.70'),
    ('gap_window_days', '30'),
    ('gap_distance', '0.85'),
    ('holidays', '[]'),
    ('avg_human_agent_cost_per_hour', '25.0'),
    ('avg_conversation_time_minutes', '8.0'),
    ('ai_cost_per_conversation', '0.05'),
    ('minutes_per_action', '5')

),

stated as (

    select
        tenant_id,
        parameter,
        valid_from,
        value,
        false as is_default
    from ranked
    where newness = 1

),

assumed as (

    select
        tenants.tenant_id,
        defaults.parameter,
        date '0001-01-01' as valid_from,
        {{ parse_json('defaults.value') }} as value,
        true as is_default
    from tenants
    cross join defaults
    where not exists (
        select 1 from stated
        where
            stated.tenant_id = tenants.tenant_id
            and stated.parameter = defaults.parameter
            and stated.valid_from = date '0001-01-01'
    )

),

united as (

    select * from stated
    union all
    select * from assumed

),

final as (

    select
        tenant_id,
        parameter,
        valid_from,
        lead(valid_from, 1, {{ max_date() }}) over (partition by tenant_id, parameter order by valid_from) as valid_to,
        value,
        is_default
    from united

)

select * from final

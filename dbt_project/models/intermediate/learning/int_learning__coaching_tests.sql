-- How likely each difference would be by chance alone, and what is left of that when many questions are asked at once.
with segments as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        rest_n,
        {{ two_proportion_z('positives', 'n', 'rest_positives', 'rest_n') }} as z
    from {{ ref('int_learning__coaching_segments') }}

),

fisher as (

    select * from {{ ref('int_learning__coaching_fisher') }}

),

tested as (

    select
        segments.tenant_id,
        segments.window_days,
        segments.dimension,
        segments.segment,
        segments.z,
        coalesce(fisher.p_value, {{ two_sided_p('segments.z') }}) as p_value,
        case
            when fisher.p_value is not null then 'fisher'
            when segments.rest_n > 0 then 'z'
        end as test
    from segments
    left join fisher
        on
            segments.tenant_id = fisher.tenant_id
            and segments.window_days = fisher.window_days
            and segments.dimension = fisher.dimension
            and segments.segment = fisher.segment

),

-- Segments without a rest were not tested, and are no question.
placed as (

    select
        *,
        count(p_value) over (partition by tenant_id, window_days) as tests,
        row_number() over (
            partition by tenant_id, window_days, p_value is null order by p_value, dimension, {{ bytewise('segment') }}
        ) as place
    from tested

),

final as (

    select
        tenant_id,
        window_days,
        dimension,
        segment,
        z,
        p_value,
        test,
        {{ benjamini_hochberg('p_value', 'tests', 'place', 'tenant_id, window_days, p_value is null') }} as q_value
    from placed

)

select * from final

{{ config(
    indexes=[{'columns': ['tenant_id', 'account_id', 'object_id', 'checkpoint']}],
    post_hook="{{ analyze_relation() }}"
) }}
-- The values of a checkpoint's sample. A pull asks for the list and for insights within seconds: where insights tell nothing of a count,
-- that of a list at most 10 minutes away belongs to the same sample. Nothing else is mixed, so both sides of a rate are of one moment.
with checkpoints as (

    select * from {{ ref('int_social__post_checkpoints') }}

),

ranked as (

    select
        checkpoints.tenant_id,
        checkpoints.account_id,
        checkpoints.object_id,
        checkpoints.checkpoint,
        samples.metric_name,
        samples.paid_scope,
        samples.unit,
        samples.value,
        row_number() over (
            partition by
                checkpoints.tenant_id, checkpoints.account_id, checkpoints.object_id, checkpoints.checkpoint, samples.metric_name
            order by
                samples.observed_at <> checkpoints.sample_at,
                abs({{ seconds_between('checkpoints.sample_at', 'samples.observed_at') }}),
                samples.observed_at
        ) as candidate_no
    from checkpoints
    inner join {{ ref('int_social__post_samples') }} as samples
        on
            checkpoints.tenant_id = samples.tenant_id
            and checkpoints.account_id = samples.account_id
            and checkpoints.object_id = samples.object_id
            and samples.observed_at >= checkpoints.sample_at - {{ hours('1.0 / 6') }}
            and samples.observed_at <= checkpoints.sample_at + {{ hours('1.0 / 6') }}
    where
        samples.value is not null
        and (samples.observed_at = checkpoints.sample_at or samples.is_stand_in)

),

final as (

    select
        tenant_id,
        account_id,
        object_id,
        checkpoint,
        metric_name,
        paid_scope,
        unit,
        value
    from ranked
    where candidate_no = 1

)

select * from final

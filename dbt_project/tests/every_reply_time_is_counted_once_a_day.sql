{{ config(tags=['nightly']) }}
-- No drift between a day and what it counts: replies, messages and starts of all days against the rows they are counted from.
with counted as (

    select
        tenant_id,
        sum(responses) as responses,
        sum(response_time_sum_ms) as response_time_sum_ms,
        sum(total_messages) as total_messages,
        sum(episodes_started) as episodes_started
    from {{ ref('daily_metrics') }}
    group by tenant_id

),

episodes as (

    select
        tenant_id,
        sum(responses) as responses,
        sum(response_time_sum_ms) as response_time_sum_ms,
        sum(total_messages) as total_messages,
        count(*) as episodes_started
    from {{ ref('conversations') }}
    group by tenant_id

)

select *
from counted
full join episodes using (tenant_id)
where
    counted.responses is distinct from episodes.responses
    or counted.response_time_sum_ms is distinct from episodes.response_time_sum_ms
    or counted.total_messages is distinct from episodes.total_messages
    or counted.episodes_started is distinct from episodes.episodes_started

{#
    Observations that exist at as_of, each with the day it belongs to: a table expression. Those of a CTE, or all of them.

    metric_date: of a sample, the tenant's local day on which it was taken; of an asked window, its last day on the calendar of the platform; of
    a series, the UTC date of its stamp, shifted as the account says. day_basis names that calendar: tenant, pacific, utc or account (the
    tenant's zone). Windows begin at midnight; half a day is added so that a midnight of the zone the tenant had then keeps its date.
#}
{% macro dated_observations(observations=none) %}
    {%- set window_zone -%}
        case accounts.day_boundary when 'pacific' then 'America/Los_Angeles' when 'account' then time_zones.zone else 'UTC' end
    {%- endset -%}
    (
        select
            observations.*,
            accounts.collect_from,
            case when observations.is_sample then 'tenant' else accounts.day_boundary end as day_basis,
            case
                when observations.is_sample
                    then least({{ local_date('observations.observed_at', 'time_zones.zone') }}, time_zones.last_date)
                when observations.window_start is not null
                    then
                        cast({{ local_time('observations.window_start', window_zone) }} + {{ hours(12) }} as date)
                        + observations.window_days - 1
                else {{ local_date('observations.window_end', "'UTC'") }} + accounts.day_shift
            end as metric_date
        from {{ observations or ref('stg_metric_observations') }} as observations
        inner join {{ ref('stg_graph_accounts') }} as accounts
            on
                observations.tenant_id = accounts.tenant_id
                and observations.account_id = accounts.account_id
        inner join {{ ref('int_core__time_zones') }} as time_zones
            on
                observations.tenant_id = time_zones.tenant_id
                and coalesce(observations.window_start, observations.observed_at) >= time_zones.from_at
                and coalesce(observations.window_start, observations.observed_at) < time_zones.to_at
        where observations.observed_at <= {{ as_of() }}
    )
{%- endmacro %}

{#
    Aggregate: the sum of an additive metric over rows of engagement_metrics; NULL when no day is known. A metric that the catalogue does not call
    additive (unique people, stocks, ratios), or does not know, is a compiler error: no figure that must not be added is ever added by mistake.

    Rows of accounts and of posts, and of breakdowns, are the caller's to keep apart: dim_key = '' and one object_level.
#}
{% macro sum_metric(metric_name, value='metric_value') -%}
    {%- if execute -%}
        {%- set catalogue = existing_relation('stg_metric_series') -%}
        {%- if not catalogue -%}
            {{ exceptions.raise_compiler_error('sum_metric() asks stg_metric_series, which is not built yet: run `agentmarts refresh`') }}
        {%- endif -%}
        {%- set kinds = run_query(
            'select bool_and(additive) from ' ~ catalogue ~ " where kind <> 'rolling' and metric_name = '" ~ metric_name ~ "'"
        ).columns[0].values() -%}
        {%- if kinds[0] is none -%}
            {{ exceptions.raise_compiler_error('sum_metric(): the catalogue has no metric ' ~ metric_name) }}
        {%- elif not kinds[0] -%}
            {{ exceptions.raise_compiler_error(metric_name ~ ' is not additive: take it from the window itself (account_reach), or its last value') }}
        {%- endif -%}
    {%- endif -%}
    sum({{ value }}) filter (where metric_name = '{{ metric_name }}')
{%- endmacro %}

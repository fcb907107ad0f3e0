{#
    Local days with bounds, once for each of the two or three dates of UTC they touch: a table expression with the column utc_date. What happened
    on them is joined by this date, so that no row is compared with every day of its account.
#}
{% macro by_utc_date(days) %}
    (
        select
            local_days.*,
            series.day as utc_date
        from {{ days }} as local_days
        cross join lateral {{ date_series(local_date('local_days.day_start', "'UTC'"), local_date('local_days.day_end', "'UTC'")) }}
    )
{%- endmacro %}

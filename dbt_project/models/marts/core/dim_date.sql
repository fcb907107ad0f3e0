-- Every date on which a mart can have a row, to the end of next year: events before 2000 are refused.
with days as (

    select series.day as metric_date
    from {{ ref('int_core__present_year') }} as present_year
    cross join lateral {{ date_series("date '1999-01-01'", "(present_year.present_year + 1 || '-12-31')::date") }}

),

final as (

    select
        metric_date,
        extract(isodow from metric_date)::integer as iso_weekday,
        trim(to_char(metric_date, 'Day')) as day_name,
        {{ week_start('metric_date') }} as week_start,
        {{ period_start('month', 'metric_date') }} as month_start,
        {{ period_start('quarter', 'metric_date') }} as quarter_start,
        {{ period_start('year', 'metric_date') }} as year_start,
        extract(week from metric_date)::integer as iso_week,
        extract(isoyear from metric_date)::integer as iso_year,
        extract(isodow from metric_date) >= 6 as is_weekend
    from days

)

select * from final

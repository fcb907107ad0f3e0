-- Every date on which a mart can have a row, to the end of next year: events before 2000 are refused.
with days as (

    select series.day as metric_date
    from {{ ref('int_core__present_year') }} as present_year
    cross join lateral {{ date_series("date '1999-01-01'", "cast(present_year.present_year + 1 || '-12-31' as date)") }}

),

final as (

    select
        metric_date,
        {{ iso_weekday('metric_date') }} as iso_weekday,
        {{ day_name('metric_date') }} as day_name,
        {{ week_start('metric_date') }} as week_start,
        {{ period_start('month', 'metric_date') }} as month_start,
        {{ period_start('quarter', 'metric_date') }} as quarter_start,
        {{ period_start('year', 'metric_date') }} as year_start,
        cast(extract(week from metric_date) as integer) as iso_week,
        {{ iso_year('metric_date') }} as iso_year,
        {{ iso_weekday('metric_date') }} >= 6 as is_weekend
    from days

)

select * from final

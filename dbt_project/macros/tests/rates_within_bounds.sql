{# Fails for rows in which a rate leaves 0..1 or its interval, or is known without anything to divide by. #}
{% test rates_within_bounds(model, rates) %}
select * from {{ model }} as tested
where
    {% for rate in rates -%}
    ({{ rate }}_rate_denominator = 0) <> ({{ rate }}_rate is null)
    or not coalesce(
        {{ rate }}_rate between 0 and 1 and {{ rate }}_rate between {{ rate }}_rate_low - 1e-12 and {{ rate }}_rate_high + 1e-12, true
    )
    {{ 'or' if not loop.last }}
    {% endfor %}
{% endtest %}

{# Fails for every row of which the expression is not true; NULL fails too. #}
{% test expression_is_true(model, expression) %}
select * from {{ model }} as tested
where not coalesce({{ expression }}, false)
{% endtest %}

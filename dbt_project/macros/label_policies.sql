{# Names of the label policies of the seed `label_policy`; the headline first. #}
{% macro label_policies() %}
    {{ return(['headline', 'resolved_only', 'expired_as_negative']) }}
{% endmacro %}

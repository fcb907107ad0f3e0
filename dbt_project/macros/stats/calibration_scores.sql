{#
    Scores of forecasts as aggregates over their bins (Murphy 1973; Stephenson et al. 2008; Kumar et al. 2019; Spiegelhalter 1986).

    They read the columns of a bin: n and positives (integer), confidence_sum (Σp), confidence_squares (Σp²), confidence_of_positives (Σ p of
    the positive ones) and spiegelhalter_variance (Σ (1−2p)² p(1−p)), all decimals, so that the sums are exact in any order. Bins
    without rows must not come in. Each is a decimal, NULL without rows.
#}

{# Σ (p − y)² of one bin; y² = y. Not an aggregate. #}
{% macro squared_error_of_bin() -%}
    (confidence_squares - 2 * confidence_of_positives + positives)
{%- endmacro %}

{% macro brier_score() -%}
    sum({{ squared_error_of_bin() }}) / sum(n)
{%- endmacro %}

{% macro expected_calibration_error() -%}
    sum(abs(confidence_sum - positives)) / sum(n)
{%- endmacro %}

{# The Brier score of the replaced system: midpoints against rates, bins of at least 10. NULL when there is none. #}
{% macro binned_calibration_error(midpoint='(bin_index + 0.5) / 10') -%}
    {%- set rate = 'cast(positives as ' ~ type_decimal() ~ ') / n' -%}
    sum(n * ({{ midpoint }} - {{ rate }}) * ({{ midpoint }} - {{ rate }})) filter (where n >= 10)
    / nullif(sum(n) filter (where n >= 10), 0)
{%- endmacro %}

{# Squared gaps less what chance alone would give; below 0 there is no evidence of any. Bins of one row add nothing. #}
{% macro debiased_squared_error() -%}
    (
        coalesce(sum(
            (confidence_sum - positives) * (confidence_sum - positives) / n
            - positives * cast(n - positives as {{ type_decimal() }}) / n / (n - 1)
        ) filter (where n > 1), 0) / sum(n)
    )
{%- endmacro %}

{# Calibration in the large in units of its standard error; NULL when every forecast is 0 or 1. #}
{% macro citl_z() -%}
    cast(sum(confidence_sum) - sum(positives) as {{ type_double() }})
    / nullif(sqrt(cast(sum(confidence_sum) - sum(confidence_squares) as {{ type_double() }})), 0)
{%- endmacro %}

{# NULL when every forecast is 0, 1/2 or 1. #}
{% macro spiegelhalter_z() -%}
    cast(sum(positives) - 2 * sum(confidence_of_positives) - sum(confidence_sum) + 2 * sum(confidence_squares) as {{ type_double() }})
    / nullif(sqrt(cast(sum(spiegelhalter_variance) as {{ type_double() }})), 0)
{%- endmacro %}

{# Square root with the sign of its argument: a column. #}
{% macro signed_root(square) -%}
    cast(sign({{ square }}) as {{ type_double() }}) * sqrt(cast(abs({{ square }}) as {{ type_double() }}))
{%- endmacro %}

{#
    Whether an agent may be called calibrated: NULL below 50 outcomes; no once the alarm has fired, or when Spiegelhalter's test and the size of
    the error agree that it is not.
#}
{% macro is_calibrated(n, alarm_at, spiegelhalter_p, debiased_rmsce) -%}
    case
        when {{ n }} >= 50
            then {{ alarm_at }} is null and not coalesce({{ spiegelhalter_p }} < 0.01 and {{ debiased_rmsce }} > 0.05, false)
    end
{%- endmacro %}

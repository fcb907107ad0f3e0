{#
    Test of calibration that may be looked at after every outcome: bets on each forecast being too low (λ > 0) or too high, of four sizes each,
    and the mean of what they have won. Ville: under calibration the mean ever reaches 20 with a chance of at most 5 %.
#}

{# Names of the columns with the logarithm of what each bet has won, and its λ. #}
{% macro e_process_bets() %}
    {{ return({
        'log_up_8': 0.8, 'log_up_4': 0.4, 'log_up_2': 0.2, 'log_up_1': 0.1,
        'log_down_8': -0.8, 'log_down_4': -0.4, 'log_down_2': -0.2, 'log_down_1': -0.1
    }) }}
{% endmacro %}

{# What one outcome adds to a bet's logarithm, as a decimal: those add up to the same sum in any order. #}
{% macro log_win(bet, label, confidence) -%}
    ln(1 + ({{ bet }}::double precision) * ({{ label }} - {{ confidence }}))::numeric
{%- endmacro %}

{# The e-value of the bets' logarithms; both ends of the exponent are what a double precision number can hold. #}
{% macro e_value() -%}
    (
        {% for column in e_process_bets() -%}
        exp(greatest(-700, least(700, {{ column }}::double precision))){{ ' +' if not loop.last }}
        {% endfor -%}
    ) / 8
{%- endmacro %}

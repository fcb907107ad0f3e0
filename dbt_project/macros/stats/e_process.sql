{#
    Test of calibration that may be looked at after every outcome: bets on each forecast being too low (λ > 0) or too high, of four sizes each,
    and the mean of what they have won. Ville: under calibration the mean ever reaches 20 with a chance of at most 5 %.
#}

{# What one outcome adds to a bet's logarithm, as a decimal: those add up to the same sum in any order. #}
{% macro log_win(bet, label, confidence) -%}
    cast(ln(1 + cast({{ bet }} as {{ type_double() }}) * ({{ label }} - {{ confidence }})) as {{ type_decimal() }})
{%- endmacro %}

{# The e-value of the bets, columns with their logarithms; both ends of the exponent are what a double precision number can hold. #}
{% macro e_value(bets) -%}
    {%- set winnings = [] -%}
    {%- for column in bets -%}
        {%- do winnings.append('exp(greatest(-700, least(700, cast(' ~ column ~ ' as ' ~ type_double() ~ '))))') -%}
    {%- endfor -%}
    ({{ winnings | join(' + ') }}) / {{ bets | length }}
{%- endmacro %}

{# A text that compares byte by byte, whatever the language of the database. #}
{% macro bytewise(text) -%}
    {{ return(adapter.dispatch('bytewise')(text)) }}
{%- endmacro %}

{% macro postgres__bytewise(text) -%}
    {{ text }} collate "C"
{%- endmacro %}

{# Last character of a text that is no white space. #}
{% macro last_character(text) -%}
    {{ return(adapter.dispatch('last_character')(text)) }}
{%- endmacro %}

{% macro postgres__last_character(text) -%}
    right(rtrim({{ text }}, e' \t\n\r\f\v\u00a0\u2028\u2029\u3000'), 1)
{%- endmacro %}

{#
    A text without e-mail addresses, payment card numbers and phone numbers: [email], [card] and [phone] stand in their place.

    By shape alone, and rather one too many: a long order number may read [card]. Dates stay, and so do shorter numbers.
#}
{% macro mask_pii(text) -%}
    {{ return(adapter.dispatch('mask_pii')(text)) }}
{%- endmacro %}

{% macro postgres__mask_pii(text) -%}
    {%- set name = '[^\\s@<>()\\[\\]{}",;:]+' -%}
    {%- set label = '[^\\s@<>()\\[\\]{}",;:.!?/]+' -%}
    {%- set ending = '[^\\s\\d@<>()\\[\\]{}",;:.!?/][^\\s@<>()\\[\\]{}",;:.!?/]+' -%}
    {%- set space = ' \\u00a0\\u202f' -%}
    {%- set dash = '\\u2010-\\u2015-' -%}
    {#- A date is no beginning of a number, neither is what follows its first dash. -#}
    {%- set iso_date = '\\d{4}-\\d{2}-\\d{2}(?!\\d)' -%}
    {%- set other_date = '\\d{1,2}[./-]\\d{1,2}[./-]\\d{4}(?!\\d)' -%}
    {%- set card = '(?<!\\d)(?<!\\d-)(?!' ~ iso_date ~ ')\\d(?:[' ~ space ~ dash ~ ']?\\d){12,18}(?!\\d)' -%}
    {%- set between = '(?:[' ~ space ~ ']?[/' ~ dash ~ '][' ~ space ~ ']?|[.()' ~ space ~ ']{0,2})' -%}
    {%- set foreign = '\\+[(' ~ space ~ ']{0,2}\\d(?:' ~ between ~ '\\d){6,14}' -%}
    {%- set national = '(?<![a-zA-Z\\d])(?<!\\d[./-])(?!' ~ iso_date ~ '|' ~ other_date ~ ')[(]?\\d(?:' ~ between ~ '\\d){8,14}' -%}
    {%- set local = '(?<![a-zA-Z\\d])(?<!\\d[./-])\\d{3}[' ~ dash ~ ']\\d{4}(?![./' ~ dash ~ ']?\\d)' -%}
    regexp_replace(
        regexp_replace(
            regexp_replace({{ text }}, '{{ name }}@(?:{{ label }}\.)+{{ ending }}', '[email]', 'g'),
            '{{ card }}', '[card]', 'g'
        ),
        '(?:{{ foreign }}|{{ national }})(?!\d)|{{ local }}', '[phone]', 'g'
    )
{%- endmacro %}

{# Parts of a text that | separates, one row each, in column `parts.part`. Used after `cross join lateral`. #}
{% macro text_parts(text) -%}
    {{ return(adapter.dispatch('text_parts')(text)) }}
{%- endmacro %}

{% macro postgres__text_parts(text) -%}
    unnest(string_to_array({{ text }}, '|')) as parts (part)
{%- endmacro %}

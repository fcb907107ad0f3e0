{# dbt's own way to run a data test, which says how many rows failed; of the rows of a model it is also told which rules they broke. #}
{% materialization test, default %}
    {%- set relations = dbt.materialization_test_default() -%}
    {%- if model.get('test_metadata', {}).get('name') == 'rows_are_valid' and load_result('main')['table'].rows[0]['failures'] -%}
        {%- set told = [] -%}
        {%- for row in run_query('select broken_rule, count(*) from (' ~ sql ~ ') as failed group by broken_rule order by broken_rule') -%}
            {%- do told.append(row[0] ~ ' (' ~ row[1] ~ ')') -%}
        {%- endfor -%}
        {%- do log('broken rules of ' ~ model.name ~ ': ' ~ told | join(', '), info=true) -%}
    {%- endif -%}
    {{ return(relations) }}
{% endmaterialization %}

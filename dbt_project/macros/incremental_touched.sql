{#
    Incremental strategy `touched`: all rows of the touched keys go, the recomputed ones come. Unlike delete+insert it also deletes what did
    not come back (a day with 20 rows of which one vanished has 19 afterwards).

    config(meta={'touched_by': model, 'touched_keys': [columns]}): the relation with the touched keys, each key once.
#}
{% macro get_incremental_touched_sql(arg_dict) -%}
    {%- set meta = config.require('meta') -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }} as built
    using {{ ref(meta['touched_by']) }} as touched
    where
        {% for key in meta['touched_keys'] -%}
            built.{{ key }} = touched.{{ key }}{{ ' and ' if not loop.last }}
        {%- endfor %};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{#
    Models that must be built before this one although its rows do not come from them: the touched keys, and whatever else reads the state
    this model is about to correct. Only dbt's parser needs to know, so a unit test need not give them.
#}
{% macro built_after() %}
    {%- if not execute -%}
        {%- for name in varargs -%}
            {%- do ref(name) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

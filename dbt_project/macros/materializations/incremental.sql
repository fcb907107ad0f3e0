{#
    dbt's own way to build an incremental model, but for an incremental run of the strategy `touched`: that one is a single statement of three
    parts. Columns need no look at the database there: they are those of the contract, and a changed one makes the run a full one.
#}
{% materialization incremental, adapter='postgres' %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set is_lean = existing_relation is not none and existing_relation.is_table and not should_full_refresh()
        and config.get('incremental_strategy') == 'touched' and config.get('contract').enforced -%}
    {%- if not is_lean -%}
        {{ return(dbt.materialization_incremental_default()) }}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set temp_relation = make_temp_relation(target_relation) -%}
    {%- set columns = [] -%}
    {%- for column in model.columns.values() -%}
        {%- do columns.append(api.Column.create(column.name, column.data_type)) -%}
    {%- endfor -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        create temporary table {{ temp_relation }} on commit drop as (
            {{ sql }}
        );
        {{ get_incremental_touched_sql({'target_relation': target_relation, 'temp_relation': temp_relation, 'dest_columns': columns}) }}
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

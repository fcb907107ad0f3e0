{#
    dbt's own way to build an incremental model, but for an incremental run of the strategy `touched`: that one is a single statement of three
    parts. Columns are those of the contract or, without one, of the table as it stands: whatever changes them makes the run a full one.
#}
{% materialization incremental, adapter='postgres' %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set is_lean = existing_relation is not none and existing_relation.is_table and not should_full_refresh()
        and config.get('incremental_strategy') == 'touched' -%}
    {%- if not is_lean -%}
        {{ return(dbt.materialization_incremental_default()) }}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set temp_relation = make_temp_relation(target_relation) -%}
    {%- set columns = [] -%}
    {%- if config.get('contract').enforced -%}
        {%- for column in model.columns.values() -%}
            {%- do columns.append(api.Column.create(column.name, column.data_type)) -%}
        {%- endfor -%}
    {%- else -%}
        {%- set columns = adapter.get_columns_in_relation(existing_relation) -%}
    {%- endif -%}

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

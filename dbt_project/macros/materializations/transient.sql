{#
    Materialization `transient`: a table that nobody outside reads is dropped and made again in one statement, instead of being made beside the
    old one and renamed. dbt's own way is right for what people read; here it is ten round trips and more work for dbt than for PostgreSQL.
#}
{% materialization transient, adapter='postgres' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing_relation = load_cached_relation(this) -%}

    {% call statement('main') -%}
        {% if existing_relation -%}
            drop {{ existing_relation.type }} if exists {{ existing_relation }} cascade;
        {%- endif %}
        {{ get_create_table_as_sql(False, target_relation, sql) }}
        {%- for index in config.get('indexes', default=[]) %}
            {{ get_create_index_sql(target_relation, index) }};
        {%- endfor %}
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

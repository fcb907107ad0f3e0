{#
    Runs before every build: drops each view of the intermediate layer that the build replaces or that reads what it replaces.

    dbt replaces a table by dropping the old one `cascade`, and with it every view on it. Two tables replaced at once by two threads, below the
    same view, would wait for each other until PostgreSQL ends one of them as a deadlock. With the views gone there is nothing to wait for; dbt
    makes them anew in their turn, and those it leaves out come back with the first run that builds them, as they would after the cascade.
#}
{% macro drop_replaced_views() %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% for node in graph.nodes.values() if node.config.materialized == 'view' and node.fqn[1] != 'staging' %}
            {% set replaced = [] %}
            {% for key in [node.unique_id] + node.depends_on.nodes if key in selected_resources and key in graph.nodes %}
                {#- What is corrected in place stays where it is, and views on it with it. -#}
                {% if flags.FULL_REFRESH or graph.nodes[key].config.materialized != 'incremental' %}
                    {% do replaced.append(key) %}
                {% endif %}
            {% endfor %}
            {% set relation = existing_relation(node.alias) if replaced else none %}
            {% if relation is not none and relation.is_view %}
                {% do adapter.drop_relation(relation) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

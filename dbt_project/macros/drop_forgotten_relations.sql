{#
    Runs before a full build: drops each relation of the build schema that no node has any more, as an earlier version left it. A partial run
    leaves all as it is.
#}
{% macro drop_forgotten_relations() %}
    {% if execute and flags.FULL_REFRESH and flags.WHICH in ('build', 'run') %}
        {% set known = graph.nodes.values() | map(attribute='alias') | list + graph.sources.values() | map(attribute='identifier') | list %}
        {% set build = api.Relation.create(database=target.database, schema=target.schema) %}
        {% for row in list_relations_without_caching(build) if row['name'] not in known %}
            {% set relation = existing_relation(row['name']) %}
            {% if relation is not none %}
                {% do log('Dropped ' ~ relation ~ ': no model has this name any more.', info=true) %}
                {% do adapter.drop_relation(relation) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}

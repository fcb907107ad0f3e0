{{ config(indexes=[{'columns': ['tenant_id', 'metric_date'], 'unique': true}]) }}
-- Every local day of a tenant, from that of its first action to the end of the week and month as_of falls into.
{{ local_calendar('int_learning__first_actions', 'first_action_at') }}

-- Every local day of a tenant, from that of its first event to the end of the week and month as_of falls into.
{{ local_calendar('int_conversations__first_events', 'first_event_at') }}

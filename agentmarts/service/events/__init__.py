"""/v1/events: events of any stream, durable before the answer."""

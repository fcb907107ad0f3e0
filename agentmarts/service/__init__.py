"""The HTTP service: marts, analytics and event intake for the tenants of a key."""

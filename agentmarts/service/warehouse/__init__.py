"""As whom the service speaks to the warehouse, and what it knows of the marts."""

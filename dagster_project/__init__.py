"""Dagster's view of agentmarts: thin definitions that call the library."""

"""Sample data for trying agentmarts out: seeded, deterministic, and independent of the library itself."""

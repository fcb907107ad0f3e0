"""`agentmarts graph`."""

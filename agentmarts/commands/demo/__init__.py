"""`agentmarts demo`."""

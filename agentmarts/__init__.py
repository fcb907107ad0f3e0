"""agentmarts: the analytics warehouse for AI agents."""

__version__ = "0.1.0"

"""The commands of `agentmarts`, one module per group; agentmarts/cli.py puts them together."""

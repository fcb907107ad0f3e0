"""The commands of `agentmarts`, one module per group; agentmarts/cli.py lists them and imports each when it is called."""

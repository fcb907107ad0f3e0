"""agentmarts: the analytics warehouse for AI agents."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("agentmarts")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"

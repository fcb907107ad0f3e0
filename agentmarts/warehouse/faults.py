"""Points at which a chaos test kills the process: does nothing unless AGENTMARTS_FAULT names the point."""

from __future__ import annotations

import os
import signal


def fault_point(name: str) -> None:
    """SIGKILL this very process when the environment variable AGENTMARTS_FAULT is `name`."""
    if os.environ.get("AGENTMARTS_FAULT") == name:
        os.kill(os.getpid(), signal.SIGKILL)

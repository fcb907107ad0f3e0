"""Points at which a test can make the process die as if the machine had lost power."""

from __future__ import annotations

import os
import signal

VARIABLE = "AGENTMARTS_FAULT"


def fault_point(name: str) -> None:
    """SIGKILL this process if AGENTMARTS_FAULT names the point; otherwise nothing.

    Points of ingest: `ingest-after-read` (rows are checked, nothing is written), `ingest-mid-copy` (half of a COPY was sent),
    `ingest-before-commit`, `ingest-after-commit` (durable, but nobody was told).
    Points of a refresh stand in `refresh.py` and `publish.py`.
    """
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)

"""Points at which a test can make the process die as if the machine had lost power."""

from __future__ import annotations

import os
import signal
from collections import Counter

VARIABLE = "AGENTMARTS_FAULT"
_passed: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """SIGKILL this process if AGENTMARTS_FAULT names the point, or the n-th time it is passed with `name@n`; otherwise nothing.

    Points of ingest: `ingest-after-read` (rows are checked, nothing is written), `ingest-mid-copy` (half of a COPY was sent),
    `ingest-before-commit`, `ingest-after-commit` (durable, but nobody was told).
    Points of a refresh stand in `refresh.py` and `publish.py`. Of a request to Meta: `graph-before-send` (its place is taken),
    `graph-after-answer` (Meta has counted it, nobody has kept it), `graph-mid-keep` (its body is written), `graph-before-commit`.
    """
    wanted, _, turn = os.environ.get(VARIABLE, "").partition("@")
    if wanted != name:
        return
    _passed[name] += 1
    if _passed[name] == int(turn or 1):
        os.kill(os.getpid(), signal.SIGKILL)

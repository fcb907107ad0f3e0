"""One pull of every account: `python -m tests.system.chaos.pull_in_a_process INSTANT` collects at a fixed instant, of a short past."""

from __future__ import annotations

import sys
from datetime import datetime

from agentmarts.meta_graph.collecting.collector import collect
from agentmarts.meta_graph.planning import windows
from agentmarts.settings import load_settings

PAST_DAYS = 10


def main(instant: str) -> int:
    """Exit code 0 when everything due was asked."""
    for group in windows.BACKFILL_DAYS:
        windows.BACKFILL_DAYS[group] = PAST_DAYS
    at = datetime.fromisoformat(instant)
    done = collect(load_settings(), clock=lambda: at, sleep=lambda seconds: None)
    return 0 if done and all(one.is_complete for one in done) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Old answers of Meta are emptied: they are evidence of what was asked lately, and no fact depends on them.

When they came, which version gave them and at what usage stays: collection_health tells it of all its days, also after a rebuild.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from agentmarts.meta_graph.store_responses import purge_responses
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect

AT_ONCE = 5_000
"""Rows of one transaction, so that nobody waits for long."""
TURNS = 40
"""Transactions of one purge; what is left goes next time."""


def purge_old_responses(settings: Settings, at: datetime, *, at_once: int = AT_ONCE, turns: int = TURNS) -> int:
    """Empty answers older than `graph_responses_days` at an instant (UTC); returns how many. Safe to repeat, to kill and to run twice."""
    older_than, emptied = at - timedelta(days=settings.graph_responses_days), 0
    with connect(settings, Role.INGEST) as connection:
        for _ in range(turns):
            with connection.transaction():
                some = purge_responses(connection, older_than, at_once)
            emptied += some
            if some < at_once:
                break
    return emptied

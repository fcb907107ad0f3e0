"""A sign of life of an orchestrated run: an advisory lock that dies with the process of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.locks import key_of


def run_lock_key(run_id: str) -> int:
    """Key of a run's advisory lock."""
    return key_of(run_id)


@contextmanager
def run_lock(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold the run's lock on a connection of its own while the block runs."""
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        connection.execute("select pg_try_advisory_lock(%s)", (run_lock_key(run_id),))
        yield


def dead_runs(settings: Settings, run_ids: list[str]) -> list[str]:
    """Of these runs those whose process is gone: nobody holds their lock. A live run is not disturbed by the question."""
    dead = []
    with connect(settings, Role.TRANSFORM, autocommit=True) as connection:
        for run_id in run_ids:
            key = run_lock_key(run_id)
            row = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
            if row and row[0]:
                connection.execute("select pg_advisory_unlock(%s)", (key,))
                dead.append(run_id)
    return dead

"""One collector per account: an advisory lock that dies with its connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg.pq import TransactionStatus

from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.locks import key_of


@contextmanager
def account_lock(connection: Connection, account_id: UUID) -> Iterator[bool]:
    """Hold the account's lock on this connection while the block runs; yields False when somebody else collects it, without waiting.

    The connection must be idle; it may commit and roll back inside the block, the lock stays. What the block left uncommitted when it
    failed is rolled back before the lock is given up, so that the next collector sees all or nothing. Raises RuntimeError when the
    connection is not idle, or when the block ends well with something uncommitted.
    """
    key = key_of(f"meta_graph account {account_id}")
    if not _is_idle(connection):
        raise RuntimeError("the account lock wants a connection without an open transaction")
    with connection.transaction():
        row = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
    is_held = bool(row and row[0])
    try:
        yield is_held
        if not connection.closed and not _is_idle(connection):
            raise RuntimeError("facts of the account are not committed while its lock is given up")
    finally:
        if is_held and not connection.closed:
            connection.rollback()
            with connection.transaction():
                connection.execute("select pg_advisory_unlock(%s)", (key,))


def _is_idle(connection: Connection) -> bool:
    return connection.info.transaction_status == TransactionStatus.IDLE

"""Checked events into `raw`: COPY into a temporary table, the ledger decides what is new, what is new goes to the stream's table.

Everything that belongs to a batch happens in the one transaction of the caller, so at every instant an event is in raw once, in
quarantine, or was never acknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import psycopg
from psycopg import sql

from agentmarts.streams.contract.batch import Batch, CheckedEvent, Refused, StreamRows, copied_columns
from agentmarts.streams.contract.registry import Stream
from agentmarts.streams.contract.rejection import Reason, Rejection, shown
from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.faults import fault_point


class LedgerChangedError(RuntimeError):
    """An id was in the ledger a moment ago and is no more; the transaction has to begin again."""


@dataclass(frozen=True)
class Written:
    """What the ledger said: positions of duplicates, and events whose id was taken by another content."""

    duplicates: list[int]
    conflicts: list[Refused]


class StreamWriter:
    """Writes batches over one connection, as am_ingest."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._tables: set[str] = set()
        self._days: set[date] = set()

    def prepare(self, batch: Batch) -> None:
        """Make what `write` needs: partitions, temporary tables. The connection must be idle.

        In a transaction of its own: the lock on making partitions must not be held while waiting for somebody else's event ids.
        """
        days = {
            item.row.occurred_at.date() for rows in batch.streams.values() if rows.stream.is_partitioned for item in rows.firsts.values()
        } - self._days
        tables = batch.streams.keys() - self._tables
        if days or tables:
            with self.connection.transaction():
                self.connection.execute("select raw.ensure_event_partitions(%s::date[])", [sorted(days)])
                for name in sorted(tables):
                    _make_temporary_tables(self.connection, batch.streams[name].stream)
        self._days |= days
        self._tables |= tables

    def write(self, batch: Batch, tenant_id: UUID) -> Written:
        """Write the batch inside the caller's transaction. Streams and ids go in one order everywhere, so writers cannot deadlock."""
        duplicates: list[int] = []
        conflicts: list[Refused] = []
        for _, rows in sorted(batch.streams.items()):
            _copy(self.connection, rows)
            known = _enter(self.connection, rows, tenant_id, batch.validator.received_at)
            for item in (*(rows.firsts[event_id] for event_id in known), *rows.repeats):
                # Of an id that was new the batch's first event stands in the ledger.
                winner = known.get(item.row.event_id) or rows.firsts[item.row.event_id].row.body_hash
                if winner == item.row.body_hash:
                    duplicates.append(item.position)
                else:
                    conflicts.append(_conflict(rows.stream, item))
        return Written(duplicates, conflicts)

    def forget(self) -> None:
        """Make everything anew the next time."""
        self._tables.clear()
        self._days.clear()


def is_passing(error: Exception) -> bool:
    """Whether somebody else's work came in between, a partition dropped or a ledger entry erased, so that a second attempt will do."""
    if isinstance(error, psycopg.errors.CheckViolation):
        return error.diag.constraint_name is None  # "no partition of relation found for row" breaks no constraint with a name
    return isinstance(error, LedgerChangedError)


def _make_temporary_tables(connection: Connection, stream: Stream) -> None:
    connection.execute("set local client_min_messages = warning")  # "already exists" is no news on a pooled connection
    for statement in (
        "create temporary table if not exists {incoming} on commit delete rows as "
        "select {columns}, null::uuid as body_hash from {table} with no data",
        "create temporary table if not exists {fresh} on commit delete rows as select event_id from {table} with no data",
    ):
        connection.execute(sql.SQL(statement).format(**_names(stream)))


def _names(stream: Stream) -> dict[str, sql.Composable]:
    columns = copied_columns(stream)
    return {
        "table": sql.Identifier("raw", stream.name),
        "incoming": sql.Identifier(f"incoming_{stream.name}"),
        "fresh": sql.Identifier(f"fresh_{stream.name}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "incoming_columns": sql.SQL(", ").join(sql.Identifier("i", column) for column in columns),
        "stream": sql.Literal(stream.name),
    }


def _copy(connection: Connection, rows: StreamRows) -> None:
    text = memoryview(rows.as_csv())
    statement = sql.SQL("copy {incoming} ({columns}, body_hash) from stdin (format csv)").format(**_names(rows.stream))
    with connection.cursor().copy(statement) as copy:
        middle = len(text) // 2
        copy.write(text[:middle])
        fault_point("ingest-mid-copy")
        copy.write(text[middle:])


def _enter(connection: Connection, rows: StreamRows, tenant_id: UUID, received_at: datetime) -> dict[str, str]:
    """Enter the ledger and, where the ledger had no such id, the stream. Returns {event_id: body hash} of the ids it had."""
    names = {**_names(rows.stream), "tenant": sql.Literal(tenant_id), "received_at": sql.Literal(received_at)}
    # In order of the key: two writers with common ids wait for each other in one direction only.
    fresh = connection.execute(
        sql.SQL(
            "with entered as (insert into raw.event_ledger (tenant_id, stream_id, event_id, body_hash, occurred_month) "
            "select {tenant}, (select stream_id from raw.streams where stream = {stream}), event_id, body_hash, "
            "date_trunc('month', occurred_at at time zone 'UTC')::date from {incoming} order by event_id "
            "on conflict do nothing returning event_id) insert into {fresh} select event_id from entered"
        ).format(**names)
    ).rowcount
    all_fresh = fresh == len(rows.firsts)
    # An ordinary delivery is all new: no join then.
    only_fresh = sql.SQL("") if all_fresh else sql.SQL(" join {fresh} using (event_id)").format(**names)
    connection.execute(
        sql.SQL(
            "insert into {table} (tenant_id, received_at, {columns}) select {tenant}, {received_at}, {incoming_columns} from {incoming} i"
        ).format(**names)
        + only_fresh
    )
    if all_fresh:
        return {}
    known = connection.execute(
        sql.SQL(
            "select l.event_id, l.body_hash from {incoming} i "
            "join raw.event_ledger l on l.tenant_id = {tenant} and l.event_id = i.event_id "
            "and l.stream_id = (select stream_id from raw.streams where stream = {stream}) "
            "where not exists (select from {fresh} f where f.event_id = i.event_id)"
        ).format(**names)
    )
    hashes = {str(event_id): str(body_hash.hex) for event_id, body_hash in known}
    if fresh + len(hashes) != len(rows.firsts):
        raise LedgerChangedError(f"{len(rows.firsts) - fresh - len(hashes)} event ids of {rows.stream.name} left the ledger")
    return hashes


def _conflict(stream: Stream, item: CheckedEvent) -> Refused:
    event_id = item.row.event_id
    detail = f"event_id {shown(event_id)} was accepted before with another content; the first one stays"
    return Refused(item.position, item.payload, stream.name, event_id, Rejection(Reason.DUPLICATE_CONFLICT, detail))

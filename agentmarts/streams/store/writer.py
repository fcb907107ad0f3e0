"""Checked events into `raw`: the ledger says which are known, the others go by COPY into a temporary table, thence to ledger and stream.

Everything that belongs to a batch happens in the one transaction of the caller, so at every instant an event is in raw once, in
quarantine, or was never acknowledged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from psycopg import sql

from agentmarts.streams.contract.batch import Batch, CheckedEvent, Refused, StreamRows, copied_columns
from agentmarts.streams.contract.registry import Stream
from agentmarts.streams.contract.rejection import Reason, Rejection, shown
from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.faults import fault_point

Known = Mapping[str, Mapping[str, str]]
"""{stream: {event id: body hash}} of ids that the ledger has."""


@dataclass(frozen=True)
class Written:
    """What the ledger said: positions of duplicates, and events whose id was taken by another content."""

    duplicates: list[int]
    conflicts: list[Refused]


@dataclass
class _Prepared:
    """What a connection has seen to: temporary tables of streams, partitions of UTC days."""

    tables: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)


_prepared: WeakKeyDictionary[Connection, _Prepared] = WeakKeyDictionary()
"""Remembered as long as the connection lives: of a pool, one is used for many small batches."""


class StreamWriter:
    """Writes batches over one connection, as am_ingest."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.expects_known = False
        """Whether the last batch had nothing new, as all of a file that comes a second time."""
        self._prepared = _prepared.setdefault(connection, _Prepared())

    def known(self, batch: Batch, tenant_id: UUID) -> Known:
        """The ids of the batch that the ledger has. The connection must be idle."""
        with self.connection.transaction():
            known = {name: _known(self.connection, rows, tenant_id) for name, rows in batch.streams.items()}
        self.expects_known = bool(known) and all(len(known[name]) == len(rows.firsts) for name, rows in batch.streams.items())
        return known

    def prepare(self, batch: Batch, known: Known) -> None:
        """Make what `write` needs for what is new: partitions, temporary tables. The connection must be idle.

        In a transaction of its own: the lock on making partitions must not be held while waiting for somebody else's event ids.
        """
        new = {name: rows for name, rows in batch.streams.items() if len(known[name]) < len(rows.firsts)}
        days = {
            item.row.occurred_at.date()
            for name, rows in new.items()
            if rows.stream.is_partitioned
            for event_id, item in rows.firsts.items()
            if event_id not in known[name]
        } - self._prepared.days
        tables = new.keys() - self._prepared.tables
        if days or tables:
            with self.connection.transaction():
                self.connection.execute("select raw.ensure_event_partitions(%s::date[])", [sorted(days)])
                for name in sorted(tables):
                    _make_temporary_tables(self.connection, batch.streams[name].stream)
        self._prepared.days |= days
        self._prepared.tables |= tables

    def write(self, batch: Batch, tenant_id: UUID, known: Known) -> Written:
        """Write the batch inside the caller's transaction. Streams and ids go in one order everywhere, so writers cannot deadlock.

        Raises UniqueViolation where an id that was not `known` is in the ledger by now.
        """
        duplicates: list[int] = []
        conflicts: list[Refused] = []
        for name, rows in sorted(batch.streams.items()):
            if len(known[name]) < len(rows.firsts):
                _copy(self.connection, rows, known[name].keys())
                _enter(self.connection, rows.stream, tenant_id, batch.validator.received_at)
            for item in (*(rows.firsts[event_id] for event_id in known[name]), *rows.repeats):
                # Of an id that was new the batch's first event stands in the ledger.
                winner = known[name].get(item.row.event_id) or rows.firsts[item.row.event_id].row.body_hash
                if winner == item.row.body_hash:
                    duplicates.append(item.position)
                else:
                    conflicts.append(_conflict(rows.stream, item))
        return Written(duplicates, conflicts)

    def forget(self) -> None:
        """Make everything anew the next time."""
        self._prepared.tables.clear()
        self._prepared.days.clear()


def is_passing(error: Exception) -> bool:
    """Whether somebody else's work came in between, a partition dropped or the same event stored, so that another attempt will do."""
    if isinstance(error, psycopg.errors.CheckViolation):
        return error.diag.constraint_name is None  # "no partition of relation found for row" breaks no constraint with a name
    return isinstance(error, psycopg.errors.UniqueViolation) and error.diag.constraint_name == "event_ledger_pkey"


def _make_temporary_tables(connection: Connection, stream: Stream) -> None:
    connection.execute("set local client_min_messages = warning")  # "already exists" is no news on a pooled connection
    connection.execute(
        sql.SQL(
            "create temporary table if not exists {incoming} on commit delete rows as "
            "select {columns}, null::uuid as body_hash from {table} with no data"
        ).format(**_names(stream))
    )


def _names(stream: Stream) -> dict[str, sql.Composable]:
    columns = copied_columns(stream)
    return {
        "table": sql.Identifier("raw", stream.name),
        "incoming": sql.Identifier(f"incoming_{stream.name}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "stream": sql.Literal(stream.name),
    }


def _known(connection: Connection, rows: StreamRows, tenant_id: UUID) -> dict[str, str]:
    """{event id: body hash} of the ids that the ledger has."""
    # JSON each way: 20,000 ids as an array of psycopg take longer to send than to find. No join: it would read all ids of the tenant.
    found = connection.execute(
        "select json_object_agg(event_id, encode(uuid_send(body_hash), 'hex'))::text from raw.event_ledger where tenant_id = %s "
        "and stream_id = (select stream_id from raw.streams where stream = %s) "
        "and event_id = any(array(select json_array_elements_text(%s::json)))",
        [tenant_id, rows.stream.name, msgspec.json.encode(list(rows.firsts)).decode()],
    ).fetchone()
    return msgspec.json.decode(found[0], type=dict[str, str]) if found and found[0] else {}


def _copy(connection: Connection, rows: StreamRows, known: Collection[str]) -> None:
    text = memoryview(rows.as_copy_text(without=known))
    statement = sql.SQL("copy {incoming} ({columns}, body_hash) from stdin").format(**_names(rows.stream))
    with connection.cursor().copy(statement) as copy:
        middle = len(text) // 2
        copy.write(text[:middle])
        fault_point("ingest-mid-copy")
        copy.write(text[middle:])


def _enter(connection: Connection, stream: Stream, tenant_id: UUID, received_at: datetime) -> None:
    """What was copied into ledger and stream. Raises UniqueViolation where somebody else was faster with one of the ids."""
    names = {**_names(stream), "tenant": sql.Literal(tenant_id), "received_at": sql.Literal(received_at)}
    # In order of the key, so writers with common ids wait in one direction only, and `on conflict` takes twice as long.
    connection.execute(
        sql.SQL(
            "insert into raw.event_ledger (tenant_id, stream_id, event_id, body_hash, occurred_month) "
            "select {tenant}, (select stream_id from raw.streams where stream = {stream}), event_id, body_hash, "
            "date_trunc('month', occurred_at at time zone 'UTC')::date from {incoming}"
        ).format(**names)
    )
    connection.execute(
        sql.SQL("insert into {table} (tenant_id, received_at, {columns}) select {tenant}, {received_at}, {columns} from {incoming}").format(
            **names
        )
    )


def _conflict(stream: Stream, item: CheckedEvent) -> Refused:
    event_id = item.row.event_id
    detail = f"event_id {shown(event_id)} was accepted before with another content; the first one stays"
    return Refused(item.position, item.payload, stream.name, event_id, Rejection(Reason.DUPLICATE_CONFLICT, detail))

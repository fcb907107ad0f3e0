"""The one way into `raw`: files in bulk, and batches of the API with an answer per event."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg

from agentmarts.settings import Settings
from agentmarts.streams.contract.batch import Batch, Payload, Refused
from agentmarts.streams.contract.validation import Recipient, Validator
from agentmarts.streams.store.refused_rows import quarantine
from agentmarts.streams.store.writer import StreamWriter, Written, is_passing
from agentmarts.warehouse.connection import Connection, Role, connect
from agentmarts.warehouse.faults import fault_point

ROWS_PER_TRANSACTION = 20_000
_FIRST_TRANSACTION = 1_000
"""Rows of the first one, then twice as many each time: the sooner it is checked, the sooner something is written meanwhile."""
BYTES_PER_TRANSACTION = 32 * 1024 * 1024
ATTEMPTS = 25
"""Each that fails means that another writer with some of the same events has committed."""


@dataclass(frozen=True)
class LoadReport:
    """What became of the rows: each is accepted, a duplicate (no-op) or quarantined. Reports add up."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """How many were quarantined for which reason."""

    @property
    def total(self) -> int:
        """Rows seen."""
        return self.accepted + self.duplicates + self.quarantined

    def __add__(self, other: LoadReport) -> LoadReport:
        return LoadReport(
            self.accepted + other.accepted,
            self.duplicates + other.duplicates,
            self.quarantined + other.quarantined,
            dict(Counter(self.reasons) + Counter(other.reasons)),
        )


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one event of an API batch."""

    index: int
    event_id: str | None
    status: Literal["accepted", "duplicate", "quarantined"]
    reason: str | None = None
    detail: str | None = None


def load(
    settings: Settings,
    *,
    tenant: str,
    stream: str,
    rows: Iterable[tuple[int, Payload]],
    source: str,
    received_at: datetime,
    progress: Callable[[LoadReport], None] | None = None,
    writer: StreamWriter | None = None,
) -> LoadReport:
    """Load rows of a file, as am_ingest, at most 20,000 a transaction. Loading them again changes nothing.

    `tenant` is a slug: an unknown one quarantines every row as unknown_tenant. `stream` is the default of rows that name none.
    `rows`: (line or row number, payload). `source`: file name; the quarantine says `{source}:{number}`. `progress` gets the
    totals after each commit. Memory is bounded by two transactions: one is being written while the next is being checked.
    `writer`: of whoever loads many files, so that they share a connection and its temporary tables; without it, one for this call.
    """
    with nullcontext(writer) if writer else open_writer(settings) as into:
        recipient = find_recipient(into.connection, tenant)
        if recipient is None and not source.startswith(f"{tenant}/"):
            source = f"{tenant}/{source}"  # a replay finds the slug here, once somebody has created the tenant
        total = LoadReport()
        with _threads_take_turns_quickly(), ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest-writer") as thread:
            writing: Future[LoadReport] | None = None
            try:
                for batch in _batches(rows, Validator(recipient, stream, received_at)):
                    if not into.expects_known:
                        with _collector_paused():
                            batch.seal()
                    if writing is not None:
                        total = _add_up(total, writing.result(), progress)
                    writing = thread.submit(_write_bulk, into, batch, source)
            finally:  # also when the rows break off: what was read before is written, and told
                if writing is not None:
                    total = _add_up(total, writing.result(), progress)
    return total


@contextmanager
def open_writer(settings: Settings) -> Iterator[StreamWriter]:
    """A writer with a connection of its own, closed with the block."""
    with connect(settings, Role.INGEST, autocommit=True) as connection:
        yield StreamWriter(connection)


def load_batch(
    connection: Connection,
    *,
    tenant_id: UUID,
    items: Sequence[Payload],
    default_stream: str | None,
    received_at: datetime,
    source: str,
    before_commit: Callable[[Connection, list[ItemResult]], None] | None = None,
) -> list[ItemResult]:
    """Load events that arrived in one request and say what became of each, in their order.

    `connection`: as am_ingest and idle; it is left idle. One transaction, durable when this returns. `before_commit` runs inside it.
    Whatever psycopg raises (DiskFull, OperationalError): nothing was written.
    """
    slug = connection.execute("select slug from raw.tenants where tenant_id = %s", [tenant_id]).fetchone()
    connection.rollback()
    batch = Batch(Validator(Recipient(tenant_id, slug[0]) if slug else None, default_stream, received_at))
    for index, item in enumerate(items):
        batch.add(index, item)
    results: list[ItemResult] = []

    def inside(written: Written, refused: list[Refused]) -> None:
        quarantine(connection, tenant_id, refused, lambda index: f"{source}[{index}]", received_at)
        results[:] = _results(batch, written, refused)
        if before_commit is not None:
            before_commit(connection, results)

    write_batch(StreamWriter(connection), batch, tenant_id, inside)
    return results


def find_recipient(connection: Connection, slug: str) -> Recipient | None:
    """The tenant of this slug as am_ingest sees it."""
    found = connection.execute("select tenant_id from raw.tenants where slug = %s", [slug]).fetchone()
    return Recipient(found[0], slug) if found else None


def _batches(rows: Iterable[tuple[int, Payload]], validator: Validator) -> Iterator[Batch]:
    source = iter(rows)
    limit = _FIRST_TRANSACTION
    while True:
        limit = min(limit, ROWS_PER_TRANSACTION)
        batch = Batch(validator)
        with _collector_paused():
            for number, payload in source:
                batch.add(number, payload)
                if batch.size >= limit or batch.bytes >= BYTES_PER_TRANSACTION:
                    break
        if not batch.size:
            return
        yield batch
        limit *= 2


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cyclic garbage collection for a fraction of a second: rows hold no cycles, and looking for some took a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _threads_take_turns_quickly() -> Iterator[None]:
    """The thread that writes asks for the interpreter after each piece PostgreSQL took: at 5 ms a time that was a sixth of the whole."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _write_bulk(writer: StreamWriter, batch: Batch, source: str) -> LoadReport:
    recipient = batch.validator.recipient
    tenant_id = recipient.tenant_id if recipient else None
    received_at = batch.validator.received_at

    def keep(written: Written, refused: list[Refused]) -> None:
        quarantine(writer.connection, tenant_id, refused, lambda number: f"{source}:{number}", received_at)

    written, refused = write_batch(writer, batch, tenant_id, keep)
    return LoadReport(
        batch.size - len(written.duplicates) - len(refused),
        len(written.duplicates),
        len(refused),
        dict(Counter(one.rejection.reason.value for one in refused)),
    )


def write_batch(
    writer: StreamWriter, batch: Batch, tenant_id: UUID | None, inside: Callable[[Written, list[Refused]], None]
) -> tuple[Written, list[Refused]]:
    """One transaction for the whole batch; returns what was written and what was refused once that is durable.

    `inside` runs in the transaction, after the events; it keeps what was refused. The writer's connection must be idle.
    """
    fault_point("ingest-after-read")
    for attempt in range(ATTEMPTS):
        known = writer.known(batch, tenant_id) if tenant_id else {}
        writer.prepare(batch, known)
        try:
            with writer.connection.transaction():
                writer.connection.execute("set local synchronous_commit = on")
                written = writer.write(batch, tenant_id, known) if tenant_id else Written([], [])
                refused = [*batch.refused, *written.conflicts]
                inside(written, refused)
                fault_point("ingest-before-commit")
            fault_point("ingest-after-commit")
            return written, refused
        except psycopg.Error as error:
            if not is_passing(error) or attempt == ATTEMPTS - 1:
                raise
            writer.forget()
    raise AssertionError("unreachable: the last attempt raises")


def _results(batch: Batch, written: Written, refused: list[Refused]) -> list[ItemResult]:
    results: dict[int, ItemResult] = {}
    duplicates = set(written.duplicates)
    for rows in batch.streams.values():
        for item in (*rows.firsts.values(), *rows.repeats):
            status: Literal["accepted", "duplicate"] = "duplicate" if item.position in duplicates else "accepted"
            results[item.position] = ItemResult(item.position, item.row.event_id, status)
    for one in refused:
        results[one.position] = ItemResult(one.position, one.event_id, "quarantined", one.rejection.reason.value, one.rejection.detail)
    return [results[index] for index in sorted(results)]


def _add_up(total: LoadReport, written: LoadReport, progress: Callable[[LoadReport], None] | None) -> LoadReport:
    total += written
    if progress is not None:
        progress(total)
    return total

"""Publish by difference: one transaction writes the rows that changed into `marts`, logs them and advances the cursor.

dbt rebuilds drop policies, grants, keys and comments, and show readers half of a new version; here readers see one version at
every instant and are never blocked. This module is the only writer of `marts`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql

from agentmarts.refresh.collected import ARRIVED_AT
from agentmarts.refresh.marts import Mart
from agentmarts.refresh.publish_statements import first_publish_statement, publish_statement
from agentmarts.refresh.window import RunWindow, WindowError
from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.faults import fault_point
from agentmarts.warehouse.locks import Lock

LOCK_ATTEMPTS = 3
VANISH_THRESHOLD_ROWS = 100
VANISH_THRESHOLD_SHARE = 0.5
NOTIFY_CHANNEL = "agentmarts_published"


class PublishError(RuntimeError):
    """The run must not be published; the message says why and what to do. Readers keep the version they have."""


class NeedsApprovalError(PublishError):
    """So many rows would vanish that a person must look first."""


@dataclass(frozen=True)
class MartChange:
    """Rows of one mart and tenant (None: a shared mart) that a publish inserted, updated and deleted."""

    mart: str
    tenant_id: UUID | None
    inserted: int
    updated: int
    deleted: int
    restated: int


@dataclass(frozen=True)
class PublishResult:
    """`version` is the newest version; it rises only when a row changed."""

    version: int
    changes: tuple[MartChange, ...]

    @property
    def rows_changed(self) -> int:
        return sum(change.inserted + change.updated + change.deleted for change in self.changes)


def publish(
    connection: Connection, window: RunWindow, marts: Sequence[Mart], *, published_at: datetime, approved: bool = False
) -> PublishResult:
    """Publish the run of `window`, as am_publish. Everything in one transaction: a failure leaves the old version whole.

    Raises PublishError when the run was not built and tested to its end or somebody else published since its window was opened,
    NeedsApprovalError when a tenant's mart would lose all of its rows or over half of more than 100 (unless `approved`).
    """
    if window.built_at is None:
        raise PublishError("the models of this run were not all built and tested: run `agentmarts refresh`")
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            with connection.transaction():
                return _publish_once(connection, window, marts, published_at, approved)
        except psycopg.errors.LockNotAvailable:
            if attempt == LOCK_ATTEMPTS:
                raise
            time.sleep(attempt)
    raise AssertionError("unreachable: the last attempt raises")


def _publish_once(
    connection: Connection, window: RunWindow, marts: Sequence[Mart], published_at: datetime, approved: bool
) -> PublishResult:
    connection.execute("set local lock_timeout = '5s'")
    connection.execute("set local statement_timeout = '5min'")
    connection.execute("select pg_advisory_xact_lock(%s)", (Lock.PUBLISH,))
    version = _claim_cursor(connection, window) + 1
    connection.execute(
        "create temporary table previous_marks on commit drop as"
        " select tenant_id, min(complete_through) as complete_through from ops.stream_marks group by tenant_id"
    )
    _advance_stream_marks(connection, window, marts)
    changes: list[MartChange] = []
    for mart in marts:
        if window.marts is not None and mart.name not in window.marts:
            continue  # nothing of it is touched
        changes += _publish_mart(connection, window, mart, version, published_at)
        fault_point("publish-between-marts")
    if not approved and not _explicitly_asked(connection, window):
        _refuse_vanishing_rows(connection, window, marts, changes)
    changed = any(change.inserted or change.updated or change.deleted for change in changes)
    connection.execute(
        "update ops.publish_cursor set xid_to = %s::text::xid8, version = %s, as_of = %s, run_id = %s, definition_hash = %s,"
        " published_at = %s",
        (str(window.xid_to), version if changed else version - 1, window.as_of, window.run_id, window.definition_hash, published_at),
    )
    connection.execute("delete from build.touched_backlog")
    if changed:
        connection.execute("select pg_notify(%s, %s)", (NOTIFY_CHANNEL, str(version)))
    fault_point("publish-before-commit")
    return PublishResult(version if changed else version - 1, tuple(changes))


def _claim_cursor(connection: Connection, window: RunWindow) -> int:
    row = connection.execute(
        "select xid_to = %s::text::xid8, version from ops.publish_cursor for update", (str(window.xid_from),)
    ).fetchone()
    if row is None:
        raise PublishError("ops.publish_cursor is empty: run `agentmarts migrate verify`")
    if not row[0]:
        raise PublishError("another run published since this one opened its window: refresh again")
    current = connection.execute("select run_id from build.run_window").fetchone()
    if current != (window.run_id,):
        raise WindowError("a newer run has opened its window: it covers the rows of this one")
    return int(row[1])


def _advance_stream_marks(connection: Connection, window: RunWindow, marts: Iterable[Mart]) -> None:
    """Everything a stream acknowledged before the mark is in: rows still outside the window hold it back to when they arrived.

    The same holds for what our collector was answered; configuration has no mark.
    """
    for stream in sorted(set().union(*(mart.streams for mart in marts))):
        arrived_at = "received_at" if _is_stream(connection, stream) else ARRIVED_AT.get(stream)
        if arrived_at is None:
            continue
        connection.execute(
            sql.SQL(
                """
                insert into ops.stream_marks as m (stream, tenant_id, complete_through)
                select {name}, t.tenant_id, least(%(opened_at)s, w.first_received_at)
                from raw.tenants t
                left join (
                    select tenant_id, min({arrived_at}) as first_received_at from raw.{stream}
                    where ingest_xid >= %(xid_to)s::text::xid8 group by tenant_id
                ) w using (tenant_id)
                on conflict (stream, tenant_id) do update set complete_through = greatest(m.complete_through, excluded.complete_through)
                """
            ).format(name=sql.Literal(stream), stream=sql.Identifier(stream), arrived_at=sql.Identifier(arrived_at)),
            {"opened_at": window.opened_at, "xid_to": str(window.xid_to)},
        )


def _is_stream(connection: Connection, name: str) -> bool:
    return connection.execute("select 1 from raw.streams where stream = %s", (name,)).fetchone() is not None


def _publish_mart(connection: Connection, window: RunWindow, mart: Mart, version: int, published_at: datetime) -> list[MartChange]:
    is_first = connection.execute(sql.SQL("select not exists (select from marts.{})").format(sql.Identifier(mart.name))).fetchone() == (
        True,
    )
    statement = first_publish_statement(mart) if is_first else publish_statement(mart, whole=window.mode == "full")
    rows = connection.execute(
        statement,
        {
            "version": version,
            "run_id": window.run_id,
            "as_of": window.as_of,
            "published_at": published_at,
            "mart": mart.name,
            "streams": sorted(mart.streams),
            "cause": window.cause,
            "xid_from": str(window.xid_from),
            "xid_to": str(window.xid_to),
            "provisional": sorted(mart.provisional),
            "never_restated": sorted(mart.never_restated),
        },
    ).fetchall()
    return [MartChange(mart.name, *row) for row in rows]


def _explicitly_asked(connection: Connection, window: RunWindow) -> bool:
    """Whether a person asked for the recomputation: then vanishing rows are what was asked for."""
    if window.cause in ("recalculation", "erasure"):
        return True
    marked = connection.execute(
        "select 1 from raw.touch_marks where ingest_xid >= %s::text::xid8 and ingest_xid < %s::text::xid8"
        " and cause in ('recalculation', 'erasure') limit 1",
        (str(window.xid_from), str(window.xid_to)),
    ).fetchone()
    return marked is not None


def _refuse_vanishing_rows(connection: Connection, window: RunWindow, marts: Sequence[Mart], changes: Sequence[MartChange]) -> None:
    has_tenant = {mart.name: mart.has_tenant for mart in marts}
    may_leave = {mart.name for mart in marts if mart.rows_may_leave}
    for change in changes:
        # What these marts rest on is watched where it stands itself.
        if not change.deleted or change.mart in may_leave:
            continue
        where = sql.SQL("where tenant_id = %(tenant)s") if has_tenant[change.mart] else sql.SQL("")
        row = connection.execute(
            sql.SQL("select count(*) from marts.{} {}").format(sql.Identifier(change.mart), where), {"tenant": change.tenant_id}
        ).fetchone()
        left = int(row[0]) if row else 0
        before = left - change.inserted + change.deleted
        lost = before - left
        if left == 0 or (before > VANISH_THRESHOLD_ROWS and lost > before * VANISH_THRESHOLD_SHARE):
            raise NeedsApprovalError(
                f"{lost} of {before} rows of {change.mart} would vanish for tenant {change.tenant_id}; the old version stays. "
                f"If that is right: `agentmarts publish --approve {window.run_id}`"
            )

"""The window of a refresh: which raw rows are new in it, and at which instant it looks at the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from agentmarts.warehouse.connection import Connection


class WindowError(RuntimeError):
    """The window cannot be opened or does not belong to this run."""


@dataclass(frozen=True)
class RunWindow:
    """The row of build.run_window. Times are UTC; xids are 64-bit transaction ids."""

    run_id: str
    xid_from: int
    xid_to: int
    as_of_from: datetime | None
    as_of: datetime
    mode: str
    cause: str | None
    opened_at: datetime
    definition_hash: str
    built_at: datetime | None
    follows_published: bool
    """Whether the run before was published: only then is all that it left in `build` known to be whole."""
    marts: list[str] | None
    """Marts that the run builds; None: all."""


def open_window(
    connection: Connection,
    *,
    run_id: str,
    as_of: datetime,
    opened_at: datetime,
    definition_hash: str,
    full: bool,
    touched: Sequence[str] = (),
) -> RunWindow:
    """Open the window of a run, as am_transform and under the transform lock.

    Rows of every transaction that had ended now are inside. `mode` is `full` when asked for, before the first publish, when `as_of`
    lies before the last one, when the definitions changed (cause `definition`), when `build` lost its tables, or when the run before
    was full and never published.
    `touched`: relations of `build` that name what a run recomputes. Their rows of an earlier run that never published go to
    build.touched_backlog, since `build` no longer shows where things stood before it.
    """
    with connection.transaction():
        _keep_unpublished_cells(connection, touched)
        row = connection.execute(
            """
            with cursor as (select * from ops.publish_cursor),
            decided as (
                select
                    cursor.xid_to as xid_from, cursor.as_of as as_of_from,
                    cursor.definition_hash is distinct from %(definition_hash)s as is_redefined,
                    exists (select from build.run_window w where w.run_id = cursor.run_id) as follows_published,
                    %(full)s or cursor.as_of is null or %(as_of)s < cursor.as_of
                        or cursor.definition_hash is distinct from %(definition_hash)s
                        or to_regclass('build.conversations') is null
                        -- A full run touches everything and so lists nothing: if it never published, no backlog speaks of it.
                        or exists (select from build.run_window w where w.mode = 'full' and w.run_id is distinct from cursor.run_id)
                        as is_full
                from cursor
            )
            insert into build.run_window
                (run_id, xid_from, xid_to, as_of_from, as_of, mode, cause, opened_at, definition_hash, built_at,
                 follows_published, marts)
            select
                %(run_id)s, xid_from, pg_snapshot_xmin(pg_current_snapshot()), as_of_from, %(as_of)s,
                case when is_full then 'full' else 'incremental' end,
                case when as_of_from is not null and is_redefined then 'definition'
                     when as_of_from is not null and %(full)s then 'recalculation' end,
                %(opened_at)s, %(definition_hash)s, null, follows_published, null
            from decided
            on conflict (only_row) do update set
                run_id = excluded.run_id, xid_from = excluded.xid_from, xid_to = excluded.xid_to, as_of_from = excluded.as_of_from,
                as_of = excluded.as_of, mode = excluded.mode, cause = excluded.cause, opened_at = excluded.opened_at,
                definition_hash = excluded.definition_hash, built_at = null, follows_published = excluded.follows_published, marts = null
            returning only_row
            """,
            {"run_id": run_id, "as_of": as_of, "opened_at": opened_at, "definition_hash": definition_hash, "full": full},
        ).fetchone()
    if row is None:
        raise WindowError("ops.publish_cursor is empty: run `agentmarts migrate verify`")
    return read_window(connection, run_id)


def read_window(connection: Connection, run_id: str | None = None) -> RunWindow:
    """The current window; with `run_id` raises WindowError unless it belongs to that run."""
    row = connection.execute(
        "select run_id, xid_from::text::bigint, xid_to::text::bigint, as_of_from, as_of, mode, cause, opened_at, definition_hash, built_at,"
        " follows_published, marts from build.run_window"
    ).fetchone()
    if row is None:
        raise WindowError("no refresh has run yet: run `agentmarts refresh`")
    window = RunWindow(*row)
    if run_id is not None and window.run_id != run_id:
        raise WindowError(f"run {run_id} was overtaken by run {window.run_id}: nothing is lost, the newer run covers its rows")
    return window


def note_marts(connection: Connection, run_id: str, marts: Sequence[str]) -> None:
    """Note that the run builds these marts only."""
    connection.execute("update build.run_window set marts = %s where run_id = %s", (list(marts), run_id))


def mark_built(connection: Connection, run_id: str, built_at: datetime) -> None:
    """Note that all models of the run were built and all its tests passed; only then may it publish."""
    done = connection.execute("update build.run_window set built_at = %s where run_id = %s", (built_at, run_id))
    if done.rowcount == 0:
        raise WindowError(f"run {run_id} was overtaken by a newer one")


def _keep_unpublished_cells(connection: Connection, touched: Sequence[str]) -> None:
    unpublished = connection.execute(
        "select 1 from build.run_window w cross join ops.publish_cursor c where w.run_id is distinct from c.run_id"
    ).fetchone()
    if unpublished is None:
        return
    relations = connection.execute(
        "select c.relname from pg_class c where c.relnamespace = 'build'::regnamespace and c.relkind = 'r' and c.relname = any(%s)",
        (list(touched),),
    ).fetchall()
    for (relation,) in relations:
        connection.execute(
            sql.SQL(
                "insert into build.touched_backlog (relation, tenant_id, keys)"
                " select {name}, t.tenant_id, to_jsonb(t) from build.{relation} t"
                " except select relation, tenant_id, keys from build.touched_backlog where relation = {name}"
            ).format(name=sql.Literal(relation), relation=sql.Identifier(relation))
        )

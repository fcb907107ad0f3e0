"""Whether a refresh would find anything: new rows, or an instant at which time alone changes a mart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from agentmarts.refresh.collected import ARRIVED_AT, CONFIGURATION
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect


@dataclass(frozen=True)
class NewRows:
    """Rows of a raw table that no publish has seen."""

    table: str
    rows: int


def new_rows(settings: Settings) -> list[NewRows]:
    """Raw tables with rows in [cursor, xmin): everything there was committed and can be published. Empty: nothing to do."""
    with connect(settings, Role.TRANSFORM) as connection:
        return new_rows_seen_by(connection)


def new_rows_seen_by(connection: Connection) -> list[NewRows]:
    """`new_rows` over a connection that is open already, in one statement that is cheap enough to be asked every second."""
    streams = [row[0] for row in connection.execute("select stream from raw.streams order by stream")]
    counts = sql.SQL(" union all ").join(
        sql.SQL(
            "select {}, (select count(*) from (select from raw.{} where ingest_xid >= (select xid_to from ops.publish_cursor)"
            " and ingest_xid < pg_snapshot_xmin(pg_current_snapshot()) limit 10000) n)"
        ).format(sql.Literal(table), sql.Identifier(table))
        for table in [*streams, *ARRIVED_AT, *CONFIGURATION, "tenant_parameters", "touch_marks"]
    )
    return [NewRows(table, int(rows)) for table, rows in connection.execute(counts) if rows]


def clock_is_due(settings: Settings, at: datetime) -> bool:
    """Whether between the last publish and `at` (UTC) a window of a conversation or an action ended or a tenant's local day began."""
    with connect(settings, Role.PUBLISH) as connection:
        row = connection.execute(
            """
            with cursor as (select as_of from ops.publish_cursor where as_of is not null)
            select exists (select from marts.conversations c, cursor where c.reassess_at > cursor.as_of and c.reassess_at <= %(at)s)
                or exists (select from marts.outcomes o, cursor where o.window_expires_at > cursor.as_of and o.window_expires_at <= %(at)s)
                or exists (
                    select from marts.dim_tenant t, cursor
                    where (cursor.as_of at time zone t.timezone)::date <> (%(at)s at time zone t.timezone)::date
                )
            """,
            {"at": at},
        ).fetchone()
    return bool(row and row[0])

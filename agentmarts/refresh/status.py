"""What an installation can say of itself: versions, freshness of each mart, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from agentmarts import __version__
from agentmarts.refresh.collected import ARRIVED_AT, CONFIGURATION
from agentmarts.refresh.due import new_rows
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect, database_url


@dataclass(frozen=True)
class MartFreshness:
    """Newest publish that changed a mart for a tenant (slug; None for shared marts), and up to when it is complete (UTC)."""

    mart: str
    tenant: str | None
    version: int
    published_at: datetime
    data_through: datetime | None


@dataclass(frozen=True)
class WarehouseStatus:
    """State of the warehouse; `database_url` hides the password. Times are UTC, None before the first publish."""

    agentmarts: str
    postgres: str
    database_url: str
    version: int
    as_of: datetime | None
    published_at: datetime | None
    last_refresh: str | None
    last_refresh_reason: str | None
    waiting_rows: dict[str, int]
    cursor_lag_seconds: float | None
    quarantined: int
    pending_marks: int
    marts: list[MartFreshness]


def warehouse_status(settings: Settings, at: datetime) -> WarehouseStatus:
    """Read the status; `cursor_lag_seconds` is the age at `at` of the oldest row that no publish has seen (None: nothing waits)."""
    waiting = {found.table: found.rows for found in new_rows(settings)}
    with connect(settings, Role.MIGRATOR) as connection:
        cursor = connection.execute("select version, as_of, published_at from ops.publish_cursor").fetchone()
        state = connection.execute("select status, reason from ops.refresh_state").fetchone()
        quarantined = connection.execute("select count(*) from raw.quarantine where replayed_at is null").fetchone()
        marks = connection.execute(
            "select count(*) from raw.touch_marks where ingest_xid >= (select xid_to from ops.publish_cursor)"
        ).fetchone()
        oldest = None
        for table in waiting:
            if table in ("tenant_parameters", "touch_marks", *CONFIGURATION):
                continue
            row = connection.execute(
                sql.SQL("select min({}) from raw.{} where ingest_xid >= (select xid_to from ops.publish_cursor)").format(
                    sql.Identifier(ARRIVED_AT.get(table, "received_at")), sql.Identifier(table)
                )
            ).fetchone()
            if row and row[0]:
                oldest = min(oldest or row[0], row[0])
        freshness = [
            MartFreshness(*row)
            for row in connection.execute(
                """
                select l.mart, t.slug, l.version, l.published_at,
                       (select min(s.complete_through) from ops.stream_marks s where s.tenant_id = l.tenant_id)
                from (select distinct on (mart, tenant_id) * from marts.publish_log order by mart, tenant_id, version desc) l
                left join raw.tenants t using (tenant_id)
                order by l.mart, t.slug
                """
            )
        ]
        server_version = connection.info.parameter_status("server_version") or "unknown"
    return WarehouseStatus(
        agentmarts=__version__,
        postgres=server_version,
        database_url=database_url(settings).render_as_string(hide_password=True),
        version=cursor[0] if cursor else 0,
        as_of=cursor[1] if cursor else None,
        published_at=cursor[2] if cursor else None,
        last_refresh=state[0] if state else None,
        last_refresh_reason=state[1] if state else None,
        waiting_rows=waiting,
        cursor_lag_seconds=(at - oldest).total_seconds() if oldest else None,
        quarantined=quarantined[0] if quarantined else 0,
        pending_marks=marks[0] if marks else 0,
        marts=freshness,
    )

"""Refused rows: looked at, and sent through the ordinary loader again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from psycopg.rows import class_row

from agentmarts.settings import Settings
from agentmarts.streams.contract.batch import Batch, Refused
from agentmarts.streams.contract.json_text import original_bytes
from agentmarts.streams.contract.validation import Validator
from agentmarts.streams.store.loader import find_recipient, write_batch
from agentmarts.streams.store.writer import StreamWriter, Written
from agentmarts.warehouse.connection import Connection, Role, connect

_ROWS_AT_ONCE = 1_000

_SELECT = """
select q.quarantine_id, t.slug as tenant, q.stream, q.event_id, q.reason, q.detail, q.payload, q.payload_encoding, q.source,
       q.first_seen, q.last_seen, q.times_seen, q.replayed_at
from raw.quarantine q left join raw.tenants t using (tenant_id)
where (%(tenant)s::text is null or t.slug = %(tenant)s) and (%(stream)s::text is null or q.stream = %(stream)s)
  and (%(reason)s::text is null or q.reason = %(reason)s) and (%(since)s::timestamptz is null or q.first_seen >= %(since)s)
  and (%(include_replayed)s or q.replayed_at is null) and q.quarantine_id > %(after)s
  and (not %(events_only)s or q.reason <> 'unreadable_answer')
"""

_REFUSED_AGAIN = """
update raw.quarantine q set reason = %(reason)s, detail = %(detail)s
where quarantine_id = %(quarantine_id)s and not exists (
  select from raw.quarantine other
  where other.quarantine_id <> q.quarantine_id and other.tenant_id is not distinct from q.tenant_id
    and other.stream = q.stream and other.payload_hash = q.payload_hash and other.reason = %(reason)s)
"""


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that was refused. `payload` is JSON text, or base64 when `payload_encoding` says so."""

    quarantine_id: int
    tenant: str | None
    stream: str
    event_id: str | None
    reason: str
    detail: str
    payload: str
    payload_encoding: str
    source: str | None
    first_seen: datetime
    last_seen: datetime
    times_seen: int
    replayed_at: datetime | None


@dataclass(frozen=True)
class ReplayReport:
    """What a replay did: rows that are in raw now (also if they were before), and rows refused again."""

    replayed: int
    still_quarantined: int


def list_quarantine(
    settings: Settings,
    *,
    tenant: str | None = None,
    stream: str | None = None,
    reason: str | None = None,
    since: datetime | None = None,
    include_replayed: bool = False,
    limit: int | None = 100,
) -> list[QuarantinedRow]:
    """Refused rows, newest first; filters by tenant slug, stream, reason and first sight; None = all."""
    filters = {"tenant": tenant, "stream": stream, "reason": reason, "since": since, "include_replayed": include_replayed}
    with connect(settings, Role.INGEST) as connection:
        return _select(connection, "order by q.quarantine_id desc", {**filters, "events_only": False, "after": 0}, limit)


def replay(
    settings: Settings,
    *,
    received_at: datetime,
    tenant: str | None = None,
    stream: str | None = None,
    reason: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> ReplayReport:
    """Send refused rows through the ordinary loader again, oldest first, as if they arrived at `received_at`.

    What is accepted now, or was meanwhile, is marked replayed; what is refused again keeps its row, with today's reason. A second
    replay changes nothing. Parts of Meta's answers are no events and stay as they are.
    """
    filters = {"tenant": tenant, "stream": stream, "reason": reason, "since": since, "include_replayed": False, "events_only": True}
    replayed = refused = 0
    with connect(settings, Role.INGEST, autocommit=True) as connection:
        for rows in _pages(connection, filters, limit):
            for recipient, group in groupby(rows, key=_recipient_name):
                done, again = _replay_group(connection, recipient, list(group), received_at)
                replayed += done
                refused += again
    return ReplayReport(replayed, refused)


def _pages(connection: Connection, filters: Mapping[str, object], limit: int | None) -> Iterator[list[QuarantinedRow]]:
    after, left = 0, limit
    while left is None or left > 0:
        size = _ROWS_AT_ONCE if left is None else min(_ROWS_AT_ONCE, left)
        rows = _select(connection, "order by q.quarantine_id", {**filters, "after": after}, size)
        if not rows:
            return
        yield rows
        after = rows[-1].quarantine_id
        left = None if left is None else left - len(rows)


def _select(connection: Connection, order: str, filters: Mapping[str, object], limit: int | None) -> list[QuarantinedRow]:
    with connection.cursor(row_factory=class_row(QuarantinedRow)) as cursor:
        return cursor.execute(f"{_SELECT} {order} limit %(limit)s", {**filters, "limit": limit}).fetchall()


def _recipient_name(row: QuarantinedRow) -> tuple[str, str]:
    # Rows of a tenant that did not exist carry its slug at the head of their source.
    return row.tenant or (row.source or "").split("/")[0], row.stream


def _replay_group(connection: Connection, name: tuple[str, str], rows: list[QuarantinedRow], received_at: datetime) -> tuple[int, int]:
    slug, stream = name
    recipient = find_recipient(connection, slug)
    batch = Batch(Validator(recipient, stream, received_at))
    for row in rows:
        batch.add(row.quarantine_id, original_bytes(row.payload, row.payload_encoding))

    def mark(written: Written, refused: list[Refused]) -> None:
        again = {one.position: one.rejection for one in refused}
        connection.execute(
            "update raw.quarantine set replayed_at = %s where quarantine_id = any(%s)",
            [received_at, [row.quarantine_id for row in rows if row.quarantine_id not in again]],
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                _REFUSED_AGAIN,
                [
                    {"quarantine_id": quarantine_id, "reason": rejection.reason.value, "detail": rejection.detail}
                    for quarantine_id, rejection in sorted(again.items())
                ],
            )

    tenant_id: UUID | None = recipient.tenant_id if recipient else None
    _, refused = write_batch(StreamWriter(connection), batch, tenant_id, mark)
    return len(rows) - len(refused), len(refused)

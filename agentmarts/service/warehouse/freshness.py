"""How fresh the marts of a tenant are: the version of what is read, what it rests on, and whether that is stale."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from agentmarts.service.warehouse.catalogue import LOGS
from agentmarts.service.warehouse.database import Row, Statement, TenantDatabase
from agentmarts.settings import now

FRESH_FOR = timedelta(minutes=5)
"""Marts of pushed streams are stale when they lack more than the last 5 minutes."""

# string_to_table: of an array PostgreSQL would look at the length, and plan this anew for every request, which takes three times as long.
# Marks move without a publish when nothing changed: everything before the least of them is in every mart of the tenant.
NEWEST = """
    select
      coalesce(case when %(is_log)s then c.version else max(l.version) end, 0),
      case when %(is_log)s then c.as_of else max(l.as_of) end,
      case when %(is_log)s then c.published_at else max(l.published_at) end,
      greatest(min(l.data_through), (select min(s.complete_through) from ops.stream_marks s where s.tenant_id = %(tenant)s)),
      (select r.status in ('failed', 'needs_approval') from ops.refresh_state r)
    from ops.publish_cursor c
    cross join string_to_table(%(marts)s, ',') as m (mart)
    left join lateral (
      select version, as_of, published_at, data_through from (
        (select p.* from marts.publish_log p where p.mart = m.mart and p.tenant_id = %(tenant)s order by p.version desc limit 1)
        union all
        (select p.* from marts.publish_log p where p.mart = m.mart and p.tenant_id is null order by p.version desc limit 1)
      ) own_or_shared order by version desc limit 1
    ) l on true
    group by c.version, c.as_of, c.published_at
"""


@dataclass(frozen=True)
class Freshness:
    """State of some marts for one tenant; version 0 and NULL times before the first publish. Times are UTC."""

    version: int
    as_of: datetime | None
    published_at: datetime | None
    data_through: datetime | None
    refresh_failed: bool

    @property
    def stale_reason(self) -> str | None:
        """Why the marts are stale; None when they are not."""
        if self.version == 0:
            return "nothing was published yet"
        if self.refresh_failed:
            return "the last refresh did not publish"
        if self.data_through is None:
            return "it is unknown through when the data are complete"
        if now() - self.data_through > FRESH_FOR:
            return f"data are complete only through {rfc3339(self.data_through)}"
        return None

    def meta(self) -> dict[str, Any]:
        """The block `meta` of an answer."""
        reason = self.stale_reason
        return {
            "version": self.version,
            "as_of": rfc3339(self.as_of),
            "published_at": rfc3339(self.published_at),
            "data_through": rfc3339(self.data_through),
            "stale": reason is not None,
            "stale_reason": reason,
        }

    def headers(self) -> dict[str, str]:
        """Headers of 200 and 304 alike."""
        headers = {"X-Stale": "true" if self.stale_reason else "false"}
        if self.data_through is not None:
            headers["X-Data-Through"] = rfc3339(self.data_through) or ""
        if self.published_at is not None:
            headers["Last-Modified"] = format_datetime(self.published_at, usegmt=True)
        return headers


def rfc3339(instant: datetime | None) -> str | None:
    """UTC with a Z, microseconds only where there are any."""
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")


def newest(tenant_id: UUID, marts: Sequence[str]) -> Statement:
    """The statement whose one row `read_freshness` understands; part of a read, it tells the version of just that snapshot."""
    return Statement(NEWEST, {"tenant": tenant_id, "marts": ",".join(marts), "is_log": any(mart in LOGS for mart in marts)})


def read_freshness(rows: Sequence[Row]) -> Freshness:
    """From the row of `newest`; no row at all means an empty cursor."""
    if not rows:
        return Freshness(0, None, None, None, False)
    version, as_of, published_at, data_through, failed = rows[0]
    return Freshness(version, as_of, published_at, data_through, bool(failed))


class FreshnessReader:
    """Asks the log for the newest version; requests that wait at the same time share one question.

    A request never gets an answer to a question put before it came: a version published earlier than the request is always seen.
    """

    def __init__(self, database: TenantDatabase) -> None:
        self._database = database
        self._next: dict[tuple[UUID, tuple[str, ...]], asyncio.Task[Freshness]] = {}
        self._running: dict[tuple[UUID, tuple[str, ...]], asyncio.Task[Freshness]] = {}

    async def of(self, tenant_id: UUID, marts: Sequence[str]) -> Freshness:
        """Freshness of these marts for the tenant. Raises Problem when the database is gone."""
        key = (tenant_id, tuple(marts))
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._ask(key, self._running.get(key)))
        # One request that is cancelled must not take the answer from the others.
        return await asyncio.shield(task)

    async def _ask(self, key: tuple[UUID, tuple[str, ...]], before: asyncio.Task[Freshness] | None) -> Freshness:
        if before is not None:
            await asyncio.wait([before])
        self._running[key] = self._next.pop(key)
        try:
            [rows] = await self._database.read(key[0], newest(*key))
            return read_freshness(rows)
        finally:
            if key not in self._next:
                self._running.pop(key, None)

"""The marts there are: read from the database catalogue and the dictionary of metrics. Only names from here ever enter SQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agentmarts.service.warehouse.database import Statement, TenantDatabase

CHECK_SECONDS = 5.0
LOGS = frozenset({"publish_log", "restatements"})
"""Marts that the publish writes about the others: their version is that of the newest publish."""

SIGNATURE = Statement("select (select max(applied_at) from ops.migrations), (select definition_hash from ops.publish_cursor)")

TABLES = Statement("""
    select
      c.relname,
      obj_description(c.oid, 'pg_class'),
      (select array_agg(a.attname::text order by k.n)
       from pg_index i cross join lateral unnest(i.indkey::smallint[]) with ordinality as k (attnum, n)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
       where i.indrelid = c.oid and i.indisprimary)
    from pg_class c
    where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and has_table_privilege(c.oid, 'select')
    order by c.relname
""")

COLUMNS = Statement("""
    select c.relname, a.attname, format_type(a.atttypid, null), not a.attnotnull,
           coalesce(d.description, col_description(c.oid, a.attnum)), d.unit, d.formula, coalesce(d.is_provisional, false), d.grain
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join marts.metric_definitions d on d.mart = c.relname and d.column_name = a.attname
    where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname, a.attnum
""")


class Family(StrEnum):
    """What can be done with the values of a column."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    UUID = "uuid"
    NESTED = "nested"


FAMILIES = {
    "smallint": Family.INTEGER,
    "integer": Family.INTEGER,
    "bigint": Family.INTEGER,
    "numeric": Family.NUMBER,
    "real": Family.NUMBER,
    "double precision": Family.NUMBER,
    "text": Family.TEXT,
    "boolean": Family.BOOLEAN,
    "date": Family.DATE,
    "timestamp with time zone": Family.TIMESTAMP,
    "uuid": Family.UUID,
}


@dataclass(frozen=True)
class Column:
    """A column of a mart; `type` is PostgreSQL's name of its type."""

    name: str
    type: str
    is_nullable: bool
    description: str | None
    unit: str | None
    formula: str | None
    is_provisional: bool

    @property
    def family(self) -> Family:
        return FAMILIES.get(self.type, Family.NESTED)


@dataclass(frozen=True)
class ServedMart:
    """A published table."""

    name: str
    description: str | None
    grain: str | None
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def has_tenant(self) -> bool:
        return "tenant_id" in self.columns

    @property
    def date_column(self) -> str | None:
        """The local date a row belongs to, which a period of dates selects by."""
        return next((name for name in ("metric_date", "week_start", "month_start", "start_date") if name in self.columns), None)

    def described(self) -> dict[str, Any]:
        """Its entry in the catalogue that clients read."""
        return {
            "mart": self.name,
            "description": self.description,
            "grain": self.grain,
            "key": list(self.key),
            "href": f"/v1/marts/{self.name}",
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "nullable": column.is_nullable,
                    "unit": column.unit,
                    "description": column.description,
                    "formula": column.formula,
                    "provisional": column.is_provisional,
                }
                for column in self.columns.values()
            ],
        }


Catalogue = Mapping[str, ServedMart]


class CatalogueReader:
    """The catalogue as it is now: read again when a migration or a publish of new definitions changed it."""

    def __init__(self, database: TenantDatabase) -> None:
        self._database = database
        self._marts: Catalogue = {}
        self._signature: object = None
        self._checked = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> Catalogue:
        """All marts by name. Raises Problem when the database cannot be reached and nothing is known yet."""
        if time.monotonic() - self._checked < CHECK_SECONDS or (self._marts and self._lock.locked()):
            return self._marts
        async with self._lock:
            if time.monotonic() - self._checked >= CHECK_SECONDS:
                [signature] = await self._database.own(SIGNATURE)
                if signature != self._signature or not self._marts:
                    self._marts = await self._read()
                    self._signature = signature
                self._checked = time.monotonic()
        return self._marts

    async def _read(self) -> Catalogue:
        tables, columns = await self._database.read(None, TABLES, COLUMNS)
        found: dict[str, dict[str, Column]] = {}
        grains: dict[str, str] = {}
        for mart, name, data_type, is_nullable, description, unit, formula, is_provisional, grain in columns:
            found.setdefault(mart, {})[name] = Column(name, data_type, is_nullable, description, unit, formula, is_provisional)
            if grain:
                grains[mart] = grain
        return {
            name: ServedMart(name, description, grains.get(name), tuple(key or ()), found[name]) for name, description, key in tables if key
        }

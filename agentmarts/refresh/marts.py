"""What the parsed dbt project says of each mart: its key, what touches it, which streams it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agentmarts.refresh.selection import is_mart
from agentmarts.warehouse.connection import Connection

DATE_COLUMNS = ("metric_date", "window_end_date", "week_start", "month_start")
PERIOD_LENGTH = {"metric_date": "1 day", "window_end_date": "1 day", "week_start": "7 days", "month_start": "1 month"}


@dataclass(frozen=True)
class Mart:
    """One published table: the dbt contract and the stable table in `marts` agree on its columns."""

    name: str
    columns: tuple[str, ...]
    """Without published_version."""
    key: tuple[str, ...]
    touched_by: str | None
    """Relation of `build` that names the touched cells; None: the mart is compared whole."""
    touched_keys: tuple[str, ...]
    streams: frozenset[str]
    """Raw streams it is computed from, by dbt's lineage."""
    provisional: frozenset[str]
    """Columns that mature by themselves while a row is provisional: their changes are no restatement."""
    dated_by: str | None = None
    """The date a row belongs to where that is not part of the key."""
    never_restated: frozenset[str] = frozenset()
    """Columns that say how well a value is known, not what it is: their changes are no restatement."""
    rows_may_leave: bool = False
    """Rows leave with a window, or with the last label of a group: that many vanish says nothing about what they rest on."""

    @property
    def has_tenant(self) -> bool:
        return "tenant_id" in self.columns

    @property
    def date_column(self) -> str | None:
        """The date that a row belongs to: what `dated_by` names, or else a date of the key (or, hourly, metric_date)."""
        if self.dated_by:
            return self.dated_by
        dated = [column for column in DATE_COLUMNS if column in self.columns]
        return dated[0] if dated and (dated[0] in self.key or "hour_start" in self.key) else None


def read_marts(manifest: Mapping[str, Any], connection: Connection) -> list[Mart]:
    """All public models of the project together with columns and primary key of their tables in `marts`, in dbt's order of names.

    Raises LookupError when a public model has no table in `marts`: its migration is missing.
    """
    tables = {
        name: (columns, key)
        for name, columns, key in connection.execute(
            """
            select c.relname,
                   array(select a.attname::text from pg_attribute a
                         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
                   array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (attnum, n)
                         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum order by k.n)
            from pg_class c left join pg_index i on i.indrelid = c.oid and i.indisprimary
            where c.relnamespace = 'marts'::regnamespace and c.relkind = 'r'
            """
        )
    }
    marts = []
    for unique_id, node in sorted(manifest["nodes"].items()):
        if not is_mart(node):
            continue
        name = node["name"]
        if name not in tables:
            raise LookupError(f"mart {name} has no table in schema marts: add a migration that creates it")
        columns, key = tables[name]
        meta = node["config"].get("meta", {})
        marts.append(
            Mart(
                name=name,
                columns=tuple(column for column in columns if column != "published_version"),
                key=tuple(key),
                touched_by=meta.get("touched_by"),
                touched_keys=tuple(meta.get("touched_keys", ())),
                streams=frozenset(_streams(manifest, unique_id)),
                provisional=frozenset(_columns_with(node, "provisional", True)),
                never_restated=frozenset(_columns_with(node, "restated", False)),
                dated_by=meta.get("dated_by"),
                rows_may_leave=bool(meta.get("rows_may_leave", False)),
            )
        )
    return marts


def _columns_with(node: Mapping[str, Any], key: str, value: bool) -> Iterable[str]:
    for column in node["columns"].values():
        if column.get("config", {}).get("meta", {}).get(key) is value:
            yield column["name"]


def _streams(manifest: Mapping[str, Any], unique_id: str) -> Iterable[str]:
    seen: set[str] = set()
    waiting = [unique_id]
    while waiting:
        current = waiting.pop()
        for parent in manifest["parent_map"].get(current, ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    for parent in seen:
        source = manifest["sources"].get(parent)
        if source is not None and source["source_name"] == "raw":
            yield source["name"]

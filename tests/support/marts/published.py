"""Marts filled by hand, as am_publish: what a publish would have left, without dbt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.types.json import Jsonb

from agentmarts.warehouse.connection import Connection
from tests.support.oracle import DEFAULTS, Tenant

Row = Mapping[str, Any]

COSTS = ("avg_human_agent_cost_per_hour", "avg_conversation_time_minutes", "ai_cost_per_conversation", "rework_minutes")
DURABLE = ("durable_days", "small_sample")
SINCE_EVER = "-infinity"
_COLUMNS: dict[str, list[tuple[Any, ...]]] = {}


def insert_rows(connection: Connection, mart: str, rows: Iterable[Row], version: int = 1) -> None:
    """Rows of one mart; all of them have the same columns, published_version is added."""
    rows = [{**row, "published_version": version} for row in rows]
    if not rows:
        return
    names = list(rows[0])
    statement = sql.SQL("insert into marts.{} ({}) values ({})").format(
        sql.Identifier(mart), sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join([sql.Placeholder()] * len(names))
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[_value(row[name]) for name in names] for row in rows])


def _value(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict) else value


def zero_row(connection: Connection, mart: str, **given: Any) -> dict[str, Any]:
    """A row of a mart in which everything not given is nothing: counts 0, the rest NULL where the table allows it."""
    nothing = {"integer": 0, "bigint": 0, "double precision": 0.0, "boolean": False, "jsonb": {}, "text": "", "numeric": 0}
    row: dict[str, Any] = {}
    if mart not in _COLUMNS:
        _COLUMNS[mart] = connection.execute(
            "select column_name, data_type, is_nullable = 'YES' from information_schema.columns"
            " where table_schema = 'marts' and table_name = %s order by ordinal_position",
            (mart,),
        ).fetchall()
    for name, data_type, is_nullable in _COLUMNS[mart]:
        if name == "published_version":
            continue
        row[name] = given.pop(name) if name in given else None if is_nullable else nothing[data_type]
    assert not given, f"{mart} has no columns {sorted(given)}"
    return row


def publish_calendar(connection: Connection, first: date, last: date) -> None:
    """dim_date from `first` to `last`, both included."""
    connection.execute(
        """
        insert into marts.dim_date
        select d, extract(isodow from d), to_char(d, 'FMDay'), date_trunc('week', d), date_trunc('month', d), date_trunc('quarter', d),
               date_trunc('year', d), extract(week from d), extract(isoyear from d), extract(isodow from d) > 5, 1
        from (select generate_series(%s::date, %s::date, interval '1 day')::date as d) days
        """,
        (first, last),
    )


def publish_tenant(
    connection: Connection,
    slug: str,
    timezone: str = "UTC",
    tenant_id: UUID | None = None,
    parameters: list[tuple[date | None, dict[str, Any]]] | None = None,
) -> UUID:
    """A tenant with its parameters, the defaults included."""
    identity = tenant_id or uuid4()
    tenant = {"slug": slug, "name": slug.title(), "timezone": timezone, "currency": "USD", "small_sample": 30}
    insert_rows(
        connection,
        "dim_tenant",
        [zero_row(connection, "dim_tenant", tenant_id=identity, created_at=datetime(2025, 1, 1, tzinfo=UTC), **tenant)],
    )
    connection.execute(
        "insert into marts.dim_tenant_parameters values (%s, 'timezone', %s, %s, null, false, 1)",
        (identity, SINCE_EVER, json.dumps(timezone)),
    )
    values = {(name, SINCE_EVER): (DEFAULTS[name], True) for name in (*COSTS, *DURABLE)}
    for valid_from, given in parameters or []:
        for name, value in given.items():
            if (name, SINCE_EVER) in values:
                values[name, valid_from.isoformat() if valid_from else SINCE_EVER] = (value, False)
    for (name, valid_from), (value, is_default) in values.items():
        connection.execute(
            "insert into marts.dim_tenant_parameters values (%s, %s, %s, %s, %s, %s, 1)",
            (identity, name, valid_from, json.dumps(value), value, is_default),
        )
    return identity


def publish_oracle_tenant(connection: Connection, tenant: Tenant) -> UUID:
    """The tenant of an oracle test with the zone it began with."""
    return publish_tenant(connection, "oracle", tenant.zones[0][1], UUID(tenant.tenant_id), tenant.parameters)


def log_version(
    connection: Connection,
    version: int,
    as_of: datetime,
    marts: Iterable[str],
    tenants: Iterable[UUID | None],
    data_through: datetime | None = None,
) -> None:
    """One publish: its log rows and the cursor."""
    for mart in marts:
        for tenant in tenants:
            connection.execute(
                "insert into marts.publish_log (version, mart, tenant_id, run_id, as_of, published_at, rows_inserted, rows_updated,"
                " rows_deleted, data_through, cause) values (%s, %s, %s, %s, %s, %s, 1, 0, 0, %s, 'new_rows')",
                (version, mart, tenant, f"run-{version}", as_of, as_of, data_through or as_of),
            )
    connection.execute(
        "update ops.publish_cursor set version = %s, as_of = %s, run_id = %s, published_at = %s", (version, as_of, f"run-{version}", as_of)
    )

"""Tenants: one per store, each with a zone, a currency and parameters that hold from a date."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from agentmarts.settings import Settings
from agentmarts.tenancy.currencies import CURRENCIES
from agentmarts.tenancy.parameters import PARAMETERS, ParameterError, ParameterRule, check_timezone, checked_value, parse_value
from agentmarts.warehouse.connection import Connection, Role, connect

__all__ = [
    "PARAMETERS",
    "Parameter",
    "ParameterRule",
    "Tenant",
    "TenantError",
    "create_tenant",
    "find_tenant",
    "list_parameters",
    "list_tenants",
    "parse_value",
    "set_parameter",
]

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

_TENANTS = """
select t.tenant_id, t.slug, t.name, z.timezone, t.currency, t.industry_vertical
from raw.tenants t
left join lateral (
  select p.value #>> '{}' as timezone from raw.tenant_parameters p
  where p.tenant_id = t.tenant_id and p.parameter = 'timezone'
  order by p.valid_from desc nulls last, p.parameter_id desc limit 1
) z on true
"""


class TenantError(ValueError):
    """A tenant or value that makes no sense; the message says what is wrong and what would be right."""


@dataclass(frozen=True)
class Tenant:
    """A tenant with its newest zone."""

    tenant_id: UUID
    slug: str
    name: str
    timezone: str
    currency: str
    vertical: str | None


@dataclass(frozen=True)
class Parameter:
    """A value that holds from the start of a local day; `valid_from` None = since ever."""

    parameter: str
    valid_from: date | None
    value: object


def create_tenant(
    settings: Settings,
    *,
    slug: str,
    name: str | None = None,
    timezone: str = "UTC",
    currency: str = "USD",
    vertical: str | None = None,
    tenant_id: UUID | None = None,
) -> Tenant:
    """Create a tenant. BI logins of all tenants see it too. Raises TenantError when a value makes no sense or the slug is taken."""
    if not _SLUG.fullmatch(slug):
        raise TenantError(f"{slug!r} is no slug: use 1 to 63 of a-z, 0-9 and -, beginning with a letter or digit, as in acme-outdoor")
    if currency not in CURRENCIES:
        raise TenantError(f"{currency!r} is no currency: give its ISO 4217 code, as in USD or EUR")
    try:
        check_timezone(timezone)
    except ParameterError as error:
        raise TenantError(str(error)) from None
    tenant = Tenant(tenant_id or uuid.uuid4(), slug, name or slug, timezone, currency, vertical)
    try:
        with connect(settings, Role.MIGRATOR) as connection:
            connection.execute(
                "insert into raw.tenants (tenant_id, slug, name, currency, industry_vertical) values (%s, %s, %s, %s, %s)",
                (tenant.tenant_id, slug, tenant.name, currency, vertical),
            )
            _record(connection, tenant, "timezone", timezone, None)
            connection.execute(
                "insert into ops.bi_tenants (role_name, tenant_id, all_tenants) "
                "select distinct role_name, %s::uuid, true from ops.bi_tenants where all_tenants",
                [tenant.tenant_id],
            )
    except (psycopg.errors.ExclusionViolation, psycopg.errors.UniqueViolation):
        raise TenantError(f"there is a tenant {slug!r} already") from None
    return tenant


def set_parameter(settings: Settings, *, slug: str, parameter: str, value: object, valid_from: date | None = None) -> None:
    """Record that `parameter` has this value from 00:00 of the local day `valid_from` on (None: since ever).

    Of values with the same date the one set last holds. Raises TenantError for an unknown tenant, parameter or impossible value.
    """
    tenant = find_tenant(settings, slug)
    try:
        good = checked_value(parameter, value)
    except ParameterError as error:
        raise TenantError(str(error)) from None
    with connect(settings, Role.MIGRATOR) as connection:
        _record(connection, tenant, parameter, good, valid_from)


def list_tenants(settings: Settings) -> list[Tenant]:
    """All tenants, by slug."""
    with connect(settings, Role.MIGRATOR) as connection:
        return [Tenant(*row) for row in connection.execute(_TENANTS + "order by t.slug")]


def find_tenant(settings: Settings, slug: str) -> Tenant:
    """The tenant with this slug. Raises TenantError when there is none."""
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute(_TENANTS + "where t.slug = %s", [slug]).fetchone()
    if row is None:
        raise TenantError(f"there is no tenant {slug!r}: see `agentmarts tenant list`, or `agentmarts tenant create {slug}`")
    return Tenant(*row)


def list_parameters(settings: Settings, slug: str) -> list[Parameter]:
    """Values in force, one per parameter and date, by name and date. What is not listed has its default."""
    tenant = find_tenant(settings, slug)
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute(
            "select distinct on (parameter, valid_from) parameter, valid_from, value from raw.tenant_parameters where tenant_id = %s "
            "order by parameter, valid_from nulls first, parameter_id desc",
            [tenant.tenant_id],
        ).fetchall()
    return [Parameter(*row) for row in rows]


def _record(connection: Connection, tenant: Tenant, parameter: str, value: object, valid_from: date | None) -> None:
    if parameter == "timezone" and not _knows_zone(connection, str(value)):
        raise TenantError(f"PostgreSQL does not know the zone {value!r}: update its time zone data, or use an older name of the zone")
    connection.execute(
        "insert into raw.tenant_parameters (tenant_id, parameter, value, valid_from) values (%s, %s, %s, %s)",
        (tenant.tenant_id, parameter, Jsonb(value), valid_from),
    )


def _knows_zone(connection: Connection, zone: str) -> bool:
    return connection.execute("select from pg_timezone_names where name = %s", [zone]).fetchone() is not None

"""Explicit recalculation: mark days as touched; the next refresh recomputes them whole from raw."""

from __future__ import annotations

from datetime import date

from agentmarts.settings import Settings
from agentmarts.tenancy.tenants import find_tenant
from agentmarts.warehouse.connection import Role, connect


class RecalculationError(ValueError):
    """The range makes no sense; the message says why."""


def mark_days(settings: Settings, *, date_from: date, date_to: date, tenant: str | None = None, cause: str = "recalculation") -> int:
    """Mark the local days from `date_from` to `date_to` (both inclusive) of one tenant, or of all; returns the number of days marked.

    Raises RecalculationError when the range is reversed, TenantError for an unknown slug.
    """
    if date_to < date_from:
        raise RecalculationError(f"--to {date_to} lies before --from {date_from}: swap them")
    tenant_id = find_tenant(settings, tenant).tenant_id if tenant is not None else None
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute(
            "insert into raw.touch_marks (tenant_id, scope, date_from, date_to, cause) values (%s, 'days', %s, %s, %s)",
            (tenant_id, date_from, date_to, cause),
        )
    return (date_to - date_from).days + 1

"""What commands of `agentmarts graph` are told: whose accounts, and as of which instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from agentmarts.commands.output import parse_time
from agentmarts.meta_graph.accounts import Account, list_accounts
from agentmarts.settings import Settings, now
from agentmarts.tenancy.tenants import list_tenants
from agentmarts.warehouse.connection import Role, connect

TenantOption = Annotated[str | None, typer.Option("--tenant", help="Only accounts of this tenant (slug).")]
NowOption = Annotated[str | None, typer.Option("--now", help="Act as if it were this instant, e.g. 2026-03-01T12:00:00Z.")]


def accounts_of(settings: Settings, tenant: str | None, *, active_only: bool = True) -> list[Account]:
    """The accounts of a tenant (slug), or of all; exits with code 2 and a sentence when there is no such tenant."""
    tenant_id = None
    if tenant is not None:
        known = {one.slug: one.tenant_id for one in list_tenants(settings)}
        if tenant not in known:
            raise typer.BadParameter(f"there is no tenant {tenant}", param_hint="--tenant")
        tenant_id = known[tenant]
    with connect(settings, Role.INGEST) as connection:
        return list_accounts(connection, tenant_id, active_only=active_only)


def clock_of(at: str | None) -> Callable[[], datetime]:
    """A clock that goes on from an instant; the wall's without one. Exits with code 2 and a sentence when the text is no time."""
    start, begun = now(), parse_time(at, "--now")
    if begun is None:
        return now
    offset = begun - start
    return lambda: now().astimezone(UTC) + offset

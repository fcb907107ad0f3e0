"""`agentmarts tenant`: tenants and their parameters."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from agentmarts.commands.output import JsonOption, out, print_json, print_table
from agentmarts.settings import load_settings
from agentmarts.tenancy.tenants import PARAMETERS, create_tenant, list_parameters, list_tenants, parse_value, set_parameter

app = typer.Typer(no_args_is_help=True, help="Tenants: one per store, each with a time zone, a currency and parameters.")


@app.command("create")
def create(
    slug: Annotated[str, typer.Argument(help="Short name in lower case, e.g. acme-outdoor.")],
    timezone: Annotated[str, typer.Option(help="IANA zone whose days the marts count, e.g. Europe/Berlin.")] = "UTC",
    name: Annotated[str | None, typer.Option(help="Name for people; without it the slug.")] = None,
    currency: Annotated[str, typer.Option(help="ISO 4217 code of costs and savings.")] = "USD",
    vertical: Annotated[str | None, typer.Option(help="Industry, for benchmarks.")] = None,
) -> None:
    """Create a tenant.

    Example: agentmarts tenant create acme --timezone America/New_York --currency USD
    """
    tenant = create_tenant(load_settings(), slug=slug, name=name, timezone=timezone, currency=currency, vertical=vertical)
    out.print(f"Created {tenant.slug} ({tenant.tenant_id}). Next: `agentmarts key create --tenant {tenant.slug}`")


@app.command("list")
def show(
    slug: Annotated[str | None, typer.Argument(help="Show this tenant's parameters.")] = None,
    json: JsonOption = False,
) -> None:
    """List the tenants, or the parameters of one.

    Example: agentmarts tenant list acme
    """
    settings = load_settings()
    if slug is not None:
        parameters = list_parameters(settings, slug)
        if json:
            print_json([{"parameter": one.parameter, "valid_from": one.valid_from, "value": one.value} for one in parameters])
        else:
            rows = [(one.parameter, one.valid_from or "since ever", one.value) for one in parameters]
            print_table(["parameter", "valid from", "value"], rows, "All parameters have their defaults.")
        return
    tenants = list_tenants(settings)
    if json:
        print_json(
            [
                {"slug": one.slug, "tenant_id": one.tenant_id, "name": one.name, "timezone": one.timezone, "currency": one.currency}
                for one in tenants
            ]
        )
    else:
        print_table(
            ["slug", "tenant_id", "name", "time zone", "currency"],
            [(one.slug, one.tenant_id, one.name, one.timezone, one.currency) for one in tenants],
            "No tenants yet: `agentmarts tenant create SLUG`.",
        )


@app.command("set", epilog="Parameters: " + ", ".join(sorted(PARAMETERS)))
def set_value(
    slug: Annotated[str, typer.Argument(help="Which tenant.")],
    parameter: Annotated[str, typer.Argument(help="Name of the parameter.")],
    value: Annotated[str, typer.Argument(help="JSON, or plain text for a zone.")],
    valid_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Local day from which it holds; without it since ever.")
    ] = None,
) -> None:
    """Set a parameter, from a day on; the next refresh recomputes what it changes.

    Example: agentmarts tenant set acme avg_human_agent_cost_per_hour 31.5 --valid-from 2026-01-01
    """
    set_parameter(
        load_settings(), slug=slug, parameter=parameter, value=parse_value(value), valid_from=valid_from.date() if valid_from else None
    )
    out.print(f"{slug}: {parameter} = {value}" + (f" from {valid_from:%Y-%m-%d}." if valid_from else "."))

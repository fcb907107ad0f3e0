"""`agentmarts graph account`: the accounts of Facebook and Instagram that are collected."""

from __future__ import annotations

from typing import Annotated, cast, get_args

import typer

from agentmarts.commands.graph.options import TenantOption, accounts_of
from agentmarts.commands.output import JsonOption, out, print_json, print_table
from agentmarts.meta_graph.accounts import LoginKind, Platform, TokenKind, add_account, set_active
from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.health import AccountCheck, check_account
from agentmarts.settings import load_settings, now
from agentmarts.tenancy.tenants import list_tenants
from agentmarts.warehouse.connection import Role, connect

account = typer.Typer(no_args_is_help=True, help="Accounts that are collected. Tokens stay in the environment.")


@account.command("add")
def add(
    tenant: Annotated[str, typer.Argument(help="Slug of the tenant.")],
    platform: Annotated[str, typer.Argument(help="facebook (a Page) or instagram (a professional account).")],
    graph_id: Annotated[str, typer.Argument(help="Meta's id of the Page or Instagram account: digits.")],
    token_ref: Annotated[str, typer.Option(help="Name of the token: `acme` is read from AGENTMARTS_GRAPH_TOKEN_ACME.")],
    token_kind: Annotated[str, typer.Option(help="page, system_user or user.")] = "page",  # noqa: S107 - a kind, no token
    parent: Annotated[str | None, typer.Option(help="Of an Instagram account: the id of its Page.")] = None,
    name: Annotated[str | None, typer.Option(help="Name for people.")] = None,
    login: Annotated[
        str,
        typer.Option(help="facebook_login, or instagram_login for an Instagram account without a Page."),
    ] = "facebook_login",
    api_version: Annotated[str, typer.Option(help="Version of the Graph API.")] = "v25.0",
) -> None:
    """Connect an account. Its past, as far as Meta keeps it, is collected on the first pull.

    Example: agentmarts graph account add acme instagram 17841400000000001 --token-ref acme --token-kind system_user
    """
    _one_of(platform, get_args(Platform), "PLATFORM")
    _one_of(token_kind, get_args(TokenKind), "--token-kind")
    _one_of(login, get_args(LoginKind), "--login")
    if platform == "facebook" and login == "instagram_login":
        raise typer.BadParameter("a Page is connected by facebook_login", param_hint="--login")
    settings = load_settings()
    known = {one.slug: one.tenant_id for one in list_tenants(settings)}
    if tenant not in known:
        raise typer.BadParameter(f"there is no tenant {tenant}: `agentmarts tenant create {tenant}`", param_hint="TENANT")
    with connect(settings, Role.INGEST) as connection:
        added = add_account(
            connection,
            tenant_id=known[tenant],
            platform=cast(Platform, platform),
            graph_id=graph_id,
            login_kind=cast(LoginKind, login),
            token_ref=token_ref,
            token_kind=cast(TokenKind, token_kind),
            at=now(),
            parent_graph_id=parent,
            display_name=name,
            api_version=api_version,
            collect_from=now().date(),
        )
    out.print(f"Added {platform} account {graph_id} ({added.account_id}). Next: `agentmarts graph account check`")


@account.command("list")
def show(tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the accounts, paused ones too.

    Example: agentmarts graph account list --tenant acme
    """
    settings = load_settings()
    slugs = {one.tenant_id: one.slug for one in list_tenants(settings)}
    accounts = accounts_of(settings, tenant, active_only=False)
    rows = [
        (
            slugs[one.tenant_id],
            one.platform,
            one.graph_id,
            one.display_name,
            one.token_ref,
            one.token_state,
            one.api_version,
            one.collect_from,
            one.is_active,
        )
        for one in accounts
    ]
    columns = ["tenant", "platform", "id", "name", "token", "token state", "version", "since", "collected"]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows, "No accounts yet: `agentmarts graph account add`.")


@account.command("check")
def check(tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Ask Meta whether each token is valid, how long, and has the permissions that are needed. Exit code 1 if something is missing.

    Example: agentmarts graph account check
    """
    settings = load_settings()
    catalogue = load_catalogue()
    checks = [check_account(settings, one, catalogue) for one in accounts_of(settings, tenant)]
    if json:
        print_json([_check_row(one) for one in checks])
    else:
        rows = [tuple(_check_row(one).values()) for one in checks]
        print_table(list(_check_row(checks[0])) if checks else [], rows, "No accounts yet: `agentmarts graph account add`.")
    if any(one.problems for one in checks):
        raise typer.Exit(1)


@account.command("pause")
def pause(
    tenant: Annotated[str, typer.Argument(help="Slug of the tenant.")],
    graph_id: Annotated[str, typer.Argument(help="Meta's id of the Page or Instagram account.")],
) -> None:
    """Collect an account no longer. What was collected stays; after `resume` the days between are asked for, as far as Meta keeps them.

    Example: agentmarts graph account pause acme 17841400000000001
    """
    _switch(tenant, graph_id, active=False)


@account.command("resume")
def resume(
    tenant: Annotated[str, typer.Argument(help="Slug of the tenant.")],
    graph_id: Annotated[str, typer.Argument(help="Meta's id of the Page or Instagram account.")],
) -> None:
    """Collect a paused account again, from the next pull on.

    Example: agentmarts graph account resume acme 17841400000000001
    """
    _switch(tenant, graph_id, active=True)


def _switch(tenant: str, graph_id: str, *, active: bool) -> None:
    settings = load_settings()
    found = [one for one in accounts_of(settings, tenant, active_only=False) if one.graph_id == graph_id]
    if not found:
        raise typer.BadParameter(f"{tenant} has no account {graph_id}: `agentmarts graph account list`", param_hint="GRAPH_ID")
    with connect(settings, Role.INGEST) as connection:
        changed = [set_active(connection, one, active=active, at=now()) for one in found]
    state = "is collected from the next pull on" if active else "is collected no longer; what was collected stays"
    out.print(f"{found[0].platform} account {graph_id} {state}." + ("" if any(changed) else " It was so before."))


def _check_row(one: AccountCheck) -> dict[str, object]:
    return {
        "platform": one.account.platform,
        "id": one.account.graph_id,
        "token": one.state,
        "expires": one.expires_at or "never or unknown",
        "problems": "; ".join(one.problems) or None,
    }


def _one_of(value: str, allowed: tuple[str, ...], hint: str) -> None:
    if value not in allowed:
        raise typer.BadParameter(f"{value} is none of {', '.join(allowed)}", param_hint=hint)

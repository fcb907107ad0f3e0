"""`agentmarts key` and `bi-user`: who may read and write, over HTTP and in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from agentmarts.commands.output import JsonOption, out, parse_time, print_json, print_table
from agentmarts.settings import load_settings
from agentmarts.tenancy.api_keys import create_key, list_keys, revoke_key, rotate_key
from agentmarts.tenancy.bi_users import create_bi_user, list_bi_users, revoke_bi_user

key = typer.Typer(no_args_is_help=True, help="API keys of the service. A key is shown once and stored as a hash.")
bi_user = typer.Typer(no_args_is_help=True, help="Read-only SQL logins for analysts and BI tools.")

TenantsOption = Annotated[list[str], typer.Option("--tenant", help="Slug; may be repeated.")]


@key.command("create")
def create(
    tenant: TenantsOption,
    scope: Annotated[list[str] | None, typer.Option(help="read, write, portfolio, admin; may be repeated.  [default: read]")] = None,
    name: Annotated[str, typer.Option(help="What the key is for.")] = "",
    expires: Annotated[str | None, typer.Option(help="When it stops working, e.g. 2027-01-01T00:00:00Z.")] = None,
    json: JsonOption = False,
) -> None:
    """Create a key and print it, this once.

    Example: agentmarts key create --tenant acme --scope read --scope write
    """
    stored, text = create_key(
        load_settings(), name=name, tenants=tenant, scopes=scope or ["read"], expires_at=parse_time(expires, "--expires")
    )
    if json:
        print_json({"key_id": stored.key_id, "key": text, "scopes": stored.scopes})
    else:
        out.print(f"{text}\nKeep it: it is not shown again. Use it as `Authorization: Bearer …`.", markup=False, soft_wrap=True)


@key.command("list")
def show(
    everything: Annotated[bool, typer.Option("--all", help="Revoked keys too.")] = False,
    json: JsonOption = False,
) -> None:
    """List the keys (not their secrets).

    Example: agentmarts key list
    """
    keys = list_keys(load_settings(), include_revoked=everything)
    if json:
        print_json([asdict(one) for one in keys])
    else:
        print_table(
            ["id", "name", "scopes", "tenants", "created", "expires", "last used", "revoked"],
            [
                (k.key_id, k.name, ", ".join(k.scopes), len(k.tenant_ids), k.created_at, k.expires_at, k.last_used_at, k.revoked_at)
                for k in keys
            ],
            "No keys yet: `agentmarts key create --tenant SLUG`.",
        )


@key.command("rotate")
def rotate(key_id: Annotated[str, typer.Argument(help="Id, see `agentmarts key list`.")]) -> None:
    """Print a new key in place of an old one, which works for 24 hours more.

    Example: agentmarts key rotate Ab3dE6gH
    """
    stored, text = rotate_key(load_settings(), key_id)
    out.print(f"{text}\nNew id {stored.key_id}; {key_id} works for 24 hours more.", markup=False, soft_wrap=True)


@key.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="Id, see `agentmarts key list`.")]) -> None:
    """Make a key invalid now.

    Example: agentmarts key revoke Ab3dE6gH
    """
    revoke_key(load_settings(), key_id)
    out.print(f"{key_id} is revoked.")


@bi_user.command("create")
def create_user(
    tenant: Annotated[list[str] | None, typer.Option("--tenant", help="Slug; may be repeated.")] = None,
    all_tenants: Annotated[bool, typer.Option("--all-tenants", help="Every tenant, later ones too.")] = False,
    connections: Annotated[int, typer.Option(min=1, help="Connections at once.")] = 5,
    json: JsonOption = False,
) -> None:
    """Create a login that reads the marts of its tenants, and print how each BI tool connects.

    Example: agentmarts bi-user create --tenant acme
    """
    user = create_bi_user(load_settings(), tenants=tenant or [], all_tenants=all_tenants, connections=connections)
    if json:
        print_json(asdict(user))
    else:
        out.print(f"Login {user.role_name}, password {user.password}: not shown again.\n", markup=False)
        for tool, text in user.connection_texts.items():
            out.print(f"{tool}: {text}", markup=False, soft_wrap=True)


@bi_user.command("list")
def show_users(json: JsonOption = False) -> None:
    """List the BI logins and how many tenants each sees.

    Example: agentmarts bi-user list
    """
    users = list_bi_users(load_settings())
    if json:
        print_json([asdict(user) for user in users])
    else:
        print_table(
            ["login", "tenants", "all tenants"],
            [(user.role_name, ", ".join(user.tenants), user.all_tenants) for user in users],
            "No BI logins yet: `agentmarts bi-user create --tenant SLUG`.",
        )


@bi_user.command("revoke")
def revoke_user(role_name: Annotated[str, typer.Argument(help="Login, see `agentmarts bi-user list`.")]) -> None:
    """End the login's connections and drop it.

    Example: agentmarts bi-user revoke bi_k3x9w2ab
    """
    revoke_bi_user(load_settings(), role_name)
    out.print(f"{role_name} is gone.")

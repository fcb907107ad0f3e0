"""`agentmarts graph`: accounts of Facebook and Instagram, and collecting their metrics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, cast, get_args
from uuid import UUID

import typer

from agentmarts.commands.output import JsonOption, err, out, parse_time, print_json, print_table, progress_bar
from agentmarts.companions import adopt_environment
from agentmarts.meta_graph.account_check import AccountCheck, check_account
from agentmarts.meta_graph.accounts import Account, LoginKind, Platform, TokenKind, add_account, list_accounts
from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.collector import Collected, collect
from agentmarts.meta_graph.probe import Probed, Verdict, probe
from agentmarts.settings import Settings, load_settings, now
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.tenants import list_tenants

app = typer.Typer(no_args_is_help=True, help="Metrics of Facebook Pages and Instagram accounts by the Meta Graph API.")
account = typer.Typer(no_args_is_help=True, help="Accounts that are collected. Tokens stay in the environment.")
app.add_typer(account, name="account")


@app.callback()
def find_companions() -> None:
    """Metrics of Facebook Pages and Instagram accounts by the Meta Graph API."""
    adopt_environment(load_settings())


TenantOption = Annotated[str | None, typer.Option("--tenant", help="Only accounts of this tenant (slug).")]


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
    """List the accounts.

    Example: agentmarts graph account list --tenant acme
    """
    settings = load_settings()
    slugs = {one.tenant_id: one.slug for one in list_tenants(settings)}
    accounts = _accounts(settings, tenant)
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
        )
        for one in accounts
    ]
    columns = ["tenant", "platform", "id", "name", "token", "token state", "version", "since"]
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
    checks = [check_account(settings, one, catalogue) for one in _accounts(settings, tenant)]
    if json:
        print_json([_check_row(one) for one in checks])
    else:
        rows = [tuple(_check_row(one).values()) for one in checks]
        print_table(list(_check_row(checks[0])) if checks else [], rows, "No accounts yet: `agentmarts graph account add`.")
    if any(one.problems for one in checks):
        raise typer.Exit(1)


@app.command("pull")
def pull(
    tenant: TenantOption = None,
    at: Annotated[str | None, typer.Option("--now", help="Act as if it were this instant, e.g. 2026-03-01T12:00:00Z.")] = None,
    json: JsonOption = False,
) -> None:
    """Collect what is due. Safe to repeat: what was answered is not asked again, and what is used up is waited for.

    Exit code 1 when something due was not answered. A token that ends soon or lacks a permission is told, but is no failure yet.

    Example: agentmarts graph pull && agentmarts refresh
    """
    settings = load_settings()
    accounts = _accounts(settings, tenant)
    with progress_bar() as bar:
        task = bar.add_task("accounts", total=len(accounts))

        def advance(one: Collected) -> None:
            bar.update(task, advance=1, description=f"{one.account.platform} {one.account.graph_id}")

        done = collect(settings, accounts=_ids(accounts), clock=_clock(at), on_account=advance)
    if json:
        print_json([_pull_row(one) for one in done])
    else:
        rows = [tuple(_pull_row(one).values()) for one in done]
        print_table(list(_pull_row(done[0])) if done else [], rows, "No accounts yet: `agentmarts graph account add`.")
    for one in done:
        if trouble := _trouble(one):
            err.print(f"{one.account.platform} {one.account.graph_id}: {trouble}", markup=False, soft_wrap=True)
    if not all(one.is_complete for one in done):
        raise typer.Exit(1)


@app.command("probe")
def probe_command(
    account_id: Annotated[
        str | None, typer.Option("--account", help="Meta's id of the account to ask. Without: the last collected one of each platform.")
    ] = None,
    tenant: TenantOption = None,
    at: Annotated[str | None, typer.Option("--now", help="Act as if it were this instant, e.g. 2026-03-01T12:00:00Z.")] = None,
    json: JsonOption = False,
) -> None:
    """Ask Meta for every planned and every undecided metric alone: does it still answer what the catalogue says?

    drift `dead`: the catalogue lets it be collected, Meta knows it no more. Enter its day as `deprecated_on` in
    dbt_project/seeds/graph_catalogue.csv and tomorrow nobody asks for it. drift `alive`: the catalogue takes it for dead, Meta answers.
    Metrics of status conflict and valid_in_sdk are never collected; what Meta says of them is shown for whoever decides. Costs one or two
    requests an account, within its budgets. Exit code 1 when Meta and the catalogue differ, or when not all was asked.

    Example: agentmarts graph probe --json
    """
    settings = load_settings()
    wanted = [one.account_id for one in _accounts(settings, tenant) if account_id in (None, one.graph_id)]
    if account_id is not None and not wanted:
        raise typer.BadParameter(f"there is no account {account_id}: `agentmarts graph account list`", param_hint="--account")
    is_choice = account_id is not None or tenant is not None
    done = probe(settings, accounts=wanted if is_choice else None, clock=_clock(at))
    rows = [_verdict_row(one, verdict) for one in done for verdict in one.verdicts]
    if json:
        print_json(rows)
    else:
        print_table(list(rows[0]) if rows else [], [tuple(row.values()) for row in rows], "Nothing to ask: `agentmarts graph account add`.")
    for one in done:
        about = f"{one.account.platform} {one.account.graph_id}"
        if one.error:
            err.print(f"{about}: {one.error}", markup=False, soft_wrap=True)
        for verdict in one.drifted:
            question = verdict.question
            what = f"{question.object_type} {question.metric} is {verdict.drift}, the catalogue says otherwise ({question.status})"
            err.print(f"{about}: {what}", markup=False, soft_wrap=True)
    if any(one.error or one.drifted for one in done):
        raise typer.Exit(1)


def _clock(at: str | None) -> Callable[[], datetime]:
    """A clock that goes on from an instant; the wall's without one."""
    start, begun = now(), parse_time(at, "--now")
    if begun is None:
        return now
    offset = begun - start
    return lambda: now().astimezone(UTC) + offset


def _verdict_row(one: Probed, verdict: Verdict) -> dict[str, object]:
    question = verdict.question
    return {
        "platform": one.account.platform,
        "object": question.object_type,
        "metric": question.metric,
        "period": question.period or None,
        "catalogue": question.status,
        "Meta": verdict.state,
        "drift": verdict.drift,
        "note": verdict.message[:80] or None,
    }


def _accounts(settings: Settings, tenant: str | None) -> list[Account]:
    tenant_id = None
    if tenant is not None:
        known = {one.slug: one.tenant_id for one in list_tenants(settings)}
        if tenant not in known:
            raise typer.BadParameter(f"there is no tenant {tenant}", param_hint="--tenant")
        tenant_id = known[tenant]
    with connect(settings, Role.INGEST) as connection:
        return list_accounts(connection, tenant_id)


def _ids(accounts: list[Account]) -> list[UUID]:
    return [one.account_id for one in accounts]


def _check_row(one: AccountCheck) -> dict[str, object]:
    return {
        "platform": one.account.platform,
        "id": one.account.graph_id,
        "token": one.state,
        "expires": one.expires_at or "never or unknown",
        "problems": "; ".join(one.problems) or None,
    }


def _pull_row(one: Collected) -> dict[str, object]:
    counts = one.outcome.counts if one.outcome else None
    return {
        "platform": one.account.platform,
        "id": one.account.graph_id,
        "requests": counts.http_calls if counts else None,
        "asked": counts.asked if counts else None,
        "answered": counts.answered if counts else None,
        "new": counts.facts.new if counts else None,
        "restated": counts.facts.revised if counts else None,
        "unreadable": counts.unreadable if counts else None,
        "trouble": _trouble(one),
    }


def _trouble(one: Collected) -> str | None:
    if one.error or one.outcome is None:
        return one.error
    stopped = [one.outcome.stopped_by] if one.outcome.stopped_by else []
    return "; ".join([*stopped, *one.outcome.failures, *one.outcome.warnings]) or None


def _one_of(value: str, allowed: tuple[str, ...], hint: str) -> None:
    if value not in allowed:
        raise typer.BadParameter(f"{value} is none of {', '.join(allowed)}", param_hint=hint)

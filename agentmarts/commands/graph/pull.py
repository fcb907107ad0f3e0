"""`agentmarts graph pull`: collecting what is due of all accounts."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from agentmarts.commands.graph.options import NowOption, TenantOption, accounts_of, clock_of
from agentmarts.commands.output import JsonOption, err, print_json, print_table, progress_bar
from agentmarts.meta_graph.collecting.collector import Collected, collect
from agentmarts.settings import load_settings


def pull_command(
    tenant: TenantOption = None,
    at: NowOption = None,
    json: JsonOption = False,
) -> None:
    """Collect what is due. Safe to repeat: what was answered is not asked again, and what is used up is waited for.

    Exit code 1 when something due was not answered. A token that ends soon or lacks a permission is told, but is no failure yet.

    Example: agentmarts graph pull && agentmarts refresh
    """
    settings = load_settings()
    accounts = accounts_of(settings, tenant)
    with progress_bar() as bar:
        task = bar.add_task("accounts", total=len(accounts))

        def advance(one: Collected) -> None:
            bar.update(task, advance=1, description=f"{one.account.platform} {one.account.graph_id}")

        done = collect(settings, accounts=[one.account_id for one in accounts], clock=clock_of(at), on_account=advance)
    show_collected(done, json)


def show_collected(done: Sequence[Collected], json: bool) -> None:
    """Print what came of each account; exit code 1 when one was not collected whole."""
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

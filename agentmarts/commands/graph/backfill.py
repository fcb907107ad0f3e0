"""`agentmarts graph backfill`: asking anew for days of the past."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from agentmarts.commands.graph.options import NowOption, TenantOption, accounts_of, clock_of
from agentmarts.commands.graph.pull import show_collected
from agentmarts.commands.output import JsonOption, progress_bar
from agentmarts.meta_graph.collecting.collector import Collected, collect
from agentmarts.settings import load_settings


def backfill_command(
    date_from: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    date_to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")],
    tenant: TenantOption = None,
    at: NowOption = None,
    json: JsonOption = False,
) -> None:
    """Ask anew for days of the past: metrics of accounts, which Meta keeps for two years (new followers of Instagram: 30 days).

    Of posts Meta tells no past. Days count on the platform's calendar. What comes out differently is kept as a restatement.

    Example: agentmarts graph backfill --from 2026-01-01 --to 2026-01-31 && agentmarts refresh
    """
    if date_to < date_from:
        raise typer.BadParameter(f"{date_to.date()} is before {date_from.date()}", param_hint="--to")
    settings = load_settings()
    accounts = accounts_of(settings, tenant)
    with progress_bar() as bar:
        task = bar.add_task("accounts", total=len(accounts))

        def advance(one: Collected) -> None:
            bar.update(task, advance=1, description=f"{one.account.platform} {one.account.graph_id}")

        days = (date_from.date(), date_to.date())
        done = collect(settings, accounts=[one.account_id for one in accounts], days=days, clock=clock_of(at), on_account=advance)
    show_collected(done, json)

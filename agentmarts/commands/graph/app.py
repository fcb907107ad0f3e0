"""`agentmarts graph`: accounts of Facebook and Instagram, and collecting their metrics."""

from __future__ import annotations

import typer

from agentmarts.commands.graph import accounts as graph_accounts
from agentmarts.commands.graph import backfill as graph_backfill
from agentmarts.commands.graph import probe as graph_probe
from agentmarts.commands.graph import pull as graph_pull
from agentmarts.companions import adopt_environment
from agentmarts.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Metrics of Facebook Pages and Instagram accounts by the Meta Graph API.")
app.command("pull")(graph_pull.pull_command)
app.command("backfill")(graph_backfill.backfill_command)
app.command("probe")(graph_probe.probe_command)
app.add_typer(graph_accounts.account, name="account")


@app.callback()
def find_companions() -> None:
    """Metrics of Facebook Pages and Instagram accounts by the Meta Graph API."""
    adopt_environment(load_settings())

"""The command line: every command teaches with `--help`; errors go to stderr with what to do (exit 1), wrong calls exit 2."""

from __future__ import annotations

import logging
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from agentmarts import __version__
from agentmarts.commands.lazy_command import LazyCommand

COMMANDS = (
    (
        "demo",
        "agentmarts.commands.demo.command:demo_command",
        "Server, migrations, two tenants, 90 days of events, ten days of a simulated Meta, the Dagster job, UI and service. "
        "Safe to repeat.",
    ),
    (
        "up",
        "agentmarts.commands.installation:up_command",
        "Start the server, apply migrations, start the Dagster UI with its daemon and the service. Safe to repeat.",
    ),
    (
        "down",
        "agentmarts.commands.installation:down_command",
        "Stop the UI, the daemon, the service and the embedded PostgreSQL. Data stays.",
    ),
    ("status", "agentmarts.commands.installation:status_command", "Addresses, versions, freshness of each mart and what waits."),
    (
        "doctor",
        "agentmarts.commands.doctor:doctor_command",
        "Examine the installation: each failure is one sentence and the command that mends it. Exit code 1 if there is an error.",
    ),
    ("ingest", "agentmarts.commands.streams:ingest_command", "Load files of a stream. Loading the same file again changes nothing."),
    ("refresh", "agentmarts.commands.warehouse:refresh_command", "Build what new events touched, test it, publish what changed."),
    (
        "publish",
        "agentmarts.commands.warehouse:publish_command",
        "Publish a run that stopped as needs_approval because many rows would vanish.",
    ),
    (
        "recalculate",
        "agentmarts.commands.warehouse:recalculate_command",
        "Recompute days from raw and publish what comes out differently.",
    ),
    ("serve", "agentmarts.commands.installation:serve_command", "Run the HTTP service in the foreground."),
    (
        "psql",
        "agentmarts.commands.psql:psql_command",
        "Open psql on the warehouse as its owner (for an analyst: `agentmarts bi-user create`).",
    ),
    ("migrate", "agentmarts.commands.warehouse:migrate", "SQL migrations: what is pending, apply it, compare the catalogue."),
    ("tenant", "agentmarts.commands.tenants:app", "Tenants: one per store, each with a time zone, a currency and parameters."),
    ("key", "agentmarts.commands.keys:key", "API keys of the service. A key is shown once and stored as a hash."),
    ("bi-user", "agentmarts.commands.keys:bi_user", "Read-only SQL logins for analysts and BI tools."),
    ("graph", "agentmarts.commands.graph.app:app", "Metrics of Facebook Pages and Instagram accounts by the Meta Graph API."),
    ("quarantine", "agentmarts.commands.streams:quarantine", "Rows that were refused: why, and try them again."),
)
"""Name, place and first paragraph of the help of every command, in the order of the list. A start imports none of their modules."""


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, target, line in COMMANDS:
            self.add_command(LazyCommand(name, target, line))


app = typer.Typer(
    name="agentmarts",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The analytics warehouse for AI agents: events in, tested marts out, on Postgres with Dagster and dbt.",
    epilog="First time? `agentmarts demo`. Something wrong? `agentmarts doctor`.",
)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the trace of an error.")] = False,
) -> None:
    """All state lives under AGENTMARTS_HOME (default .agentmarts in the checkout)."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING)


def main() -> None:
    """Entry point of the `agentmarts` command."""
    try:
        app()
    except Exception as error:
        if "--verbose" in sys.argv:
            raise
        _tell(error)
        sys.exit(1)


def _tell(error: Exception) -> None:
    """Say on stderr what is wrong. Imports what it needs: most starts have no error to tell."""
    import psycopg

    from agentmarts.commands.output import err
    from agentmarts.warehouse.redaction import redact

    if isinstance(error, psycopg.OperationalError):
        reason = str(error).strip().splitlines()[-1]
        err.print(redact(f"The database cannot be reached: {reason}\n`agentmarts doctor` tells what to do."), markup=False)
    else:
        err.print(redact(f"{error or type(error).__name__}"), markup=False, soft_wrap=True)

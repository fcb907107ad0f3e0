"""The command line: every command teaches with `--help`; errors go to stderr with what to do (exit 1), wrong calls exit 2."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import psycopg
import typer

from agentmarts import __version__
from agentmarts.commands import doctor, graph, installation, keys, streams, tenants, warehouse
from agentmarts.commands.demo import demo_command
from agentmarts.commands.output import err, out
from agentmarts.warehouse.redaction import redact

app = typer.Typer(
    name="agentmarts",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The analytics warehouse for AI agents: events in, tested marts out, on Postgres with Dagster and dbt.",
    epilog="First time? `agentmarts demo`. Something wrong? `agentmarts doctor`.",
)

app.command("demo")(demo_command)
app.command("up")(installation.up_command)
app.command("down")(installation.down_command)
app.command("status")(installation.status_command)
app.command("doctor")(doctor.doctor_command)
app.add_typer(warehouse.migrate, name="migrate")
app.add_typer(tenants.app, name="tenant")
app.add_typer(keys.key, name="key")
app.add_typer(keys.bi_user, name="bi-user")
app.command("ingest")(streams.ingest_command)
app.command("refresh")(warehouse.refresh_command)
app.command("publish")(warehouse.publish_command)
app.command("recalculate")(warehouse.recalculate_command)
app.add_typer(graph.app, name="graph")
app.add_typer(streams.quarantine, name="quarantine")
app.command("serve")(installation.serve_command)
app.command("psql")(warehouse.psql_command)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the trace of an error.")] = False,
) -> None:
    """All state lives under AGENTMARTS_HOME (default .agentmarts in the checkout)."""
    if version:
        out.print(__version__)
        raise typer.Exit
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING)


def main() -> None:
    """Entry point of the `agentmarts` command."""
    try:
        app()
    except psycopg.OperationalError as error:
        if "--verbose" in sys.argv:
            raise
        reason = str(error).strip().splitlines()[-1]
        err.print(redact(f"The database cannot be reached: {reason}\n`agentmarts doctor` tells what to do."), markup=False)
        sys.exit(1)
    except Exception as error:
        if "--verbose" in sys.argv:
            raise
        err.print(redact(f"{error or type(error).__name__}"), markup=False, soft_wrap=True)
        sys.exit(1)

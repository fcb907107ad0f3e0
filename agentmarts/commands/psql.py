"""`agentmarts psql`: a shell on the warehouse."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Annotated

import typer

from agentmarts.settings import load_settings
from agentmarts.warehouse.addresses import Role, database_url
from agentmarts.warehouse.embedded import EmbeddedServer


def psql_command(arguments: Annotated[list[str] | None, typer.Argument(help="Passed to psql.")] = None) -> None:
    """Open psql on the warehouse as its owner (for an analyst: `agentmarts bi-user create`).

    Example: agentmarts psql -- -c 'select * from marts.daily_metrics limit 5'
    """
    settings = load_settings()
    program = shutil.which("psql")
    if program is None and settings.database_url is None:
        program = str(EmbeddedServer(settings).binary("psql"))
    if program is None:
        typer.echo("psql is not installed: `apt install postgresql-client`, or `brew install libpq`.", err=True)
        raise typer.Exit(1)
    url = database_url(settings, Role.MIGRATOR)
    # The password goes through the environment: the command line of a process is readable by everybody.
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    address = url.set(password=None).render_as_string()
    raise typer.Exit(subprocess.run([program, address, *(arguments or [])], env=environment, check=False).returncode)

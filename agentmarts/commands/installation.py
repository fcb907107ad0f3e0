"""`agentmarts up`, `down`, `status`, `serve`: the installation and its processes."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from agentmarts import supervisor
from agentmarts.commands.output import JsonOption, err, out, print_json, print_table
from agentmarts.refresh.status import warehouse_status
from agentmarts.refresh.transform import ensure_manifest
from agentmarts.settings import Settings, load_settings, now
from agentmarts.streams.landing.landed import landing_problems
from agentmarts.warehouse.connection import database_url
from agentmarts.warehouse.databases import ensure_dagster_database
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up

READY_TIMEOUT_SECONDS = 120.0


def up_command(
    ui: Annotated[bool, typer.Option("--ui/--no-ui", help="With --no-ui: server and migrations only.")] = True,
) -> None:
    """Start the server, apply migrations, start the Dagster UI with its daemon and the service. Safe to repeat.

    Example: agentmarts up
    """
    settings = load_settings()
    start_server(settings)
    if ui:
        running = start_processes(settings, automation=settings.automation)
        out.print(f"Dagster UI  {running.ui_url}\nService     {running.service_url}/docs\nStop with `agentmarts down`.")


def start_server(settings: Settings, *, parse: bool = True) -> None:
    """PostgreSQL is running, migrations are applied and, unless somebody else does that, the dbt project is parsed when this returns."""
    if settings.database_url is None:
        server = EmbeddedServer(settings)
        wanted = server.port
        started = server.start()
        out.print(f"PostgreSQL {'started' if started else 'runs'} on 127.0.0.1:{server.port}.")
        if server.port != wanted:
            out.print(f"Port {wanted} was in use, so PostgreSQL took {server.port}.")
    applied = migrate_up(settings)
    out.print(f"{len(applied)} migrations applied." if applied else "Migrations are at head.")
    if parse:
        ensure_manifest(settings)


def start_processes(settings: Settings, *, automation: str) -> supervisor.Running:
    """Start Dagster and the service in the background and wait until both answer."""
    ensure_dagster_database(settings)
    running = supervisor.start(settings, automation=automation)
    for name, url, wanted in (("The UI", running.ui_url, settings.ui_port), ("The service", running.service_url, settings.service_port)):
        if url and not url.endswith(f":{wanted}"):
            out.print(f"{name} is at {url}: port {wanted} was in use.")
    _wait_until_ready(f"{running.service_url}/livez", settings)
    _wait_until_ready(f"{running.ui_url}/server_info", settings)
    return running


def _wait_until_ready(url: str, settings: Settings) -> None:
    import httpx

    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise TimeoutError(f"{url} did not answer within {READY_TIMEOUT_SECONDS:.0f} s; see the logs in {settings.home_path / 'logs'}")


def down_command(
    keep_server: Annotated[bool, typer.Option("--keep-server", help="Leave PostgreSQL running.")] = False,
) -> None:
    """Stop the UI, the daemon, the service and the embedded PostgreSQL. Data stays.

    Example: agentmarts down
    """
    settings = load_settings()
    stopped = supervisor.stop(settings)
    out.print("Dagster and the service stopped." if stopped else "Dagster and the service were not running.")
    if settings.database_url is None and not keep_server:
        out.print("PostgreSQL stopped." if EmbeddedServer(settings).stop() else "PostgreSQL was not running.")


def status_command(json: JsonOption = False) -> None:
    """Addresses, versions, freshness of each mart and what waits.

    Example: agentmarts status --json
    """
    settings = load_settings()
    if settings.database_url is None and not EmbeddedServer(settings).is_running():
        err.print("PostgreSQL is not running: `agentmarts up`.")
        raise typer.Exit(1)
    running = supervisor.running(settings)
    status = warehouse_status(settings, now())
    problems = landing_problems(settings)
    if json:
        print_json(
            {
                "ui_url": running.ui_url if running else None,
                "service_url": running.service_url if running else None,
                **asdict(status),
                "landing_problems": [asdict(one) for one in problems],
            }
        )
        return
    out.print(f"agentmarts   {status.agentmarts}")
    out.print(f"PostgreSQL   {status.postgres}  {database_url(settings).render_as_string(hide_password=True)}")
    out.print(f"Dagster UI   {running.ui_url if running else 'not running: agentmarts up'}")
    out.print(f"Service      {running.service_url if running else 'not running: agentmarts up'}")
    out.print(
        f"Version      {status.version}" + (f", as of {status.as_of:%Y-%m-%d %H:%M:%S} UTC" if status.as_of else ": nothing published")
    )
    out.print(
        f"Refresh      {status.last_refresh or 'never ran'}" + (f": {status.last_refresh_reason}" if status.last_refresh_reason else "")
    )
    waiting = ", ".join(f"{count} {table}" for table, count in status.waiting_rows.items())
    out.print(f"Waiting      {waiting or 'nothing'}; {status.quarantined} rows in quarantine")
    for one in problems:
        out.print(f"Not loaded   {one.name}: {one.problem}", soft_wrap=True)
    out.print()
    print_table(
        ["mart", "tenant", "version", "changed at (UTC)", "complete through (UTC)"],
        [
            (m.mart, m.tenant, m.version, f"{m.published_at:%Y-%m-%d %H:%M:%S}", m.data_through and f"{m.data_through:%Y-%m-%d %H:%M:%S}")
            for m in status.marts
        ],
        "No mart was published yet: `agentmarts refresh`.",
    )


def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on; everything but 127.0.0.1 is open to the network.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port; without it AGENTMARTS_SERVICE_PORT.")] = None,
) -> None:
    """Run the HTTP service in the foreground.

    Example: agentmarts serve --port 8000
    """
    from agentmarts.service.app import serve

    settings = load_settings()
    serve(settings, host=host, port=port or settings.service_port)

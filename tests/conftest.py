"""One embedded PostgreSQL per test run, one template database, a fresh clone of it for every test that asks.

Under xdist all workers share the server; each worker keeps one database name, so that dbt parses once per worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from pydantic import SecretStr

from agentmarts.settings import Settings
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up

TEST_SECRET = "a secret of the tests, known to everybody"
TEMPLATE = "am_template"


def _run_folder(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedServer:
    """The embedded server of this test run; stopped when the run ends."""
    folder = _run_folder(tmp_path_factory)
    embedded = EmbeddedServer(Settings(home=folder / "server", secret_key=SecretStr(TEST_SECRET), postgres_port=25433))
    embedded.start()
    return embedded


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server from the process that outlives all workers."""
    if hasattr(session.config, "workerinput"):
        return
    factory: pytest.TempPathFactory | None = getattr(session.config, "_tmp_path_factory", None)
    if factory is None:
        return
    home = factory.getbasetemp() / "server"
    if home.exists():
        EmbeddedServer(Settings(home=home, secret_key=SecretStr(TEST_SECRET))).stop()


def _settings(server: EmbeddedServer, database: str, home: Path) -> Settings:
    url = server.url(database).render_as_string(hide_password=False)
    return Settings(home=home, secret_key=SecretStr(TEST_SECRET), DATABASE_URL=SecretStr(url))  # type: ignore[call-arg]


def _admin(server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url("postgres").render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="session")
def template(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a migrated database that nobody writes to."""
    folder = _run_folder(tmp_path_factory)
    done = folder / "template.done"
    with FileLock(folder / "template.lock"):
        if not done.exists():
            with closing(_admin(server)) as connection:
                connection.execute(f"create database {TEMPLATE}")
            migrate_up(_settings(server, TEMPLATE, folder / "template"))
            done.touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def worker_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AGENTMARTS_HOME of this worker: dbt's parsed project stays here between tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def new_warehouse(server: EmbeddedServer, template: str, worker_home: Path) -> Callable[[], Settings]:
    """Drop this worker's warehouse and make it anew, migrated and empty."""

    def make() -> Settings:
        database = "am_test_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
        with closing(_admin(server)) as connection:
            connection.execute(f"drop database if exists {database} with (force)")
            connection.execute(f"create database {database} template {template}")
        return _settings(server, database, worker_home)

    return make


@pytest.fixture
def settings(new_warehouse: Callable[[], Settings]) -> Settings:
    """Settings of a freshly migrated, empty warehouse."""
    return new_warehouse()

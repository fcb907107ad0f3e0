"""One embedded PostgreSQL per test run, one template database, a fresh clone of it for every test that asks.

Under xdist all workers share the server; each worker keeps one database name, so that dbt parses once per worker.
"""

from __future__ import annotations

import os
import shutil
import tempfile
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
RUN_FOLDER = "AGENTMARTS_TEST_RUN_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of this run's server, before any xdist worker starts.

    It lies outside pytest's own temporary folder: every pytest session closes that to other users, and PostgreSQL, which refuses to run as root,
    is another user when the tests are run by root.
    """
    if RUN_FOLDER not in os.environ:
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="agentmarts-tests-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server from the process that outlives all workers."""
    if hasattr(session.config, "workerinput"):
        return
    folder = Path(os.environ.pop(RUN_FOLDER))
    if (folder / "server").exists():
        EmbeddedServer(_server_settings(folder)).stop()
    shutil.rmtree(folder)


def _server_settings(folder: Path) -> Settings:
    return Settings(home=folder / "server", secret_key=SecretStr(TEST_SECRET), postgres_port=25433)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder that all workers of this test run share."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def server(run_folder: Path) -> EmbeddedServer:
    """The embedded server of this test run; stopped when the run ends."""
    embedded = EmbeddedServer(_server_settings(run_folder))
    embedded.start()
    return embedded


def _settings(server: EmbeddedServer, database: str, home: Path) -> Settings:
    url = server.url(database).render_as_string(hide_password=False)
    return Settings(home=home, secret_key=SecretStr(TEST_SECRET), DATABASE_URL=SecretStr(url))  # type: ignore[call-arg]


def _admin(server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url("postgres").render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="session")
def template(server: EmbeddedServer, run_folder: Path) -> str:
    """Name of a migrated database that nobody writes to."""
    done = run_folder / "template.done"
    with FileLock(run_folder / "template.lock"):
        if not done.exists():
            with closing(_admin(server)) as connection:
                connection.execute(f"create database {TEMPLATE}")
            migrate_up(_settings(server, TEMPLATE, run_folder / "template"))
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

"""One embedded PostgreSQL per test process, one template database, a fresh clone of it for every test that asks.

Under xdist each worker has a server of its own: a transaction that is open anywhere in a server holds back the ingest windows of all its
databases, so that one worker's test would now and then hide another's rows. Each worker keeps one database name: dbt parses once.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import psutil
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from agentmarts.refresh import transform
from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings
from agentmarts.warehouse.embedded import MIGRATOR, SUPERUSER, EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up
from tests.support.marts import lean_builds
from tests.support.suite_report import SuiteReport, costly_first, counted, hand_over, spending

TEST_SECRET = "a secret of the tests, known to everybody"
TEMPLATE = "am_template"
BUILT_TEMPLATE = "am_built_template"
BUILT_AS_OF = datetime(2020, 1, 1, tzinfo=UTC)
"""Before any instant of a test."""
DATABASE = "am_test"
READING_DATABASE = "am_reading_test"
DROP_ATTEMPTS = 100
RUN_FOLDER = "AGENTMARTS_TEST_RUN_FOLDER"
MEMORY_NEEDED = 8 * 1024**3
TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="Also the long simulations and second seeds (`make nightly`).")
    parser.addoption("--note-seconds", action="store_true", help="Keep what each module took, for the order of the next runs.")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of this run's server, before any xdist worker starts.

    It lies outside pytest's own temporary folder: every pytest session closes that one to other users, and PostgreSQL, which refuses
    to run as root, is another user when the tests are run by root.
    """
    config.addinivalue_line("markers", "postgres: needs a PostgreSQL; set by itself (`make unit` leaves them out)")
    config.addinivalue_line("markers", "nightly: proves more widely what another test proves once; only with --nightly")
    config.addinivalue_line("markers", "whole_builds: refreshes run all that they run for a user, dbt's data tests included")
    lean_builds.patch()
    # What ends the run by a signal must go the same way as its end: servers stop, folders go.
    signal.signal(signal.SIGTERM, _end_the_session)
    if RUN_FOLDER not in os.environ:
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="agentmarts-tests-", dir=_memory())
        # Dagster's instances, landing folders and homes of the tests go the same way as the servers.
        os.environ["TMPDIR"] = tempfile.tempdir = str(Path(os.environ[RUN_FOLDER], "tmp"))
        Path(tempfile.tempdir).mkdir()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SuiteReport(notes_seconds=config.getoption("--note-seconds")), "suite-report")
    transform.invoke_dbt = counted(transform.invoke_dbt, "dbt")


def _memory() -> Path | None:
    """Where files need no disk, if the machine has such a place and room in it: servers and dbt's targets of a run take about 2 GB."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_NEEDED else None


def _end_the_session(number: int, frame: object) -> None:
    raise KeyboardInterrupt(f"signal {number}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL, leave what is for the night, and start with the costly modules."""
    if not config.getoption("--nightly"):
        items[:] = [item for item in items if item.get_closest_marker("nightly") is None]
    for item in items:
        if "server" in getattr(item, "fixturenames", ()) or "system" in item.path.relative_to(TESTS).parts:
            item.add_marker("postgres")
    costly_first(items)


def pytest_collection_finish() -> None:
    """Tests and modules stay: the garbage collector need not walk through them again and again."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    lean_builds.choose(lean=item.get_closest_marker("whole_builds") is None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the folder, from the process that outlives all workers; a server that a killed worker left goes first."""
    hand_over(session.config)
    if not hasattr(session.config, "workerinput"):
        folder = Path(os.environ.pop(RUN_FOLDER))
        for pid_file in folder.rglob("postmaster.pid"):
            _stop_server(pid_file)
        shutil.rmtree(folder, ignore_errors=True)


def _stop_server(pid_file: Path) -> None:
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        if process.name().startswith("postgres"):
            process.send_signal(signal.SIGQUIT)  # at once: nobody will read its data again
            process.wait(timeout=20)


@pytest.fixture(scope="module", autouse=True)
def environment_of_the_module() -> Iterator[None]:
    """What commands put into the environment of their process ends with the module that ran them in this one."""
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this test process."""
    folder = Path(os.environ[RUN_FOLDER]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def server(run_folder: Path) -> Iterator[EmbeddedServer]:
    """The embedded server of this test process."""
    embedded = EmbeddedServer(Settings(home=run_folder / "server", secret_key=SecretStr(TEST_SECRET), postgres_port=25433))
    with spending("servers"):
        embedded.start()
        _set_safety(embedded, "off")
        _make_logins_cheap(embedded)
    yield embedded
    with spending("servers"):
        embedded.stop()


def _set_safety(server: EmbeddedServer, value: str) -> None:
    superuser = server.url("postgres", SUPERUSER).render_as_string(hide_password=False)
    with closing(psycopg.connect(superuser, autocommit=True)) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"alter system set {setting} = {value}")
        connection.execute("select pg_reload_conf()")
        while connection.execute("show fsync").fetchone() != (value,):
            time.sleep(0.05)


def _make_logins_cheap(server: EmbeddedServer) -> None:
    """4,096 rounds of hashing protect passwords of people; thousands of tests log in, each several times, with random ones."""
    superuser = server.url("postgres", SUPERUSER)
    with closing(psycopg.connect(superuser.render_as_string(hide_password=False), autocommit=True)) as connection:
        connection.execute("alter system set scram_iterations = 1")
        connection.execute("select pg_reload_conf()")
        while connection.execute("show scram_iterations").fetchone() != ("1",):
            time.sleep(0.05)
        for role in (SUPERUSER, MIGRATOR):
            password = sql.Literal(server.url("postgres", role).password)
            connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), password))


@pytest.fixture
def safe_server(server: EmbeddedServer) -> Iterator[None]:
    """The server as it is for a user. Other tests do without: nobody pulls the plug, and cloning a database waits for the disk."""
    _set_safety(server, "on")
    yield
    _set_safety(server, "off")


def _settings(server: EmbeddedServer, database: str, home: Path) -> Settings:
    url = server.url(database).render_as_string(hide_password=False)
    return Settings(home=home, secret_key=SecretStr(TEST_SECRET), DATABASE_URL=SecretStr(url))  # type: ignore[call-arg]


def _admin(server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.url("postgres").render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="session")
def template(server: EmbeddedServer, run_folder: Path) -> str:
    """Name of a migrated database that nobody writes to."""
    with closing(_admin(server)) as connection:
        connection.execute(f"create database {TEMPLATE}")
    migrate_up(_settings(server, TEMPLATE, run_folder / "template"))
    return TEMPLATE


def _drop(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    for attempt in range(DROP_ATTEMPTS):
        try:
            connection.execute(f"drop database if exists {database} with (force)")
            return
        except psycopg.errors.InsufficientPrivilege:
            # An autovacuum worker is at work in it, and only a superuser may end that one; it takes a moment.
            if attempt == DROP_ATTEMPTS - 1:
                raise
            time.sleep(0.1)


def _warehouse_maker(server: EmbeddedServer, template: str, run_folder: Path, database: str = DATABASE) -> Callable[[], Settings]:
    def make() -> Settings:
        with spending("cloning"), closing(_admin(server)) as connection:
            _drop(connection, database)
            # Copying files is three times as fast as PostgreSQL's other way, on a server that waits for no disk.
            connection.execute(f"create database {database} template {template} strategy file_copy")
        return _settings(server, database, run_folder / "home")

    return make


@pytest.fixture(scope="session")
def new_warehouse(server: EmbeddedServer, template: str, run_folder: Path) -> Callable[[], Settings]:
    """Drop this process's warehouse and make it anew, migrated and empty; AGENTMARTS_HOME, with the parsed dbt project, stays."""
    return _warehouse_maker(server, template, run_folder)


@pytest.fixture(scope="session")
def built_template(server: EmbeddedServer, new_warehouse: Callable[[], Settings]) -> str:
    """Name of a migrated database in which every model was built and published once, without a row.

    Built under the name and with the AGENTMARTS_HOME of all warehouses: dbt parses once.
    """
    refresh(new_warehouse(), as_of=BUILT_AS_OF)
    with closing(_admin(server)) as connection:
        connection.execute(f"alter database {DATABASE} rename to {BUILT_TEMPLATE}")
    return BUILT_TEMPLATE


@pytest.fixture(scope="session")
def new_built_warehouse(server: EmbeddedServer, built_template: str, run_folder: Path) -> Callable[[], Settings]:
    """Like new_warehouse, but built and published once before any fact: the next refresh is incremental, and takes a third of the time."""
    return _warehouse_maker(server, built_template, run_folder)


@pytest.fixture(scope="module")
def reading_settings(server: EmbeddedServer, template: str, run_folder: Path) -> Settings:
    """Settings of a migrated warehouse for those tests of a module that only read, beside the one that others make anew."""
    return _warehouse_maker(server, template, run_folder, READING_DATABASE)()


@pytest.fixture
def settings(new_warehouse: Callable[[], Settings]) -> Settings:
    """Settings of a freshly migrated, empty warehouse."""
    return new_warehouse()


@pytest.fixture
def built_warehouse(new_built_warehouse: Callable[[], Settings]) -> Settings:
    """Settings of a warehouse that was built and published once, before any fact."""
    return new_built_warehouse()

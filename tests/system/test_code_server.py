"""The code server: workers forked from a process that is warm, definitions read anew without a second process, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import ExecuteExternalJobArgs, StartRunResult
from dagster._serdes import deserialize_value

from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.supervisor import dagster_environment, write_workspace
from agentmarts.warehouse.connection import Role, connect
from dagster_project.code_server import WARM_IMPORTS
from dagster_project.definitions import definitions
from dagster_project.pooled_storage import engine_of
from tests.support.dagster_runs import pointed_at

START_SECONDS = 120
END_SECONDS = 60
"""One that is told to end while it loads the project loads it to its end."""


@dataclass(frozen=True)
class CodeServer:
    process: psutil.Process
    socket: Path
    client: DagsterGrpcClient

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@pytest.fixture(scope="module")
def environment(new_warehouse: Callable[[], Settings]) -> Iterator[Settings]:
    """A warehouse that also holds Dagster's tables, and DAGSTER_HOME, all in the environment."""
    settings = new_warehouse()
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    with pointed_at(settings, **{**dagster_environment(settings), "AGENTMARTS_DAGSTER_URL": url}):
        yield settings
    engine_of(url).dispose()
    engine_of.cache_clear()


@contextmanager
def started(settings: Settings) -> Iterator[CodeServer]:
    _, socket = write_workspace(settings)
    socket.parent.mkdir(exist_ok=True)
    socket.unlink(missing_ok=True)
    command = ["-m", "dagster_project.code_server", "--socket", str(socket), "--module-name", "dagster_project.definitions"]
    process = subprocess.Popen(
        [sys.executable, *command, "--location-name", "agentmarts"], cwd=PROJECT_ROOT, env=dict(os.environ), stdin=subprocess.DEVNULL
    )
    one = CodeServer(psutil.Process(process.pid), socket, DagsterGrpcClient(socket=str(socket)))
    try:
        wait_until(lambda: socket.exists() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None
        yield one
    finally:
        family = one.family() if one.process.is_running() else []
        process.kill()
        process.wait()
        psutil.wait_procs(family, timeout=END_SECONDS)


@pytest.fixture(scope="module")
def code_server(environment: Settings) -> Iterator[CodeServer]:
    """One server for the tests that leave it running."""
    with started(environment) as server:
        yield server


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def launch(instance: dg.DagsterInstance, server: CodeServer, job: str) -> dg.DagsterRun:
    location = GrpcServerCodeLocationOrigin(host="localhost", socket=str(server.socket), location_name="agentmarts")
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job)
    definition = definitions().get_repository_def().get_job(job)
    run = instance.create_run_for_job(definition, status=dg.DagsterRunStatus.STARTING)
    arguments = ExecuteExternalJobArgs(job_origin=origin, run_id=run.run_id, instance_ref=instance.get_ref())
    result = deserialize_value(server.client.start_run(arguments), StartRunResult)
    assert result.success, result
    return run


def test_a_run_is_forked_from_the_warm_process_and_ends_well(code_server: CodeServer) -> None:
    (fork_server,) = [child for child in code_server.process.children() if child.cmdline() == code_server.process.cmdline()]
    with dg.DagsterInstance.get() as instance:
        run = launch(instance, code_server, "land")
        pids = {event.engine_event_data.metadata["pid"].value for event in engine_events(instance, run.run_id)}
        parents = {child.pid for child in fork_server.children()}
        wait_until(lambda: instance.get_run_by_id(run.run_id).is_finished, 60)  # type: ignore[union-attr]
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.SUCCESS  # type: ignore[union-attr]
    assert {int(str(pid)) for pid in pids} & parents, "the worker is a child of the warm process"
    assert fork_server.num_threads() == 1, "a fork would lack its other threads"


def engine_events(instance: dg.DagsterInstance, run_id: str) -> list[dg.DagsterEvent]:
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    return [event for event in events if "pid" in event.engine_event_data.metadata]


def test_reloading_loads_the_definitions_again_in_the_same_process(code_server: CodeServer) -> None:
    before = code_server.client.get_server_id(timeout=30)
    code_server.client.reload_code(timeout=60)
    assert code_server.client.get_server_id(timeout=30) != before
    assert "__repository__" in code_server.client.list_repositories()
    assert len(code_server.family()) == 3, "the server, the warm process and Python's resource tracker"


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_nothing_is_left_of_a_code_server_that_ended(environment: Settings, how: str) -> None:
    with started(environment) as server:
        family = server.family()
        assert len(family) >= 2
        getattr(server.process, how)()
        _, left = psutil.wait_procs(family, timeout=END_SECONDS)
        assert left == []


def test_all_instances_of_a_process_share_connections_and_outlive_the_servers_restart(environment: Settings) -> None:
    engine_of.cache_clear()  # as in a process that has opened none
    with dg.DagsterInstance.get() as one, dg.DagsterInstance.get() as other:
        runs = len(one.get_runs())
        with one.run_storage.connect() as connection:  # type: ignore[attr-defined]
            (pid,) = connection.exec_driver_sql("select pg_backend_pid()").one()
        with other.run_storage.connect() as connection:  # type: ignore[attr-defined]
            assert connection.exec_driver_sql("select pg_backend_pid()").one() == (pid,)
            with connect(environment, Role.MIGRATOR) as killer:
                killer.execute("select pg_terminate_backend(%s)", (pid,))
        assert len(other.get_runs()) == runs


def test_the_warm_imports_bring_nothing_of_the_project_and_no_thread() -> None:
    script = (
        "import importlib, os, sys\n"
        f"[importlib.import_module(name) for name in {WARM_IMPORTS!r}]\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('agentmarts', 'dagster_project', 'demo')]\n"
        "import psutil; assert psutil.Process().num_threads() == 1"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

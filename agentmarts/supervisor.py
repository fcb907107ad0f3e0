"""The long-running processes of an installation: Dagster (code server, UI, daemon) and the service, kept alive by one supervisor.

Dagster's three are started one by one: `dagster dev` would add two more that do nothing but watch over them.

`agentmarts up` starts the supervisor in the background; it also brings the embedded PostgreSQL back when that was killed.
Its own state is `AGENTMARTS_HOME/run/supervisor.json`.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import psutil

from agentmarts.companions import adopt_environment, noted_companions
from agentmarts.settings import PROJECT_ROOT, Settings, load_settings
from agentmarts.warehouse.databases import dagster_database_url
from agentmarts.warehouse.embedded import EmbeddedServer, free_port

log = logging.getLogger("agentmarts.supervisor")

CHECK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STABLE_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 20.0
LONGEST_SOCKET_PATH = 100
"""The system allows 104 to 108 bytes."""


@dataclass(frozen=True)
class Running:
    """What the supervisor keeps alive: its process id and the addresses people open."""

    pid: int
    started: float
    """Start time of the process in seconds since the epoch: a process id alone may be somebody else's by now."""
    ui_url: str | None
    service_url: str | None


def state_path(settings: Settings) -> Path:
    """Where the supervisor notes itself."""
    return settings.home_path / "run" / "supervisor.json"


def running(settings: Settings) -> Running | None:
    """The supervisor of this installation, if it is alive."""
    try:
        state = Running(**json.loads(state_path(settings).read_text()))
        process = psutil.Process(state.pid)
    except (OSError, ValueError, TypeError, psutil.NoSuchProcess):
        return None
    return state if abs(process.create_time() - state.started) < 2 and process.status() != psutil.STATUS_ZOMBIE else None


def start(settings: Settings, *, automation: str) -> Running:
    """Start the supervisor in the background, on free ports, and return at once; with one alive already, return that."""
    alive = running(settings)
    if alive is not None:
        return alive
    ui_port, service_port = free_port(settings.ui_port), free_port(settings.service_port)
    logs = settings.home_path / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    state_path(settings).parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "AGENTMARTS_HOME": str(settings.home_path), "AGENTMARTS_AUTOMATION": automation}
    with (logs / "supervisor.log").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "agentmarts.supervisor", str(ui_port), str(service_port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=PROJECT_ROOT,
            env=environment,
            start_new_session=True,
        )
    state = Running(
        process.pid, psutil.Process(process.pid).create_time(), f"http://127.0.0.1:{ui_port}", f"http://127.0.0.1:{service_port}"
    )
    state_path(settings).write_text(json.dumps(asdict(state)))
    return state


def stop(settings: Settings) -> bool:
    """Stop the supervisor and everything it runs; returns whether there was one."""
    alive = running(settings)
    if alive is None:
        return False
    process = psutil.Process(alive.pid)
    family = [process, *process.children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    _, left = psutil.wait_procs(family, timeout=STOP_TIMEOUT_SECONDS)
    for one in left:
        one.kill()
    state_path(settings).unlink(missing_ok=True)
    return True


def write_dagster_home(settings: Settings) -> Path:
    """Write dagster.yaml into AGENTMARTS_HOME/dagster and return the folder (DAGSTER_HOME)."""
    folder = settings.home_path / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text(DAGSTER_YAML)
    return folder


DAGSTER_YAML = """\
# Written by `agentmarts up`.
telemetry: {enabled: false}
nux: {enabled: false}
storage:
  custom:
    module: dagster_project.pooled_storage
    class: PooledPostgresStorage
    config: {postgres_url: {env: AGENTMARTS_DAGSTER_URL}}
run_coordinator: {module: dagster.core.run_coordinator, class: QueuedRunCoordinator, config: {dequeue_interval_seconds: 1}}
concurrency: {runs: {max_concurrent_runs: 4}, pools: {default_limit: 1, granularity: run}}
# It looks only at runs that take too long; runs whose worker is gone are found by the sensor `reap_orphans`.
run_monitoring: {enabled: true, start_timeout_seconds: 60, cancel_timeout_seconds: 60, max_runtime_seconds: 7200, poll_interval_seconds: 20}
# One sensor may wait for rows while others look at theirs.
sensors: {use_threads: true, num_workers: 4}
# Nothing here declares a freshness policy or an automation condition: the daemons for them would only poll.
freshness: {enabled: false}
auto_materialize: {enabled: false, use_sensors: false}
# Only crashes are retried, not failing tests.
run_retries: {enabled: true, max_retries: 2, retry_on_asset_or_op_failure: false}
"""


def write_workspace(settings: Settings) -> tuple[Path, Path]:
    """Write AGENTMARTS_HOME/dagster/workspace.yaml, which names the code server's socket; returns the file and the socket.

    A socket, because a port would let every user of this machine start runs.
    """
    socket = settings.home_path / "run" / "code_server.sock"
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        socket = Path(tempfile.mkdtemp(prefix="agentmarts-")) / socket.name
    # Of an earlier supervisor: it would look as if the code server were up already.
    socket.unlink(missing_ok=True)
    workspace = settings.home_path / "dagster" / "workspace.yaml"
    workspace.parent.mkdir(parents=True, exist_ok=True)
    workspace.write_text(json.dumps({"load_from": [{"grpc_server": {"socket": str(socket), "location_name": "agentmarts"}}]}))
    return workspace, socket


def dagster_environment(settings: Settings) -> dict[str, str]:
    """Environment of Dagster's processes; holds a password: pass it on, never print it."""
    return {
        "DAGSTER_HOME": str(write_dagster_home(settings)),
        "AGENTMARTS_DAGSTER_URL": dagster_database_url(settings).render_as_string(hide_password=False),
        "AGENTMARTS_HOME": str(settings.home_path),
        "DO_NOT_TRACK": "1",
    }


class Child:
    """One process, started again whenever it ends, after a pause that doubles while it keeps failing."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log_file: Path, *, needs: Path | None = None) -> None:
        self.name, self.command, self.environment, self.log_file = name, command, environment, log_file
        self.needs = needs
        """What must exist before it is of use."""
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = 0.0
        self.started = 0.0

    def keep_alive(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            lived = time.monotonic() - self.started
            self.pause = 1.0 if lived > STABLE_SECONDS else min(LONGEST_PAUSE_SECONDS, max(1.0, self.pause * 2))
            if lived < self.pause:
                return
            log.warning("%s ended with code %s after %.0f s: starting it again", self.name, self.process.returncode, lived)
        self.started = time.monotonic()
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=PROJECT_ROOT,
                env=dict(self.environment),
                start_new_session=True,
            )

    def family(self) -> list[psutil.Process]:
        """The process, if it is alive, and its descendants."""
        if self.process is None or self.process.poll() is not None:
            return []
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]


def stop_all(children: Sequence[Child]) -> None:
    """Ask all processes to end, all at once, as some wait for others; what does not end is killed, with whatever it had started."""
    family = [process for child in children for process in child.family()]
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    _, left = psutil.wait_procs(family, timeout=STOP_TIMEOUT_SECONDS / 2)
    for one in left:
        one.kill()


def _postmaster(server: EmbeddedServer) -> psutil.Process | None:
    try:
        return psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def _is_alive(process: psutil.Process | None) -> bool:
    """Whether it runs and is still the process it was, not another with its number."""
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def supervise(settings: Settings, ui_port: int, service_port: int) -> None:
    """Run until SIGTERM or SIGINT: keep PostgreSQL (when embedded), Dagster and the service alive."""
    stopping = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    server = EmbeddedServer(settings) if settings.database_url is None else None
    postmaster: psutil.Process | None = None
    if server is not None:
        server.start()
    logs = settings.home_path / "logs"
    companions = noted_companions(settings)
    adopt_environment(settings)
    # Python's threads else get a heap each from the C library, which is never given back.
    environment = {**os.environ, **dagster_environment(settings), "MALLOC_ARENA_MAX": "2"}
    programs = Path(sys.executable).parent
    workspace, socket = write_workspace(settings)
    code_server_command = [
        *(sys.executable, "-m", "dagster_project.code_server", "--socket", str(socket), "--module-name", "dagster_project.definitions"),
        *("--location-name", "agentmarts", "--lazy-load-user-code", "--inject-env-vars-from-instance"),
    ]
    webserver_command = [str(programs / "dagster-webserver"), "-w", str(workspace), "-h", "127.0.0.1", "-p", str(ui_port)]
    daemon_command = [str(programs / "dagster-daemon"), "run", "-w", str(workspace)]
    service_command = [str(programs / "agentmarts"), "serve", "--port", str(service_port)]
    children = [
        *(Child(one.name, [sys.executable, *one.command], os.environ, logs / f"{one.name}.log") for one in companions),
        Child("service", service_command, environment, logs / "service.log"),
        Child("code server", code_server_command, environment, logs / "dagster.log"),
        Child("webserver", webserver_command, environment, logs / "dagster.log", needs=socket),
        Child("daemon", daemon_command, environment, logs / "dagster.log", needs=socket),
    ]
    try:
        while not stopping.wait(CHECK_SECONDS):
            try:
                # To ask PostgreSQL's own program costs a process every time.
                if server is not None and not _is_alive(postmaster):
                    if server.start():
                        log.warning("PostgreSQL was gone: started it again")
                    postmaster = _postmaster(server)
            except Exception:
                log.exception("PostgreSQL does not start")
                continue
            for child in children:
                if child.needs is None or child.needs.exists():
                    child.keep_alive()
    finally:
        stop_all(children)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    supervise(load_settings(), int(sys.argv[1]), int(sys.argv[2]))

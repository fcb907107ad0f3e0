"""`python -m dagster_project.code_server --socket …`: Dagster's code server, with workers that start warm.

Dagster starts every run in a fresh interpreter, which spends most of its first seconds importing Dagster and dbt. Here one process
imports both, once, and every run is forked from it. The project's own code is not among what it imports: a run always reads that
from the disk.
"""

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import uuid
from collections.abc import Sequence
from multiprocessing import forkserver, util
from types import FrameType
from typing import Any

from dagster._cli.api import grpc_command
from dagster._grpc import server
from dagster._utils.error import serializable_error_info_from_exc_info

PROJECT_PACKAGES = ("agentmarts", "dagster_project", "demo")
WARM_IMPORTS = (
    "dagster._core.execution.api",
    "dagster._grpc.impl",
    "dagster_dbt",
    "dagster_postgres",
    "dbt.graph",
    "fsspec",
    "httpx",
    "msgspec",
    "psycopg",
    "pydantic_settings",
)
"""What every run needs and no run changes. Nothing here may start a thread: the workers are forks, which would lack it."""


END_SECONDS = 10.0
"""So long an interrupt may take to end the process; the calls under way get one second."""


def end_in_any_case(_signal: int, _frame: FrameType | None) -> None:
    """Interrupt as Python does. While gRPC starts, its callbacks swallow the exception, and nobody would ask again: then end without it."""
    timer = threading.Timer(END_SECONDS, os._exit, (0,))
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def fork_the_fork_server() -> None:
    """Make this process, as it is now, the one that workers are forked from; what it has imported is then in memory once, not twice.

    Called before anything starts a thread. Where Python's fork server starts in another way than this expects, it imports for itself.
    """
    for name in WARM_IMPORTS:
        importlib.import_module(name)
    multiprocessing.set_forkserver_preload(list(WARM_IMPORTS))
    gc.collect()
    # A collection writes into every object it looks at, and a page that is written to is no longer shared.
    gc.freeze()
    spawn = util.spawnv_passfds
    util.spawnv_passfds = _fork  # type: ignore[assignment]
    try:
        forkserver.ensure_running()
    finally:
        util.spawnv_passfds = spawn


def _fork(_path: bytes, _arguments: Sequence[bytes], descriptors: Sequence[int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    # It ends when the other end of a pipe is closed, of which it must not hold a copy.
    for descriptor in range(3, 256):
        if descriptor not in descriptors:
            try:
                os.close(descriptor)
            except OSError:
                continue
    # From Python 3.14 on a third descriptor brings a key.
    key = {"authkey_r": descriptors[2]} if len(descriptors) > 2 else {}
    try:
        forkserver.main(descriptors[0], descriptors[1], [], **key)
    finally:
        os._exit(0)


class CodeServer(server.DagsterApiServer):
    """As its base, but forks the workers, and `Reload definitions` in the UI reads the project anew, which else takes a second process."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._reloadable = {
            "loadable_target_origin": arguments["loadable_target_origin"],
            "entry_point": self._entry_point,
            "container_image": self._container_image,
            "container_context": self._container_context,
            "code_location_name": arguments["location_name"],
        }
        self._mp_ctx = multiprocessing.get_context("forkserver")  # type: ignore[assignment]

    def ReloadCode(self, _request: Any, _context: Any) -> server.dagster_api_pb2.ReloadCodeReply:
        """Load the project from the disk again; runs that are under way keep what they started with."""
        with self._reload_lock:
            for name in [name for name in sys.modules if name.partition(".")[0] in PROJECT_PACKAGES and name != __name__]:
                del sys.modules[name]
            importlib.invalidate_caches()
            try:
                self._loaded_repositories = server.LoadedRepositories(**self._reloadable)
                self._serializable_load_error = None
            except Exception:
                self._logger.exception("the definitions do not load")
                self._loaded_repositories = None
                self._serializable_load_error = serializable_error_info_from_exc_info(sys.exc_info())
            # The daemon and the UI notice by it that what they know is old.
            self._server_id = str(uuid.uuid4())
        return server.dagster_api_pb2.ReloadCodeReply()


if __name__ == "__main__":
    # Else an evaluation that watches for rows holds up the end.
    os.environ.setdefault("DAGSTER_GRPC_SHUTDOWN_GRACE_PERIOD", "1")
    fork_the_fork_server()
    server.DagsterApiServer = CodeServer  # type: ignore[misc]
    # Dagster takes the handler of SIGINT for SIGTERM too.
    signal.signal(signal.SIGINT, end_in_any_case)
    try:
        grpc_command(standalone_mode=False)
    finally:
        # Python would wait for the threads of calls that were cut off.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

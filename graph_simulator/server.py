"""Runs a simulator as a real HTTP server on 127.0.0.1: in a thread for tests, or for good."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from graph_simulator.http.app import create_simulator
from graph_simulator.simulator import Simulator
from graph_simulator.world.world import World

HOST = "127.0.0.1"
_START_SECONDS = 30


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._on_ready()


@contextmanager
def running(world: World) -> Iterator[str]:
    """A simulator of this world on a free port: yields its base URL once it answers, stops it after. RuntimeError if it doesn't start."""
    listener = _listen(0)
    ready = threading.Event()
    server = _Server(_config(create_simulator(world)), ready.set)
    thread = threading.Thread(target=server.run, args=([listener],), name="graph-simulator", daemon=True)
    thread.start()
    try:
        if not ready.wait(_START_SECONDS):
            raise RuntimeError("the Graph simulator did not start")
        yield address(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def serve(world: World, port: int, on_ready: Callable[[str], None], *, follow: bool = False) -> None:
    """Run until interrupted. `port` 0: any free one. `on_ready` gets the base URL. `follow`: the present is the wall clock's."""
    listener = _listen(port)
    app = create_simulator(world)
    simulator: Simulator = app.state.simulator

    async def tick() -> None:
        simulator.move_to(int(time.time()))

    config = _config(app)
    config.callback_notify, config.timeout_notify = tick, 1
    if follow:
        simulator.follows_wall_clock = True
        simulator.move_to(int(time.time()))
    _Server(config, lambda: on_ready(address(listener))).run([listener])


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def _config(app: Starlette) -> uvicorn.Config:
    # Access logs would show tokens of addresses, and a cut connection is no error here.
    return uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1)

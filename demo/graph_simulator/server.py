"""Runs a simulator as a real HTTP server on 127.0.0.1: in a thread for tests, or for good."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from .app import create_simulator
from .world import World

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
    server = _Server(_config(world), ready.set)
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


def serve(world: World, port: int, on_ready: Callable[[str], None]) -> None:
    """Run until interrupted. `port` 0: any free one. `on_ready` gets the base URL."""
    listener = _listen(port)
    _Server(_config(world), lambda: on_ready(address(listener))).run([listener])


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def _config(world: World) -> uvicorn.Config:
    # Access logs would show tokens of addresses, and a cut connection is no error here.
    return uvicorn.Config(create_simulator(world), log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1)

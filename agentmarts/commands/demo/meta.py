"""The demo's Meta: a simulator in a process of its own, with one Facebook Page and one Instagram account."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from agentmarts import supervisor
from agentmarts.companions import Companion, adopt_environment, note_companions, noted_companions
from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.embedded import free_port

if TYPE_CHECKING:
    from graph_simulator.world.world import World

FIRST_PORT = 8077
PULLED_DAYS = 10
"""Since so many days before the first demo the accounts count as connected. Of posts Meta tells only totals: days need several pulls."""
SEED, POSTS, HISTORY_DAYS = 7, 60, 120
TOKEN_REF = "demo"  # noqa: S105 - the name of a token
ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class SimulatedMeta:
    """A simulator that runs: its world, and its address."""

    world: World
    base_url: str

    @cached_property
    def _http(self) -> httpx.Client:
        # One for all calls, and without certificates: the simulator is this machine's own, and reading them is slow.
        return httpx.Client(base_url=self.base_url, timeout=ANSWER_SECONDS, trust_env=False, verify=False)

    def move_clock(self, to: dict[str, Any]) -> None:
        """Set the simulator's present: `{"to": instant}`, or `{"follow": True}` for the wall clock from now on."""
        self._http.post("/_control/clock", json=to).raise_for_status()

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return self._http.get("/_control/clock").is_success
        except httpx.TransportError:
            return False


@contextmanager
def simulated_meta(settings: Settings, connected_on: date) -> Iterator[SimulatedMeta]:
    """A simulated Meta; while it runs, this process's environment and that of its children know how to reach it.

    Its world is laid out around the day on which the accounts were connected, so that every start makes the same one. It is noted for
    the supervisor, which runs it from its next start on; one that the supervisor runs already is used as it is.
    """
    clock = f"{connected_on + timedelta(days=PULLED_DAYS)}T00:00:00Z"
    world = _world(clock)
    if supervisor.running(settings) and noted_companions(settings):
        adopt_environment(settings)
        yield SimulatedMeta(world, os.environ["AGENTMARTS_GRAPH_BASE_URL"])
        return
    port = free_port(FIRST_PORT)
    meta = SimulatedMeta(world, f"http://127.0.0.1:{port}")
    arguments = {"--port": port, "--seed": SEED, "--clock": clock, "--posts": POSTS, "--days": HISTORY_DAYS}
    command = ("-m", "graph_simulator", *(str(part) for pair in arguments.items() for part in pair))
    environment = {
        "AGENTMARTS_GRAPH_BASE_URL": meta.base_url,
        "AGENTMARTS_GRAPH_APP_ID": world.app_id,
        "AGENTMARTS_GRAPH_APP_SECRET": world.app_secret,
        f"AGENTMARTS_GRAPH_TOKEN_{TOKEN_REF.upper()}": world.token("system"),
    }
    note_companions(settings, [Companion("meta_simulator", (*command, "--follow"), environment)])
    os.environ.update(environment)
    with (settings.home_path / "logs" / "meta_simulator.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=PROJECT_ROOT
        )
    try:
        _wait_until_it_answers(process, meta)
        yield meta
    finally:
        process.terminate()
        process.wait()


def _world(clock: str) -> World:
    from graph_simulator.world.build import Size, build_world

    return build_world(SEED, clock, Size(posts=POSTS, history_days=HISTORY_DAYS))


def _wait_until_it_answers(process: subprocess.Popen[bytes], meta: SimulatedMeta) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if meta.answers():
            return
        time.sleep(0.1)
    raise RuntimeError(
        "the simulated Meta does not answer: see logs/meta_simulator.log in AGENTMARTS_HOME, then run `agentmarts demo` again"
    )

"""One world for all tests of the simulator, and one server a module; every test starts with the simulator as it was at first."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from graph_simulator.server import running
from graph_simulator.world.build import Size, build_world
from graph_simulator.world.world import World
from tests.support.facts.simulated_graph import Graph


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(seed=7)


@pytest.fixture(scope="session")
def odd_world() -> World:
    """Two years long; its accounts have few followers, its oldest media are older than the professional account; a second page."""
    size = Size(pages=2, history_days=800, posts=60, followers=40, growth=0.0, views_per_post=20, stories=30, media_before_conversion=3)
    return build_world(seed=11, size=size)


@pytest.fixture(scope="module")
def _server(world: World) -> Iterator[Graph]:
    with running(world) as url, httpx.Client(base_url=url) as http:
        yield Graph(world, http)


@pytest.fixture(scope="module")
def _odd_server(odd_world: World) -> Iterator[Graph]:
    with running(odd_world) as url, httpx.Client(base_url=url) as http:
        yield Graph(odd_world, http)


@pytest.fixture
def graph(_server: Graph) -> Graph:
    _server.steer("reset")
    _server.version = "v25.0"
    return _server


@pytest.fixture
def odd(_odd_server: Graph) -> Graph:
    _odd_server.steer("reset")
    _odd_server.version = "v25.0"
    return _odd_server

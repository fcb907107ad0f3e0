"""Simulators and collectors for the tests of the collector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentmarts.meta_graph.planning import windows
from agentmarts.settings import Settings
from graph_simulator.world.build import DEFAULT_CLOCK, Size
from tests.support.meta_graph.collecting import SMALL, Collector, Graphs, MakeCollector, a_collector


@pytest.fixture(scope="session")
def graphs() -> Iterator[Graphs]:
    """Simulators, started when they are first wanted."""
    found = Graphs()
    yield found
    found.close()


@pytest.fixture
def short_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new account asks for some days only: most tests are not about the past."""
    for group in windows.BACKFILL_DAYS:
        monkeypatch.setitem(windows.BACKFILL_DAYS, group, 10)


@pytest.fixture
def collector_of(settings: Settings, graphs: Graphs, monkeypatch: pytest.MonkeyPatch) -> MakeCollector:
    """Makes the collector of a fresh warehouse and a simulator as it was in the beginning."""

    def make(size: Size = SMALL, clock: str = DEFAULT_CLOCK, *, timezone: str = "UTC") -> Collector:
        return a_collector(settings, graphs.of(size, clock), monkeypatch, timezone=timezone)

    return make


@pytest.fixture
def collector(collector_of: MakeCollector, short_past: None) -> Collector:
    """A small world with one Page and one Instagram account."""
    return collector_of()

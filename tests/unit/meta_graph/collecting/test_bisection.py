"""Bisecting a rejected request: the dead are found, nobody alive is lost, and it stays cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.collecting.asking import ask_parts
from agentmarts.meta_graph.fault import Fault

REFUSED = Fault("deprecated_metric", "The value must be a valid insights metric")


@given(st.integers(1, 40), st.data())
def test_the_dead_are_found_and_the_living_answered_once(count: int, data: st.DataObject) -> None:
    metrics = tuple(f"m{number}" for number in range(count))
    dead = data.draw(st.sets(st.sampled_from(metrics), min_size=1))
    answered: Counter[str] = Counter()
    calls = 0

    def send(asked: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        nonlocal calls
        calls += 1
        if dead & set(asked):
            return REFUSED
        answered.update(asked)
        return None

    assert set(ask_parts(metrics, REFUSED, send).refused) == dead
    assert answered == Counter(metric for metric in metrics if metric not in dead)
    if len(dead) == 1:
        assert calls <= 2 * ceil(log2(count)) if count > 1 else calls == 0


def test_one_of_twenty_costs_at_most_ten_requests() -> None:
    metrics = tuple(f"m{number}" for number in range(20))
    for dead in metrics:
        asked: list[Sequence[str]] = []

        def send(
            some: Sequence[str], *, metric_type: str | None = None, asked: list[Sequence[str]] = asked, dead: str = dead
        ) -> Fault | None:
            asked.append(some)
            return REFUSED if dead in some else None

        assert list(ask_parts(metrics, REFUSED, send).refused) == [dead]
        assert len(asked) <= 10

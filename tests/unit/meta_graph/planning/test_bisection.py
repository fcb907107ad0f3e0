"""Bisecting a rejected request: the dead are found, nobody alive is lost, and it stays cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.collecting.asking import deprecated_among


@given(st.integers(1, 40), st.data())
def test_the_dead_are_found_and_the_living_answered_once(count: int, data: st.DataObject) -> None:
    metrics = [f"m{number}" for number in range(count)]
    dead = data.draw(st.sets(st.sampled_from(metrics), min_size=1))
    answered: Counter[str] = Counter()
    calls = 0

    def accepts(asked: Sequence[str]) -> bool:
        nonlocal calls
        calls += 1
        if dead & set(asked):
            return False
        answered.update(asked)
        return True

    assert deprecated_among(metrics, accepts) == [metric for metric in metrics if metric in dead]
    assert answered == Counter(metric for metric in metrics if metric not in dead)
    if len(dead) == 1:
        assert calls <= 2 * ceil(log2(count)) if count > 1 else calls == 0


def test_one_of_twenty_costs_at_most_ten_requests() -> None:
    metrics = [f"m{number}" for number in range(20)]
    for dead in metrics:
        asked: list[Sequence[str]] = []

        def accepts(some: Sequence[str], asked: list[Sequence[str]] = asked, dead: str = dead) -> bool:
            asked.append(some)
            return dead not in some

        assert deprecated_among(metrics, accepts) == [dead]
        assert len(asked) <= 10

"""When posts, media and stories are sampled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.planning.slots import AGES, age_slot, day_slot, is_young, story_slot

PUBLISHED = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "slot"),
    [
        (0, None), (0.99, None), (1, "age:1h"), (5.9, "age:1h"), (6, "age:6h"), (24, "age:24h"), (47, "age:24h"), (48, "age:48h"),
        (72, "age:72h"), (167, "age:72h"), (168, "age:7d"), (14 * 24, "age:14d"), (28 * 24, "age:28d"), (35 * 24, "age:35d"),
        (90 * 24, "age:84d"), (120 * 24, "age:120d"), (730 * 24, "age:720d"), (731 * 24, None),
    ],
)  # fmt: skip
def test_the_newest_age_reached(hours: float, slot: str | None) -> None:
    assert age_slot(PUBLISHED, PUBLISHED + timedelta(hours=hours)) == slot


def test_what_lies_ahead_has_no_slot() -> None:
    assert age_slot(PUBLISHED, PUBLISHED - timedelta(hours=1)) is None
    assert story_slot(PUBLISHED, PUBLISHED - timedelta(hours=1)) is None


@given(st.integers(0, 731 * 24 * 60), st.integers(0, 60 * 24))
def test_slots_only_ever_grow(minutes: int, more: int) -> None:
    """An object never returns to a slot it has left, so that each is sampled once."""
    order = [None, *(f"age:{name}" for name, _ in AGES)]
    earlier = age_slot(PUBLISHED, PUBLISHED + timedelta(minutes=minutes))
    later = age_slot(PUBLISHED, PUBLISHED + timedelta(minutes=minutes + more))
    assert order.index(later) >= order.index(earlier) or later is None


def test_ages_are_rising_and_named_once() -> None:
    lengths = [length for _, length in AGES]
    assert lengths == sorted(lengths)
    assert len({name for name, _ in AGES}) == len(AGES)


@pytest.mark.parametrize(
    ("hours", "slot"), [(3.9, None), (4, "age:4h"), (11, "age:8h"), (21.9, "age:20h"), (22, "age:22h"), (23.9, "age:22h"), (24, None)]
)
def test_stories(hours: float, slot: str | None) -> None:
    assert story_slot(PUBLISHED, PUBLISHED + timedelta(hours=hours)) == slot


def test_young_slots() -> None:
    assert [name for name, _ in AGES if is_young(f"age:{name}")] == ["1h", "6h", "24h", "48h", "72h"]
    assert not is_young("day:2026-03-01")


def test_a_day_is_local() -> None:
    assert day_slot(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Europe/Berlin") == "day:2026-03-02"
    assert day_slot(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "America/New_York") == "day:2026-03-01"

"""Stories: asked every four hours while they live, never after, and again where too few people had seen them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, Collector, MakeCollector, hours

HOUR = timedelta(hours=1)
SIZE = Size(posts=3, reels=0, stories=40, history_days=20, future_days=5, audience=300, followers=200, views_per_post=40)
UNPOPULAR = replace(SIZE, views_per_post=12)
SAMPLES = """
select object_id, sample_slot, metric, value, state, observed_at from raw.metric_observations
where group_name = 'ig_stories' order by object_id, observed_at
"""
METRICS = ("reach", "views", "replies", "total_interactions")
HOURS = 60


@pytest.fixture
def teller(collector_of: MakeCollector, short_past: None) -> Collector:
    """An Instagram account that tells about two stories a day."""
    return collector_of(SIZE)


def stories_of(collector: Collector) -> dict[str, datetime]:
    """When each story was, or will be, published."""
    return {one["id"]: datetime.fromisoformat(one["published_at"]) for one in collector.graph.ask("objects") if one["kind"] == "story"}


def test_each_story_is_sampled_at_its_ages_with_what_was_true_then(teller: Collector) -> None:
    teller.run(INSTAGRAM)
    begin = teller.graph.now()
    teller.graph.forget("journal")
    for _ in hours(teller.graph, HOURS):
        teller.run(INSTAGRAM)
    end = teller.graph.now()

    published = stories_of(teller)
    slots: dict[str, set[str]] = defaultdict(set)
    states = set()
    for object_id, slot, metric, value, state, observed_at in teller.rows(SAMPLES):
        age = observed_at - published[object_id]
        wanted = timedelta(hours=int(slot.removeprefix("age:").removesuffix("h")))
        assert wanted <= age < timedelta(hours=24)
        slots[object_id].add(slot)
        states.add(state)
        if metric in METRICS:
            true = teller.graph.truth(metric, object_id, at=observed_at.isoformat())
            viewers = teller.graph.truth("reach", object_id, at=observed_at.isoformat())
            assert (value, state) == ((None, "below_threshold") if viewers < 5 else (true, "ok")), (object_id, slot, metric)
    whole_life = [one for one, at in published.items() if begin - 3 * HOUR < at and at + timedelta(hours=24) <= end]
    assert len(whole_life) >= 3
    for one in whole_life:
        assert slots[one] == {f"age:{hour}h" for hour in (4, 8, 12, 16, 20, 22)}
    assert states == {"ok", "below_threshold"}

    journal = teller.graph.asked()
    assert sum(entry["path"].endswith("/stories") for entry in journal) == HOURS // 4
    asked = [entry for entry in journal if is_about(entry, published)]
    assert {entry["error_code"] for entry in asked} == {None, 10}, "none was asked after its end: that would be 100"
    assert teller.one("select count(*) from raw.graph_objects where is_deleted") == 0


@pytest.mark.usefixtures("short_past")
def test_too_few_viewers_is_unknown_and_asked_again(collector_of: MakeCollector) -> None:
    teller = collector_of(UNPOPULAR)
    for _ in range(HOURS // 4):
        teller.run(INSTAGRAM)
        teller.graph.advance(4 * HOUR)
    by_story: dict[str, list[str]] = defaultdict(list)
    for object_id, _, metric, value, state, _ in teller.rows(SAMPLES):
        assert (value is None) == (state == "below_threshold")
        if metric == "reach":
            by_story[object_id].append(state)
    healed = [one for one, states in by_story.items() if states[0] == "below_threshold" and states[-1] == "ok"]
    assert healed, "the same story, four hours later"
    ledger = "select distinct state, retry_after from raw.collection_ledger where group_name = 'ig_stories' and state = 'below_threshold'"
    assert teller.rows(ledger) == [("below_threshold", None)], "nobody is put into quarantine for it"


def is_about(entry: Mapping[str, Any], stories: Mapping[str, datetime]) -> bool:
    return entry["path"].split("/")[0] in stories

"""How many HTTP requests the collector sends, by the simulator's journal (graph_api.md, 4.4 and 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector, hours

MANY = Size(posts=500, reels=0, stories=0, history_days=300, future_days=1, audience=200, followers=150, views_per_post=1)
HUNDRED = Size(posts=96, reels=12, stories=24, history_days=90, future_days=8, audience=300, followers=200, views_per_post=4)
TUESDAY = "2026-03-03T12:00:00Z"
"""Three days later, on Friday, the week before is asked for once more."""
BRING_SAMPLES = ("published_posts", "batch of insights", "batch of video_insights")
"""What is sent for an object that reaches one of its first ages, beside the daily request."""


def requests_of(collector: Collector, journal: list[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """HTTP requests in their order: what each asks for, and how many items it carries. The items of a batch stand before it."""
    stories = {one["id"] for one in collector.graph.ask("objects") if one["kind"] == "story"}
    items: list[str] = []
    for entry in journal:
        if entry["batch_index"] is not None:
            items.append(entry["path"])
        elif entry["method"] == "POST":
            object_id, edge = items[0].split("/")
            kind = "stories" if object_id in stories else "the day rule" if object_id == INSTAGRAM else edge
            yield f"batch of {kind}", len(items)
            items = []
        else:
            yield entry["path"].rsplit("/", 1)[-1], 0


@pytest.mark.usefixtures("short_past")
def test_five_hundred_posts(collector_of: MakeCollector) -> None:
    collector = collector_of(MANY)
    sent = Counter(name for name, _ in requests_of(collector, collector.calls(PAGE)))
    posts = "select count(distinct object_id) from raw.metric_observations where object_type = 'post' and metric = 'post_media_view'"
    assert collector.one(posts) == 500
    assert sent["published_posts"] <= 5
    assert not [name for name in sent if name.startswith("batch")]

    journal = list(requests_of(collector, collector.calls(INSTAGRAM)))
    media = "select count(distinct object_id) from raw.metric_observations where group_name = 'ig_media_due' and metric = 'reach'"
    assert collector.one(media) >= 499, "one may be younger than an hour"
    assert Counter(name for name, _ in journal)["media"] <= 5
    batches = [items for name, items in journal if name == "batch of insights"]
    assert len(batches) <= 10
    assert sum(batches) >= 499


@pytest.mark.usefixtures("short_past")
def test_days_of_a_page_and_an_instagram_account_with_a_hundred_posts(collector_of: MakeCollector) -> None:
    """At most 24 and the stories; besides, one request for a list or batch in a tick with a checkpoint of the first 72 hours."""
    collector = collector_of(HUNDRED, TUESDAY)
    collector.run()
    list(hours(collector.graph, 23 - collector.graph.now().hour))
    collector.run()
    collector.graph.forget("journal")
    live = collector.graph.ask("objects")
    for _ in range(3):
        day: Counter[str] = Counter()
        young: Counter[str] = Counter()
        for at in hours(collector.graph, 24):
            tick = Counter(name for name, _ in requests_of(collector, collector.calls()))
            day += tick
            if at.hour:
                young += Counter({name: tick[name] for name in BRING_SAMPLES})
                assert [tick[name] <= 1 for name in BRING_SAMPLES] == [True] * 3, tick
        stories = day["stories"] + day["batch of stories"]
        assert stories <= 12
        assert day.total() - stories - young.total() <= 24, day
        assert day["insights"] >= 14
    there = Counter(one["kind"] for one in live if one["is_there"])
    assert min(there["post"], there["media"]) >= 95

"""One of the metrics of a group is killed on the server: the others arrive in the same run, at hardly any cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from agentmarts.settings import Settings
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, Graphs, a_collector, http_requests

DAY = timedelta(days=1)
FACEBOOK, ONE_MORE = 10, 1
SIZE = Size(posts=70, reels=8, stories=6, history_days=30, future_days=25, audience=300, followers=200, views_per_post=8)
"""More media than one batch holds."""


@pytest.fixture
def pair(
    new_warehouse: Callable[[], Settings], graphs: Graphs, monkeypatch: pytest.MonkeyPatch, short_past: None
) -> Callable[[str], Collector]:
    """Makes the collector of one account in an empty warehouse, from the beginning of time."""

    def make(graph_id: str) -> Collector:
        made = a_collector(new_warehouse(), graphs.of(SIZE), monkeypatch)
        made.accounts = {graph_id: made.accounts[graph_id]}
        return made

    return make


@pytest.mark.parametrize(
    ("object_type", "metric", "graph_id", "extra"),
    [
        ("page", "page_views_total", PAGE, FACEBOOK),
        ("page", "page_video_view_time", PAGE, FACEBOOK),
        ("page", "page_media_view", PAGE, FACEBOOK),
        ("post", "post_clicks_by_type", PAGE, FACEBOOK),
        ("reel", "post_video_social_actions", PAGE, FACEBOOK),
        ("ig_user", "likes", INSTAGRAM, ONE_MORE),
        ("ig_user", "follower_count", INSTAGRAM, ONE_MORE),
        ("ig_media", "shares", INSTAGRAM, ONE_MORE),
        ("ig_media", "ig_reels_avg_watch_time", INSTAGRAM, ONE_MORE),
    ],
)
def test_the_others_arrive_in_the_same_run(
    pair: Callable[[str], Collector], object_type: str, metric: str, graph_id: str, extra: int
) -> None:
    whole = pair(graph_id)
    sent = len(http_requests(whole.calls(graph_id)))
    all_facts = whole.newest()

    collector = pair(graph_id)
    collector.graph.remove(object_type, metric)
    assert len(http_requests(collector.calls(graph_id))) <= sent + extra
    facts = collector.newest()
    lost = {key[1:] for key in all_facts} - {key[1:] for key in facts}
    assert {key[2] for key in lost} == {metric}
    assert {value for key, value in facts.items()} <= set(all_facts.values()) | {(None, "empty")}
    assert all(facts[key] == value for key, value in all_facts.items() if key in facts)
    refusals = collector.rows("select distinct state, retry_after from raw.collection_ledger where retry_after is not null")
    assert refusals == [("deprecated", collector.graph.now() + 7 * DAY)]


@pytest.mark.parametrize(
    ("object_type", "metric", "graph_id"),
    [
        ("page", "page_views_total", PAGE),
        ("post", "post_clicks", PAGE),
        ("ig_user", "profile_views", INSTAGRAM),
        ("ig_media", "saved", INSTAGRAM),
    ],
)
def test_it_is_left_alone_for_a_week_then_asked_once_more(
    pair: Callable[[str], Collector], object_type: str, metric: str, graph_id: str
) -> None:
    collector = pair(graph_id)
    collector.graph.remove(object_type, metric)
    collector.run(graph_id)
    asking = []
    for days in (1, 5, 1, 1):
        collector.graph.advance(days * DAY)
        calls = collector.calls(graph_id)
        assert calls
        asking.append(any(metric in re.split(r"\W", text) for entry in calls for text in entry["params"].values()))
    assert asking == [False, False, True, False], "after a week it is asked, and refused, once more"


def test_it_comes_back(pair: Callable[[str], Collector]) -> None:
    collector = pair(INSTAGRAM)
    collector.graph.remove("ig_user", "profile_views")
    collector.run(INSTAGRAM)
    count = "select count(*) from raw.metric_observations where metric = 'profile_views' and value is not null"
    assert collector.one(count) == 0
    collector.graph.tell("metrics", {"restore": {"object": "ig_user", "metric": "profile_views"}})
    collector.graph.advance(7 * DAY)
    collector.run(INSTAGRAM)
    assert collector.one(count) > 0


def test_fields_of_a_list_that_die_together_cost_the_others_nothing(
    new_warehouse: Callable[[], Settings], graphs: Graphs, monkeypatch: pytest.MonkeyPatch, short_past: None
) -> None:
    """Meta names one at a time: the list is read until it is answered."""
    graph = graphs.of(Size(posts=5, reels=2, stories=0, history_days=20, future_days=1, audience=60), "2026-06-01T12:00:00Z")
    collector = a_collector(new_warehouse(), graph, monkeypatch)
    for metric in ("saved_count", "reposts_count"):
        collector.graph.remove("ig_media", metric)
    assert collector.run(INSTAGRAM)[INSTAGRAM].is_complete
    dead = collector.rows("select metric, state from raw.collection_ledger where retry_after is not null order by 1")
    assert dead == [("reposts_count", "deprecated"), ("saved_count", "deprecated")]
    assert collector.one("select count(*) from raw.metric_observations where metric = 'like_count' and value is not null") > 0
    listed = "select state from raw.collection_ledger where metric = '*' and edge = 'media' and object_id = '' and state <> 'ok'"
    assert collector.rows(listed) == []

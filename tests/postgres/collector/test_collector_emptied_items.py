"""Items of which no metric is left: never sent without one, and concluded in the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agentmarts.meta_graph.catalogue import load_catalogue
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector

SIZE = Size(posts=60, reels=55, stories=0, history_days=30, future_days=25, audience=100, followers=150, views_per_post=2)
"""More reels and media than one batch holds."""
ENDS = """
select state, asked_count, answered_count, count(distinct object_id) from raw.collection_ledger
where group_name = %s and metric = '*' and object_id <> '' group by 1, 2, 3
"""


@pytest.fixture
def crowd(collector_of: MakeCollector, short_past: None) -> Collector:
    """One Page and one Instagram account with several batches of objects."""
    return collector_of(SIZE)


@pytest.mark.parametrize(
    ("group", "object_type", "graph_id"),
    [("fb_reels", "reel", PAGE), ("ig_media_due", "ig_media", INSTAGRAM)],
)
def test_no_request_goes_out_without_a_metric(crowd: Collector, group: str, object_type: str, graph_id: str) -> None:
    for metric in load_catalogue().group(group).metrics:
        crowd.graph.remove(object_type, metric)
    assert crowd.run(graph_id)[graph_id].error is None
    asked = [entry for entry in crowd.graph.asked() if entry["path"].endswith("insights")]
    assert asked
    assert [entry for entry in asked if not entry["params"].get("metric")] == []
    assert crowd.one("select count(*) from raw.collection_ledger where error_code in (3001, 2500)") == 0

    ended = crowd.rows(ENDS, group)
    assert sum(count for _, _, _, count in ended) > 50, "also those of the batch after the one that was refused"
    assert {(state, answered) for state, _, answered, *_ in ended} == {("deprecated", 0)}
    assert crowd.calls(graph_id) == []
    crowd.graph.advance(timedelta(hours=1))
    assert [entry for entry in crowd.calls(graph_id) if not entry["params"].get("metric", "x")] == []


@pytest.mark.parametrize(("edge", "group", "graph_id"), [("video_reels", "fb_reels", PAGE), ("stories", "ig_stories", INSTAGRAM)])
def test_a_list_that_is_refused_is_no_success(crowd: Collector, edge: str, group: str, graph_id: str) -> None:
    refused = {"code": 10, "message": "(#10) This endpoint requires a permission."}
    crowd.graph.fail("error", error=refused, path=f"{edge}$", times=10)
    crowd.run(graph_id)
    ended = crowd.rows("select state, answered_count, error_code from raw.collection_ledger where group_name = %s and metric = '*'", group)
    assert ended == [("not_permitted", 0, 10)]

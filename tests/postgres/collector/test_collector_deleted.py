"""Objects that Meta says it does not have: resting for a day, deleted after three, never by a throttle in disguise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector

DAY = timedelta(days=1)


def one_of(collector: Collector, kind: str) -> str:
    """An object that reaches a new age on each of the next days: it was published yesterday."""
    now = collector.graph.now()
    mine = [one for one in collector.graph.ask("objects") if one["kind"] == kind and one["is_there"]]
    published = (now - DAY - timedelta(minutes=30)).isoformat()
    object_id: str = mine[0]["id"]
    collector.graph.tell("objects", {"object": object_id, "published_at": published})
    return object_id


def asked_of(collector: Collector, object_id: str) -> int:
    return sum(entry["path"].startswith(object_id) for entry in collector.graph.asked())


def is_deleted(collector: Collector, object_id: str) -> list[bool]:
    return [row[0] for row in collector.rows("select is_deleted from raw.graph_objects where object_id = %s order by revision", object_id)]


@pytest.mark.parametrize(("kind", "graph_id"), [("media", INSTAGRAM), ("reel", PAGE)])
def test_it_rests_until_the_next_day_and_is_deleted_after_three(collector: Collector, kind: str, graph_id: str) -> None:
    object_id = one_of(collector, kind)
    collector.run(graph_id)
    collector.graph.tell("objects", {"object": object_id, "is_deleted": True})
    collector.graph.advance(DAY)  # 48 hours old: its next sample is due
    collector.graph.forget("journal")
    done = collector.run(graph_id)[graph_id]
    assert asked_of(collector, object_id) == 1
    assert done.outcome is not None
    assert done.outcome.missing == (object_id,)
    assert done.is_complete, "that a post was deleted is nobody's failure"

    for hours in (1, 22):
        collector.graph.advance(timedelta(hours=hours))
        collector.run(graph_id)
    assert asked_of(collector, object_id) == 1, "it rests"
    for day in range(1, 4):
        assert is_deleted(collector, object_id) == [False]
        collector.graph.advance(timedelta(hours=1) if day == 1 else DAY)
        collector.run(graph_id)
        assert asked_of(collector, object_id) == 1 + day
    assert is_deleted(collector, object_id) == [False, True]
    states = "select state from raw.collection_ledger where object_id = %s and metric = '*' order by ledger_id desc limit 1"
    assert collector.one(states, object_id) == "deleted"

    for _ in range(4):
        collector.graph.advance(DAY)
        collector.run(graph_id)
    assert asked_of(collector, object_id) == 4, "nobody asks for it any more"
    assert collector.rows("select 1 from raw.graph_objects where is_deleted and object_id <> %s", object_id) == []


def test_an_answer_in_between_begins_its_time_anew(collector: Collector) -> None:
    object_id = one_of(collector, "media")
    collector.run(INSTAGRAM)
    for deleted in (True, False, True, True, True):
        collector.graph.tell("objects", {"object": object_id, "is_deleted": deleted})
        collector.graph.advance(DAY)
        collector.run(INSTAGRAM)
    assert is_deleted(collector, object_id) == [False]


def test_it_comes_back(collector: Collector) -> None:
    object_id = one_of(collector, "media")
    collector.run(INSTAGRAM)
    collector.graph.tell("objects", {"object": object_id, "is_deleted": True})
    for _ in range(4):
        collector.graph.advance(DAY)
        collector.run(INSTAGRAM)
    assert is_deleted(collector, object_id) == [False, True]
    collector.graph.tell("objects", {"object": object_id, "is_deleted": False})
    collector.graph.forget("journal")
    for days in (1, 2):
        collector.graph.advance(days * DAY)
        collector.run(INSTAGRAM)
    assert is_deleted(collector, object_id) == [False, True, False]
    assert asked_of(collector, object_id) >= 1
    assert collector.one("select count(*) from raw.collection_ledger where object_id = %s and state = 'deleted'", object_id) == 1


@pytest.mark.parametrize("tells", [True, False], ids=["headers announce it", "headers are silent"])
def test_a_throttle_in_disguise_deletes_nothing(collector: Collector, tells: bool) -> None:
    """In mid-run, day after day: what stands at the end of the run is refused each time, as the budget always ends there."""
    object_id = one_of(collector, "media")
    collector.run(INSTAGRAM)
    collector.graph.tell("switches", {"disguises_throttle": True, "penalty_minutes": 0})
    for _ in range(6):
        collector.graph.advance(DAY)
        if tells:
            collector.graph.tell("usage", {"scope": "instagram", "id": INSTAGRAM, "block_code": 80002, "minutes": 60})
        else:
            unsupported = {"code": 100, "subcode": 33, "message": "Unsupported get request. Object with ID '1' does not exist"}
            collector.graph.forget("faults")
            collector.graph.fail("error", error=unsupported, times=10_000, path=f"^{object_id}|^{INSTAGRAM}$")
        collector.run(INSTAGRAM)
    assert collector.one("select count(*) from raw.graph_objects where is_deleted") == 0
    assert collector.one("select count(*) from raw.collection_ledger where state = 'deleted'") == 0

    collector.graph.forget("faults")
    collector.graph.tell("switches", {"disguises_throttle": False})
    collector.graph.advance(timedelta(days=1, hours=1))
    collector.run(INSTAGRAM)
    newest = (
        "select max(observed_at) from raw.metric_observations where object_id = %s and group_name = 'ig_media_due' and value is not null"
    )
    assert collector.one(newest, object_id) == collector.graph.now()

"""Throttles: nothing is sent while one holds, nobody else is stopped by it, and the run goes on where it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector

HOUR = timedelta(hours=1)
SIZE = Size(pages=2, instagram_users=1, posts=6, reels=2, stories=0, history_days=30, future_days=25, audience=200, followers=150)
OTHER_PAGE = "100000000000002"
THROTTLES = (4, 17, 32, 613, 80001, 80002)


@pytest.fixture
def crowd(collector_of: MakeCollector, short_past: None) -> Collector:
    """Two Pages and an Instagram account."""
    return collector_of(SIZE)


def throttled_calls(collector: Collector) -> list[tuple[str, int | None]]:
    """What the simulator refused for a throttle."""
    return [
        (entry["path"], entry["error_code"]) for entry in collector.graph.asked() if entry["error_code"] in (4, 17, 32, 613, 80001, 80002)
    ]


def of_accounts(collector: Collector) -> list[Mapping[str, Any]]:
    """What was asked, but for tokens: those answers tell nothing of budgets."""
    return [entry for entry in collector.graph.asked() if entry["path"] != "debug_token"]


def block(collector: Collector, scope: str, graph_id: str, code: int, minutes: int) -> None:
    """Throttle a budget: the next call is refused, and every one after it lengthens the block."""
    usage = {"scope": scope, "id": graph_id, "block_code": code, "minutes": minutes}
    if scope == "app":
        del usage["id"]
    collector.graph.tell("usage", usage)


@pytest.mark.parametrize(
    ("scope", "graph_id", "code", "others"),
    [
        ("page", PAGE, 80001, {OTHER_PAGE, INSTAGRAM}),
        ("page", PAGE, 32, {OTHER_PAGE, INSTAGRAM}),
        ("instagram", INSTAGRAM, 80002, {PAGE, OTHER_PAGE}),
        ("app", "", 4, set()),
    ],
)
def test_one_call_learns_of_it_and_none_follows(crowd: Collector, scope: str, graph_id: str, code: int, others: set[str]) -> None:
    block(crowd, scope, graph_id, code, 90)
    done = crowd.run()
    assert len(throttled_calls(crowd)) == 1
    assert {one for one, collected in done.items() if collected.is_complete} == others
    assert crowd.one("select count(distinct account_id) from raw.metric_observations") == len(others)

    # All the time that Meta announced.
    crowd.graph.forget("journal")
    for _ in range(3):
        crowd.run()
        crowd.graph.advance(timedelta(minutes=28))
    touched = {entry["path"].split("/")[0] for entry in crowd.graph.asked()}
    assert throttled_calls(crowd) == []
    assert graph_id not in touched
    if scope == "app":
        assert touched == set()

    crowd.graph.advance(timedelta(minutes=20))
    assert all(collected.is_complete for collected in crowd.run().values())
    assert throttled_calls(crowd) == []
    assert crowd.one("select count(distinct account_id) from raw.metric_observations") == 3


@pytest.mark.parametrize(("scope", "graph_id"), [("instagram", INSTAGRAM), ("page", PAGE)])
def test_a_throttle_in_mid_run_loses_nothing_and_repeats_nothing(crowd: Collector, scope: str, graph_id: str) -> None:
    code = {"instagram": 80002, "page": 80001}[scope]
    error = {"code": code, "message": f"(#{code}) There have been too many calls to this account."}
    crowd.graph.fail("error", error=error, skip=4, path=f"^{graph_id}/")
    done = crowd.run(graph_id)[graph_id]
    assert not done.is_complete
    assert done.outcome is not None
    assert done.outcome.stopped_by
    sent = [(entry["path"], entry["params"]) for entry in of_accounts(crowd) if entry["status"] == 200]
    assert len(sent) == 4
    assert len(throttled_calls(crowd)) == 1
    assert crowd.calls(graph_id) == [], "an hour, as nothing was announced"

    crowd.graph.advance(HOUR)
    again = crowd.calls(graph_id)
    assert crowd.run(graph_id)[graph_id].is_complete
    assert [entry["path"] for entry in again if (entry["path"], entry["params"]) in sent] == []
    blocked = crowd.rows("select state, count(*) from raw.collection_ledger where state = 'throttled' group by 1")
    assert blocked == [("throttled", 1)]


def test_from_60_percent_calls_are_spread(crowd: Collector) -> None:
    crowd.graph.tell("usage", {"scope": "page", "id": PAGE, "pct": 60})
    begin = crowd.graph.now()
    done = crowd.run(PAGE)[PAGE]
    assert done.is_complete
    at = [datetime.fromisoformat(entry["at"]) for entry in of_accounts(crowd) if entry["batch_index"] is None]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert min(gaps) >= timedelta(minutes=2), "an hour over 25 points"
    assert crowd.graph.now() - begin < len(at) * timedelta(minutes=3)


@pytest.mark.parametrize("pct", [85, 99])
@pytest.mark.parametrize(("scope", "graph_id"), [("page", PAGE), ("instagram", INSTAGRAM), ("app", "")])
def test_from_85_percent_nothing_is_sent(crowd: Collector, pct: int, scope: str, graph_id: str) -> None:
    crowd.graph.tell("usage", {"scope": scope, "pct": pct, **({"id": graph_id} if graph_id else {})})
    crowd.run()
    of_account = [entry for entry in of_accounts(crowd) if not graph_id or entry["path"].startswith(graph_id)]
    assert len(of_account) == 1, "the one whose answer told"
    assert throttled_calls(crowd) == []
    crowd.graph.tell("usage", {"scope": scope, "clear": True, **({"id": graph_id} if graph_id else {})})
    crowd.graph.advance(timedelta(minutes=59))
    assert [entry for entry in crowd.calls() if not graph_id or entry["path"].startswith(graph_id)] == []
    crowd.graph.advance(timedelta(minutes=1))
    assert all(collected.is_complete for collected in crowd.run().values())


def test_at_100_percent_the_first_refusal_is_the_last(crowd: Collector) -> None:
    crowd.graph.tell("usage", {"scope": "instagram", "id": INSTAGRAM, "pct": 100})
    done = crowd.run()
    assert [one for one, collected in done.items() if not collected.is_complete] == [INSTAGRAM]
    assert len(throttled_calls(crowd)) == 1
    for _ in range(5):
        crowd.graph.advance(timedelta(minutes=10))
        crowd.run()
    assert len(throttled_calls(crowd)) == 1
    crowd.graph.advance(timedelta(minutes=10))
    assert all(collected.is_complete for collected in crowd.run().values())
    assert len(throttled_calls(crowd)) == 1


def test_a_small_budget_is_hardly_ever_overrun(crowd: Collector) -> None:
    """Some calls a day: near the end there is one an hour, as nobody else tells when there is room again. Meta says no once at most."""
    crowd.graph.tell("usage", {"scope": "instagram", "id": INSTAGRAM, "limit": 30})
    for _ in range(30):
        crowd.run(INSTAGRAM)
        crowd.graph.advance(HOUR)
    assert len(throttled_calls(crowd)) <= 1
    assert len(crowd.graph.asked()) > 30


def test_who_waited_longest_is_asked_first(crowd: Collector) -> None:
    block(crowd, "page", PAGE, 80001, 30)
    crowd.run()
    crowd.graph.advance(HOUR)
    assert next(iter(crowd.run())) == PAGE, "it has nothing yet"
    crowd.graph.advance(24 * HOUR)
    crowd.run(OTHER_PAGE)
    crowd.graph.advance(HOUR)
    assert list(crowd.run())[-1] == OTHER_PAGE


def test_one_account_keeps_the_others_waiting_for_half_an_hour_at_most(crowd: Collector) -> None:
    """At 73 % a call has five minutes' wait: the run ends, and the next one goes on."""
    crowd.graph.tell("usage", {"scope": "instagram", "id": INSTAGRAM, "pct": 70})
    begin = crowd.graph.now()
    done = crowd.run(INSTAGRAM)[INSTAGRAM]
    assert not done.is_complete
    assert timedelta(minutes=20) < crowd.graph.now() - begin <= timedelta(minutes=30)

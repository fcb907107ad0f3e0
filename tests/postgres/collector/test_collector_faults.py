"""Everything Meta does wrong: the others complete, nothing unanswered is settled, and the next run heals it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from agentmarts.meta_graph.api import client, transport
from graph_simulator.world.build import Size
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector, MakeCollector

HOUR = timedelta(hours=1)
FOR_EVER = 1_000
BROKEN = ("http_500", "http_503", "service_unavailable", "html", "cut", "truncated", "slow")
SIZE = Size(posts=8, reels=2, stories=0, history_days=30, future_days=25, audience=200, followers=150, views_per_post=12)
LONG = Size(posts=130, reels=2, stories=0, history_days=30, future_days=25, audience=200, followers=150, views_per_post=2)


@pytest.fixture
def small(collector_of: MakeCollector, short_past: None, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """One Page and one Instagram account, and a client of little patience."""
    patient = client.GraphClient.__init__.__kwdefaults__
    monkeypatch.setattr(client.GraphClient.__init__, "__kwdefaults__", {**patient, "timeout": httpx.Timeout(0.3)})
    return collector_of(SIZE)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_passing_fault_costs_nothing_but_another_request(small: Collector, kind: str) -> None:
    small.graph.fail(kind, times=2, path=f"^{INSTAGRAM}/insights")
    small.graph.fail(kind, times=1, method="POST")
    done = small.run()
    assert [one for one, collected in done.items() if not collected.is_complete] == []
    assert small.graph.ask("faults") == []
    assert small.one("select count(*) from raw.collection_ledger where state in ('error', 'throttled')") == 0


@pytest.mark.parametrize("kind", BROKEN)
def test_a_lasting_fault_settles_nothing_and_the_next_run_heals_it(small: Collector, kind: str) -> None:
    times = 5 if kind == "slow" else FOR_EVER
    small.graph.fail(kind, times=times, path=f"^{INSTAGRAM}/insights", parameter="total_interactions")
    done = small.run()
    assert done[PAGE].is_complete
    outcome = done[INSTAGRAM].outcome
    assert outcome is not None
    assert outcome.failures
    assert outcome.stopped_by is None, "one request that fails stops no other"
    asked_in_vain = small.rows("select distinct group_name from raw.collection_ledger where state = 'error'")
    assert asked_in_vain == [("ig_total",)]
    settled_in_vain = """
        select window_start from raw.collection_ledger l
        where metric = '*' and group_name = 'ig_total' and state not in ('error', 'throttled') and not exists (
          select from raw.metric_observations o where o.group_name = l.group_name and o.window_start = l.window_start)
        """
    assert small.rows(settled_in_vain) == []
    before = len(small.newest())

    small.graph.forget("faults")
    again = small.calls()
    assert {entry["path"] for entry in again} == {f"{INSTAGRAM}/insights"}
    assert len(small.newest()) > before
    assert small.calls() == []
    days = small.rows("select distinct window_start from raw.metric_observations where group_name = 'ig_total'")
    assert len(days) == 10


@pytest.mark.parametrize("kind", ["duplicate_page", "reorder_page"])
def test_pages_that_come_twice_or_in_another_order(collector_of: MakeCollector, short_past: None, kind: str) -> None:
    collector = collector_of(LONG)
    collector.graph.fail(kind, times=FOR_EVER, path="published_posts|media|video_reels")
    assert all(one.is_complete for one in collector.run().values())
    there = {one["id"] for one in collector.graph.ask("objects") if one["is_there"] and one["kind"] in ("post", "reel", "media")}
    assert len(there) > 250
    assert {row[0] for row in collector.rows("select object_id from raw.graph_objects")} == there
    assert collector.one("select max(revision) from raw.graph_objects") == 1
    assert collector.one("select count(*) from raw.quarantine") == 0
    assert collector.calls() == []


@pytest.mark.parametrize("paging", ["short", "empty"])
def test_short_and_empty_pages(collector_of: MakeCollector, short_past: None, paging: str) -> None:
    collector = collector_of(LONG)
    collector.graph.tell("switches", {"paging": paging})
    assert all(one.is_complete for one in collector.run().values())
    there = {one["id"] for one in collector.graph.ask("objects") if one["is_there"] and one["kind"] in ("post", "reel", "media")}
    assert {row[0] for row in collector.rows("select object_id from raw.graph_objects")} == there


def test_a_list_that_is_too_heavy_is_asked_in_smaller_pages(collector_of: MakeCollector, short_past: None) -> None:
    collector = collector_of(LONG)
    collector.graph.tell("switches", {"max_expansion": 250})
    assert collector.run(PAGE)[PAGE].is_complete
    assert collector.one("select count(*) from raw.graph_objects where object_type = 'post'") == 130


def test_a_metric_that_is_silently_missing_is_unknown_and_seen(small: Collector) -> None:
    small.graph.fail("missing_metric", metric="profile_views", times=FOR_EVER)
    small.run()
    values = small.rows("select distinct value, state from raw.metric_observations where metric = 'profile_views'")
    assert values == [(None, "empty")], "unknown is never 0"
    states = small.rows("select distinct state, asked_count, answered_count from raw.collection_ledger where metric = 'profile_views'")
    assert states == [("empty", 1, 0)]
    asked, answered = small.rows(
        "select sum(asked_count), sum(answered_count) from raw.collection_ledger where metric = '*' and group_name = 'ig_total'"
    )[0]
    assert answered <= asked - 10

    small.graph.forget("faults")
    small.graph.advance(timedelta(days=1))
    small.run()
    days = "select count(distinct window_start) from raw.metric_observations where metric = 'profile_views' and value is not null"
    assert small.one(days) >= 3, "days that are still restated get their value"


def test_items_of_a_batch_that_time_out_are_sent_again(small: Collector) -> None:
    small.graph.fail("batch_null", times=3)
    small.graph.fail("http_500", times=2, path="/insights$", parameter="reels_skip_rate|saved")
    assert small.run(INSTAGRAM)[INSTAGRAM].is_complete
    media = small.one("select count(*) from raw.graph_objects")
    assert small.one("select count(distinct object_id) from raw.metric_observations where group_name = 'ig_media_due'") == media


def test_one_broken_account_costs_no_other(small: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGENTMARTS_GRAPH_TOKEN_SYSTEM")
    done = small.run()
    assert done[PAGE].is_complete
    assert "AGENTMARTS_GRAPH_TOKEN_SYSTEM" in str(done[INSTAGRAM].error)


def test_an_exception_in_one_account_costs_no_other(small: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = transport.send

    def broken(http: httpx.Client, request: httpx.Request, **options: Any) -> transport.HttpAnswer:
        if request.url.path.endswith(f"{PAGE}/video_reels"):
            raise RuntimeError("a bug of ours")
        return whole(http, request, **options)

    monkeypatch.setattr(client, "send", broken)
    done = small.run()
    assert done[INSTAGRAM].is_complete
    assert "a bug of ours" in str(done[PAGE].error)
    monkeypatch.undo()
    for name in small.graph.ask("tokens"):
        monkeypatch.setenv(f"AGENTMARTS_GRAPH_TOKEN_{name['name'].upper()}", name["value"])
    assert small.run()[PAGE].is_complete


def test_a_token_that_ends_in_mid_run(small: Collector) -> None:
    expired = {"code": 190, "subcode": 463, "message": "Error validating access token: Session has expired", "status": 401}
    small.graph.fail("error", error=expired, skip=5, times=FOR_EVER, path=f"^{INSTAGRAM}|^179")
    done = small.run()
    assert done[PAGE].is_complete
    outcome = done[INSTAGRAM].outcome
    assert outcome is not None
    assert outcome.token_is_invalid
    of_account = [entry for entry in small.graph.asked() if entry["path"].startswith(INSTAGRAM)]
    assert [entry["error_code"] for entry in of_account] == [None] * 5 + [190], "no other request would fare better"
    assert small.one("select token_state from raw.graph_accounts where platform = 'instagram'") == "invalid"
    assert small.one("select count(*) from raw.collection_ledger where state = 'not_permitted'") == 0
    good = {(entry["path"], str(entry["params"])) for entry in of_account[:5]}

    small.graph.advance(HOUR)
    assert len([entry for entry in small.calls() if entry["path"].startswith(INSTAGRAM)]) <= 1

    small.graph.forget("faults")  # the token is renewed
    again = small.calls()
    assert not good & {(entry["path"], str(entry["params"])) for entry in again}
    assert len({row[0] for row in small.rows("select window_start from raw.metric_observations where group_name = 'ig_total'")}) == 10
    assert small.one("select token_state from raw.graph_accounts where platform = 'instagram'") == "ok"
    assert small.calls() == []


def test_a_token_that_really_expires_is_renewed(small: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    small.graph.tell("tokens", {"name": "page", "expires_at": (small.graph.now() + HOUR).isoformat()})
    assert small.run()[PAGE].is_complete
    small.graph.advance(timedelta(days=1))
    done = small.run()
    assert not done[PAGE].is_complete
    assert done[INSTAGRAM].is_complete
    assert small.one("select count(*) from raw.collection_ledger where error_code = 190 and group_name <> 'token'") == 1
    small.graph.tell("tokens", {"name": "page", "expires_at": 0})
    assert small.run()[PAGE].is_complete
    facts = small.one("select count(distinct window_end) from raw.metric_observations where group_name = 'fb_page' and period = 'day'")
    assert facts == 11

"""Behaviour 27: counters, headers, throttles that calls lengthen, and their disguise."""

from __future__ import annotations

import orjson
import pytest

from tests.support.facts.simulated_graph import Graph


def test_a_page_budget_that_is_used_up_throttles_that_page_alone(graph: Graph) -> None:
    graph.steer("usage", scope="page", id=graph.page, limit=3)
    assert [graph.get(graph.page).status_code for _ in range(3)] == [200] * 3
    response = graph.get(graph.page)
    assert response.json()["error"]["code"] == 80001
    usage = orjson.loads(response.headers["X-Business-Use-Case-Usage"])[graph.page][0]
    assert (usage["type"], usage["call_count"], usage["estimated_time_to_regain_access"]) == ("pages", 100, 60)
    assert graph.get(graph.gram).status_code == 200


def test_usage_grows_in_percent(graph: Graph) -> None:
    graph.steer("usage", scope="instagram", id=graph.gram, limit=10)
    seen = [orjson.loads(graph.get(graph.gram).headers["X-Business-Use-Case-Usage"])[graph.gram][0]["call_count"] for _ in range(3)]
    assert seen == [10, 20, 30]


def test_calls_during_a_throttle_lengthen_it(graph: Graph) -> None:
    graph.steer("usage", scope="instagram", id=graph.gram, block_code=80002, minutes=10)
    for expected in (15, 20, 25):
        response = graph.get(graph.gram)
        assert response.json()["error"]["code"] == 80002
        usage = orjson.loads(response.headers["X-Business-Use-Case-Usage"])[graph.gram][0]
        assert usage["estimated_time_to_regain_access"] == expected
    graph.steer("clock", advance_seconds=25 * 60 - 1)
    assert graph.get(graph.gram).status_code != 200
    graph.steer("clock", advance_seconds=5 * 60 + 1)
    assert graph.get(graph.gram).status_code == 200


def test_calls_leave_the_window_with_time(graph: Graph) -> None:
    graph.steer("usage", scope="app", limit=2)
    assert [graph.get("me").status_code for _ in range(2)] == [200, 200]
    graph.steer("clock", advance_seconds=3_600)
    assert graph.get("me").status_code == 200


def test_the_app_throttle_stops_every_token(graph: Graph) -> None:
    graph.steer("usage", scope="app", pct=100)
    assert [graph.error("me", token=token)["code"] for token in ("user", "page", "system")] == [4, 4, 4]


@pytest.mark.parametrize("code", [17, 32, 613])
def test_other_throttles(graph: Graph, code: int) -> None:
    scope, id_ = ("page", graph.page) if code == 32 else ("user", "700000000000001")
    graph.steer("usage", scope=scope, id=id_, block_code=code, minutes=5)
    error = graph.error(graph.page, token="page" if code == 32 else "user")
    assert (error["code"], error["type"]) == (code, "OAuthException")


def test_a_page_throttle_may_have_code_32(graph: Graph) -> None:
    graph.steer("switches", page_throttle_code=32)
    graph.steer("usage", scope="page", id=graph.page, pct=100.0)
    assert graph.error(graph.page)["code"] == 32


def test_a_throttle_in_disguise(graph: Graph) -> None:
    graph.steer("switches", disguises_throttle=True)
    graph.steer("usage", scope="page", id=graph.page, pct=100.0)
    error = graph.error(f"{graph.page}/published_posts")
    assert (error["code"], error["error_subcode"]) == (100, 33)
    assert error["message"].startswith("Unsupported get request.")


def test_app_usage_comes_only_after_some_calls(graph: Graph) -> None:
    headers = [graph.get("me").headers for _ in range(11)]
    assert ["X-App-Usage" in one for one in headers] == [False] * 9 + [True, True]
    usage = orjson.loads(headers[-1]["X-App-Usage"])
    assert usage.keys() == {"call_count", "total_time", "total_cputime"}


def test_items_of_a_batch_and_ids_count_singly(graph: Graph) -> None:
    graph.steer("usage", scope="page", id=graph.page, limit=4)
    codes = [answer["code"] for answer in graph.batch(*[graph.page] * 5).json()]
    assert codes == [200] * 4 + [400]
    graph.steer("usage", scope="page", id=graph.page, clear=True, limit=4)
    first, second, third = (its["id"] for its in graph.objects(graph.page, "post")[:3])
    graph.ok("", ids=f"{first},{second},{third}")
    usage = next(one for one in graph.control("usage") if one["scope"] == "page")
    assert usage["calls"] == 3


def test_what_an_expansion_costs_is_a_switch(graph: Graph) -> None:
    graph.steer("switches", expansion_cost=7)
    graph.ok(f"{graph.page}/published_posts", fields="id,insights.metric(post_clicks)")
    graph.ok(f"{graph.page}/published_posts", fields="id")
    assert [entry["cost"] for entry in graph.control("journal")] == [7, 1]


def test_a_page_budget_follows_its_engaged_users(graph: Graph) -> None:
    engaged = {
        event.user
        for event in graph.world.log.of(graph.page)
        if event.act in {"reaction", "comment", "share", "click"}
        and event.sign > 0
        and graph.world.clock - 86_400 <= event.at < graph.world.clock
    }
    graph.steer("usage", scope="page", id=graph.page)
    for _ in range(3):
        graph.ok(graph.page)
    usage = next(one for one in graph.control("usage") if one["scope"] == "page")
    assert (usage["calls"], usage["default_limit"]) == (3, 4_800 * len(engaged))


def test_an_instagram_budget_follows_its_impressions(graph: Graph) -> None:
    views = sum(
        event.act == "view" and graph.world.clock - 86_400 <= event.at < graph.world.clock for event in graph.world.log.of(graph.gram)
    )
    graph.ok(graph.gram)
    usage = next(one for one in graph.control("usage") if one["scope"] == "instagram")
    assert (usage["calls"], usage["default_limit"]) == (1, 4_800 * views)
    assert views > 1

"""Behaviour 28: the next n matching requests go wrong in the scripted way, and those after them do not."""

from __future__ import annotations

import httpx
import orjson
import pytest

from tests.support.facts.simulated_graph import Graph, names


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("http_503", 503)])
def test_server_errors_without_a_body(graph: Graph, kind: str, status: int) -> None:
    graph.steer("faults", kind=kind, times=2)
    assert [graph.get("me").status_code for _ in range(3)] == [status, status, 200]


def test_service_unavailable_in_a_200(graph: Graph) -> None:
    graph.steer("faults", kind="service_unavailable")
    response = graph.get("me")
    assert (response.status_code, response.text) == (200, "Service Unavailable")
    assert graph.ok("me")["id"] == graph.page


def test_html(graph: Graph) -> None:
    graph.steer("faults", kind="html")
    response = graph.get("me")
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (200, "text/html")


def test_truncated_json(graph: Graph) -> None:
    graph.steer("faults", kind="truncated")
    response = graph.get("me")
    assert response.status_code == 200
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(response.content)


def test_a_cut_connection(graph: Graph) -> None:
    graph.steer("faults", kind="cut")
    with pytest.raises(httpx.RemoteProtocolError):
        graph.get("me")
    assert graph.ok("me")["id"] == graph.page


def test_a_slow_answer(graph: Graph) -> None:
    graph.steer("faults", kind="slow", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        graph.http.get("/v25.0/me", timeout=0.2)
    graph.steer("faults", kind="slow", seconds=0.01)
    assert graph.ok("me")["id"] == graph.page


def test_an_error_of_ones_choice(graph: Graph) -> None:
    graph.steer(
        "faults", kind="error", error={"code": 2, "message": "An unexpected error has occurred.", "status": 500, "is_transient": True}
    )
    response = graph.get("me")
    assert (response.status_code, response.json()["error"]["code"], response.json()["error"]["is_transient"]) == (500, 2, True)


def test_a_metric_silently_missing(graph: Graph) -> None:
    graph.steer("faults", kind="missing_metric", metric="page_follows", times=1)
    asked = {"metric": "page_media_view,page_follows", "period": "day"}
    assert names(graph.ok(f"{graph.page}/insights", **asked)) == ["page_media_view"]
    assert names(graph.ok(f"{graph.page}/insights", **asked)) == ["page_media_view", "page_follows"]
    graph.steer("faults", kind="missing_metric", metric="post_clicks", times=1)
    posts = graph.ok(f"{graph.page}/published_posts", fields="insights.metric(post_clicks,post_media_view)")["data"]
    assert {tuple(names(post["insights"])) for post in posts} == {("post_media_view",)}


def test_duplicated_and_reordered_pages(graph: Graph) -> None:
    path = f"{graph.page}/published_posts"
    first = graph.ok(path, limit=5)
    after = first["paging"]["cursors"]["after"]
    second = [its["id"] for its in graph.ok(path, limit=5, after=after)["data"]]
    graph.steer("faults", kind="duplicate_page", path="published_posts")
    assert [its["id"] for its in graph.ok(path, limit=5, after=after)["data"]] == [first["data"][-1]["id"], *second]
    graph.steer("faults", kind="reorder_page", path="published_posts")
    body = graph.ok(path, limit=5, after=after)
    assert [its["id"] for its in body["data"]] == second[::-1]
    assert body["paging"]["cursors"] == graph.ok(path, limit=5, after=after)["paging"]["cursors"]


def test_a_script_matches_method_path_and_parameters_and_may_skip(graph: Graph) -> None:
    graph.steer("faults", kind="http_500", method="GET", path="^me$", parameter="^name$", skip=1)
    asked = [("me", {}), ("me", {"fields": "name"}), ("me", {"fields": "name"}), ("me", {"fields": "name"})]
    assert [graph.get(path, **params).status_code for path, params in asked] == [200, 200, 500, 200]


def test_scripts_strike_in_their_order_and_can_be_forgotten(graph: Graph) -> None:
    graph.http.post("/_control/faults", json=[{"kind": "http_500"}, {"kind": "http_503", "times": 5}])
    assert [graph.get("me").status_code for _ in range(2)] == [500, 503]
    assert [fault["times"] for fault in graph.control("faults")] == [4]
    graph.http.delete("/_control/faults")
    assert graph.get("me").status_code == 200


@pytest.mark.parametrize("wrong", [{"kind": "gremlin"}, {"kind": "missing_metric"}, {"kind": "error"}, {"kind": "html", "when": "now"}])
def test_a_script_that_makes_no_sense(graph: Graph, wrong: dict[str, str]) -> None:
    response = graph.http.post("/_control/faults", json=wrong)
    assert response.status_code == 400
    assert response.json()["error"]

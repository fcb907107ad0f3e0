"""Troubles that other collectors met with this interface, as scenes in which ours is to be tried. Each names where it was reported."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import orjson
import pytest

from graph_simulator.server import running
from graph_simulator.world.build import Size, build_world
from tests.support.facts.simulated_graph import Graph, names, points

VALID = "(#100) The value must be a valid insights metric"


@pytest.fixture(scope="module")
def berlin() -> Iterator[Graph]:
    world = build_world(seed=2, size=Size(history_days=20, posts=15, timezone="Europe/Berlin"))
    with running(world) as url, httpx.Client(base_url=url) as http:
        yield Graph(world, http)


@pytest.mark.parametrize("metric", ["page_impressions_unique", "page_impressions_paid_unique"])
def test_airbyte_66509_and_84408_reach_metrics_died_and_took_the_connection_check_with_them(graph: Graph, metric: str) -> None:
    asked = {"metric": f"page_media_view,{metric},page_total_actions", "period": "day"}
    assert len(names(graph.ok(f"{graph.page}/insights", token="system", **asked))) == 3
    graph.steer("clock", to="2026-06-15T00:00:00Z")
    assert graph.error(f"{graph.page}/insights", token="system", **asked)["message"] == VALID
    asked["metric"] = "page_media_view,page_total_actions"
    assert len(names(graph.ok(f"{graph.page}/insights", token="system", **asked))) == 2


def test_airbyte_4028_a_throttle_that_says_the_object_does_not_exist(graph: Graph) -> None:
    post = graph.objects(graph.page, "post")[0]["id"]
    graph.steer("switches", disguises_throttle=True)
    graph.steer("usage", scope="page", id=graph.page, block_code=80001, minutes=1)
    assert graph.error(post)["error_subcode"] == 33
    graph.steer("clock", advance_seconds=10 * 60)
    assert graph.ok(post)["id"] == post


def test_airbyte_3241_one_metric_fails_for_the_last_days_only(graph: Graph) -> None:
    graph.steer("faults", kind="error", parameter="online_followers", error={"code": 2, "message": "Unexpected error", "status": 500})
    assert graph.get(f"{graph.gram}/insights", metric="online_followers", period="lifetime").status_code == 500
    assert names(graph.ok(f"{graph.gram}/insights", metric="reach,follower_count", period="day")) == ["reach", "follower_count"]


def test_airbyte_3525_a_throttle_without_the_usage_header(graph: Graph) -> None:
    graph.steer("usage", scope="user", id="700000000000001", block_code=17, minutes=5)
    response = graph.get(graph.page, token="user")
    assert response.json()["error"]["code"] == 17
    assert not [name for name in response.headers if "usage" in name]


def test_airbyte_62902_media_of_a_right_product_that_refuse_views_all_the_same(graph: Graph) -> None:
    refusing, other, *_ = (its["id"] for its in graph.objects(graph.gram, "media") if its["media_type"] == "IMAGE")
    graph.steer("objects", object=refusing, refuses=["views"])
    error = graph.error(f"{refusing}/insights", metric="reach,saved,views")
    assert error["message"] == "(#100) The Media Insights API does not support the views metric for this media product type."
    assert names(graph.ok(f"{other}/insights", metric="reach,saved,views")) == ["reach", "saved", "views"]


def test_exileum_meta_mcp_120_images_that_refuse_shares(graph: Graph) -> None:
    image = next(its["id"] for its in graph.objects(graph.gram, "media") if its["media_type"] == "IMAGE")
    graph.steer("objects", object=image, refuses=["shares"])
    assert "does not support the shares metric" in graph.error(f"{image}/insights", metric="reach,shares")["message"]


def test_airbyte_74006_an_account_east_of_utc_needs_an_until_after_now(berlin: Graph) -> None:
    """Its day ends before UTC's, so that `until` = the last UTC midnight leaves out a day that is over; a later one is accepted."""
    berlin.steer("reset")
    berlin.steer("switches", ig_day_boundary="account", ig_stamp="end", provisional=False)
    berlin.steer("clock", to="2026-02-27T23:30:00Z")  # 00:30 of the 28th in Berlin
    asked = {"metric": "reach", "period": "day", "since": "2026-02-24T00:00:00Z"}
    berlin.version = "v24.0"
    stamps = {
        until: [stamp for stamp, _ in points(berlin.ok(f"{berlin.gram}/insights", until=until, **asked), "reach")]
        for until in ("2026-02-27T22:59:00Z", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")
    }
    assert stamps["2026-02-27T22:59:00Z"][-1] == "2026-02-26T23:00:00+0000"
    assert stamps["2026-02-28T00:00:00Z"][-1] == "2026-02-27T23:00:00+0000"
    assert stamps["2026-02-28T00:00:00Z"] == stamps["2026-03-01T00:00:00Z"][:-1]


def test_keboola_35_one_medium_before_the_conversion_fails_the_list_by_ids(odd: Graph) -> None:
    response = odd.get("media", ids=odd.gram, limit=100, fields="insights.metric(reach,saved)")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["error_subcode"], error["is_transient"]) == (400, 100, 2108006, False)
    assert error["error_data"] == {"blame_field_specs": [[""]]}


def test_postiz_1609_three_living_metrics_are_lost_with_a_dead_one(graph: Graph) -> None:
    post = graph.objects(graph.page, "post")[0]["id"]
    metrics = "post_impressions_unique,post_reactions_by_type_total,post_clicks,post_clicks_by_type"
    assert len(names(graph.ok(f"{post}/insights", token="system", metric=metrics))) == 4
    graph.steer("clock", to="2026-06-17T00:00:00Z")
    assert graph.error(f"{post}/insights", token="system", metric=metrics)["message"] == VALID
    for metric in metrics.split(",")[1:]:
        assert names(graph.ok(f"{post}/insights", token="system", metric=metric)) == [metric]


def test_trypost_320_the_retired_plays_of_reels_take_all_others_along_and_the_error_lists_the_rest(graph: Graph) -> None:
    reel = next(its["id"] for its in graph.objects(graph.gram, "media") if its["product"] == "REELS")
    message = graph.error(f"{reel}/insights", metric="plays,reach,likes")["message"]
    assert "views" in message.partition("values: ")[2].split(", ")
    assert names(graph.ok(f"{reel}/insights", metric="views,reach,likes")) == ["views", "reach", "likes"]


def test_business_sdk_656_names_as_a_json_list_and_no_word_which_is_dead(graph: Graph) -> None:
    metrics = ["page_views_total", "page_fan_adds_unique", "page_total_actions"]
    asked = {"since": "2026-02-01", "until": "2026-02-08", "period": "day"}
    error = graph.error(f"{graph.page}/insights", metric=orjson.dumps(metrics).decode(), **asked)
    assert error["message"] == VALID
    assert not any(metric in orjson.dumps(error).decode() for metric in metrics)
    del metrics[1]
    assert names(graph.ok(f"{graph.page}/insights", metric=orjson.dumps(metrics).decode(), **asked)) == metrics

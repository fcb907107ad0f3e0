"""Behaviours 9 to 11, 16, 17: which metrics live, which group they belong to, which breakdowns they have."""

from __future__ import annotations

import pytest

from tests.support.facts.simulated_graph import Graph, figure, names, split

FEBRUARY = {"since": "2026-02-10", "until": "2026-02-12"}
TOTAL = {"period": "day", "metric_type": "total_value", **FEBRUARY}
VALID = "(#100) The value must be a valid insights metric"


def test_a_dead_metric_fails_the_whole_page_request_unnamed(graph: Graph) -> None:
    error = graph.error(f"{graph.page}/insights", metric="page_media_view,page_impressions,page_follows", period="day", **FEBRUARY)
    assert (error["code"], error["message"]) == (100, VALID)
    post = graph.objects(graph.page, "post")[0]["id"]
    assert graph.error(f"{post}/insights", metric="post_clicks,post_impressions")["message"] == VALID


@pytest.mark.parametrize("version", ["v22.0", "v25.0", "v26.0"])
def test_a_metric_dies_on_its_day_in_all_versions_at_once(graph: Graph, version: str) -> None:
    asked = {"metric": "page_impressions_unique", "period": "day"}
    assert names(graph.ok(f"{graph.page}/insights", token="system", **asked)) == ["page_impressions_unique"]
    graph.steer("clock", to="2026-08-15T00:00:00Z")
    graph.version = version
    assert graph.error(f"{graph.page}/insights", token="system", **asked)["message"] == VALID


def test_a_metric_is_born_on_its_day(graph: Graph) -> None:
    media = graph.objects(graph.gram, "media")[0]["id"]
    assert graph.error(f"{media}/insights", metric="total_likes")["code"] == 100
    graph.steer("clock", to="2026-03-10T00:00:00Z")
    assert names(graph.ok(f"{media}/insights", metric="total_likes")) == ["total_likes"]


def test_instagram_lists_the_metrics_that_are_valid(graph: Graph) -> None:
    message = graph.error(f"{graph.gram}/insights", metric="reach,impressions", period="day")["message"]
    head, _, valid = message.partition(" must be one of the following values: ")
    assert head == "(#100) metric[1]"
    assert {"reach", "views", "follower_count"} <= set(valid.split(", "))
    assert "impressions" not in valid.split(", ")


def test_a_metric_of_media_that_ended_with_a_version(graph: Graph) -> None:
    media = graph.objects(graph.gram, "media")[0]["id"]
    assert "impressions metric is no longer supported" in graph.error(f"{media}/insights", metric="reach,impressions")["message"]
    assert "must be one of the following values" in graph.error(f"{media}/insights", metric="reach,plays")["message"]


def test_the_control_api_removes_and_adds_metrics(graph: Graph) -> None:
    asked = {"metric": "page_media_view,page_follows", "period": "day", **FEBRUARY}
    graph.steer("metrics", remove={"object": "page", "metric": "page_follows"})
    assert graph.error(f"{graph.page}/insights", **asked)["message"] == VALID
    graph.steer("metrics", restore={"object": "page", "metric": "page_follows"})
    assert names(graph.ok(f"{graph.page}/insights", **asked)) == ["page_media_view", "page_follows"]
    graph.steer("metrics", add={"object": "page", "metric": "page_brand_new", "like": "page_media_view"})
    new = graph.ok(f"{graph.page}/insights", metric="page_brand_new", period="day", **FEBRUARY)["data"][0]["values"]
    old = graph.ok(f"{graph.page}/insights", metric="page_media_view", period="day", **FEBRUARY)["data"][0]["values"]
    assert new == old


def test_metrics_of_a_total_asked_as_a_series_are_named(graph: Graph) -> None:
    message = graph.error(f"{graph.gram}/insights", metric="reach,views,likes", period="day")["message"]
    assert message == "(#100) The following metrics (views,likes) should be specified with parameter metric_type=total_value"
    message = graph.error(f"{graph.gram}/insights", metric="reach,follower_count", **TOTAL)["message"]
    assert "(follower_count) should be specified with parameter metric_type=time_series" in message


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("{gram}/insights", {"metric": "accounts_engaged", "breakdown": "follow_type", **TOTAL}),
        ("{gram}/insights", {"metric": "reach,replies", "breakdown": "follow_type", **TOTAL}),
        ("{page}/insights", {"metric": "page_media_view", "breakdown": "country", "period": "day"}),
        ("{page}/insights", {"metric": "page_follows", "breakdown": "is_from_ads", "period": "day"}),
    ],
)
def test_an_unsupported_breakdown(graph: Graph, path: str, params: dict[str, str]) -> None:
    error = graph.error(path.format(gram=graph.gram, page=graph.page), **params)
    assert (error["code"], error["message"]) == (1, "An unknown error has occurred.")


def test_a_series_drops_its_breakdown_silently(graph: Graph) -> None:
    asked = {"metric": "reach", "period": "day", "metric_type": "time_series", **FEBRUARY}
    plain = graph.ok(f"{graph.gram}/insights", **asked)["data"]
    assert graph.ok(f"{graph.gram}/insights", breakdown="follow_type", **asked)["data"] == plain
    assert len(plain[0]["values"]) == 2


def test_no_metric(graph: Graph) -> None:
    error = graph.error(f"{graph.page}/insights", period="day")
    assert (error["code"], error["error_subcode"]) == (3001, 1504028)


def test_instagram_wants_a_period(graph: Graph) -> None:
    assert graph.error(f"{graph.gram}/insights", metric="reach")["code"] == 100


def test_facebook_answers_all_periods_when_none_is_asked(graph: Graph) -> None:
    body = graph.ok(f"{graph.page}/insights", metric="page_media_view,page_follows", **FEBRUARY)
    assert [(one["name"], one["period"]) for one in body["data"]] == [
        ("page_media_view", "day"),
        ("page_media_view", "week"),
        ("page_media_view", "days_28"),
        ("page_follows", "day"),
    ]


def test_follows_and_unfollows_is_a_skeleton_unless_broken_down(graph: Graph) -> None:
    body = graph.ok(f"{graph.gram}/insights", metric="follows_and_unfollows", **TOTAL)
    assert body["data"][0]["total_value"] == {}
    asked = {**TOTAL, "since": "2026-02-01", "until": "2026-02-20"}
    found = split(
        graph.ok(f"{graph.gram}/insights", metric="follows_and_unfollows", breakdown="follow_type", **asked), "follows_and_unfollows"
    )
    follows = [
        event.sign
        for event in graph.world.log.of(graph.gram)
        if event.act == "follow" and 1_769_904_000 <= event.at < 1_769_904_000 + 19 * 86_400
    ]
    assert found == {("FOLLOWER",): follows.count(1), ("NON_FOLLOWER",): follows.count(-1)}
    assert follows.count(-1) > 0


def test_what_the_simulated_page_does_not_make_is_missing_from_a_200(graph: Graph) -> None:
    body = graph.ok(f"{graph.page}/insights", metric="content_monetization_earnings,page_media_view", period="day", **FEBRUARY)
    assert names(body) == ["page_media_view"]


def test_demographics_need_a_timeframe_and_show_45_values(graph: Graph) -> None:
    asked = {"metric": "follower_demographics", "period": "lifetime", "metric_type": "total_value"}
    assert graph.error(f"{graph.gram}/insights", breakdown="city", **asked)["code"] == 100
    assert graph.ok(f"{graph.gram}/insights", timeframe="this_week", **asked)["data"][0]["total_value"] == {}
    cities = split(graph.ok(f"{graph.gram}/insights", breakdown="city", timeframe="this_week", **asked), "follower_demographics")
    assert len(cities) == 45
    countries = split(graph.ok(f"{graph.gram}/insights", breakdown="country", timeframe="this_week", **asked), "follower_demographics")
    assert sum(countries.values()) == graph.truth("followers_count", graph.gram)


def test_page_split_in_three_shapes(graph: Graph) -> None:
    asked = {"metric": "page_media_view", "period": "day", "breakdown": "is_from_ads", **FEBRUARY}
    total = graph.ok(f"{graph.page}/insights", metric="page_media_view", period="day", **FEBRUARY)["data"][0]["values"]
    wanted = [value["value"] for value in total]
    beside = graph.ok(f"{graph.page}/insights", **asked)["data"][0]["values"]
    assert [value["is_from_ads"] for value in beside] == ["0", "1"] * 2
    assert [beside[0]["value"] + beside[1]["value"], beside[2]["value"] + beside[3]["value"]] == wanted
    graph.steer("switches", page_split_shape="dict")
    values = graph.ok(f"{graph.page}/insights", **asked)["data"][0]["values"]
    assert [set(value["value"]) for value in values] == [{"0", "1"}] * 2
    assert [sum(value["value"].values()) for value in values] == wanted
    graph.steer("switches", page_split_shape="total_value")
    body = graph.ok(f"{graph.page}/insights", **asked)
    assert figure(body, "page_media_view") == sum(split(body, "page_media_view").values()) == sum(wanted)
    assert set(split(body, "page_media_view")) == {("0",), ("1",)}

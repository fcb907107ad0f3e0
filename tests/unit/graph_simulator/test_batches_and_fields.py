"""Behaviours 24 to 26: batches, `ids=`, nested fields."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from graph_simulator.http.fields import Field, parse_fields
from graph_simulator.world.tokens import proof_of
from tests.support.facts.simulated_graph import Graph, figure, names

POST_METRICS = (
    "post_media_view,post_total_media_view_unique,post_clicks,post_clicks_by_type,post_reactions_by_type_total,"
    "post_activity_by_action_type,post_video_views,post_video_view_time,post_video_avg_time_watched"
)


def bodies(answers: list[Any]) -> list[Any]:
    return [orjson.loads(answer["body"]) for answer in answers]


def test_items_have_their_own_code_headers_and_a_body_that_is_a_string(graph: Graph) -> None:
    media = graph.objects(graph.gram, "media")[0]["id"]
    answers = graph.batch(f"v25.0/{media}/insights?metric=reach", f"{graph.gram}?fields=followers_count", "123").json()
    assert [answer["code"] for answer in answers] == [200, 200, 400]
    reach, node, missing = bodies(answers)
    assert figure(reach, "reach") == graph.truth("reach", media)
    assert node == graph.ok(graph.gram, fields="followers_count")
    assert missing["error"]["error_subcode"] == 33
    headers = {one["name"]: one["value"] for one in answers[0]["headers"]}
    assert headers["facebook-api-version"] == "v25.0"
    assert "X-Business-Use-Case-Usage" in headers
    assert "headers" not in graph.batch("me", include_headers="false").json()[0]


def test_a_batch_holds_50(graph: Graph) -> None:
    assert len(graph.batch(*["me"] * 50).json()) == 50
    refused = graph.batch(*["me"] * 51)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "GraphBatchException")


def test_items_count_singly_and_the_journal_has_them(graph: Graph) -> None:
    graph.batch("me", "me?fields=id")
    entries = graph.control("journal")
    assert [(entry["batch_index"], entry["cost"], entry["path"]) for entry in entries] == [(0, 1, "me"), (1, 1, "me"), (None, 0, "")]
    assert entries[-1]["params"]["batch"] == "2 items"
    assert sum(entry["batch_index"] is None for entry in entries) == 1


def test_an_item_that_timed_out_is_null(graph: Graph) -> None:
    graph.steer("faults", kind="batch_null", parameter="^name$")
    answers = graph.batch("me", "me?fields=name", "me").json()
    assert [answer is None for answer in answers] == [False, True, False]
    assert graph.batch("me?fields=name").json()[0]["code"] == 200


def test_an_item_can_fail_with_500(graph: Graph) -> None:
    graph.steer("faults", kind="http_500", path=f"^{graph.gram}$")
    answers = graph.batch("me", graph.gram).json()
    assert [answer["code"] for answer in answers] == [200, 500]


def test_the_token_of_an_item_counts_only_in_its_address(graph: Graph) -> None:
    user = graph.world.token("user")
    own = f"me?access_token={user}&appsecret_proof={proof_of(graph.world.app_secret, user)}"
    assert [body["id"] for body in bodies(graph.batch("me", own).json())] == [graph.page, "700000000000001"]
    page = graph.world.token("page")
    items = orjson.dumps([{"method": "GET", "relative_url": "me", "access_token": user, "body": f"access_token={user}"}]).decode()
    data = {"access_token": page, "appsecret_proof": proof_of(graph.world.app_secret, page), "batch": items}
    answers = graph.http.post("/v25.0", data=data).json()
    assert orjson.loads(answers[0]["body"])["id"] == graph.page


def test_a_batch_needs_a_token_and_sense(graph: Graph) -> None:
    items = orjson.dumps([{"method": "GET", "relative_url": "me"}]).decode()
    assert graph.http.post("/v25.0/", data={"batch": items}).json()["error"]["code"] == 104
    token = graph.world.token("page")
    data = {"access_token": token, "appsecret_proof": proof_of(graph.world.app_secret, token), "batch": "[1]"}
    assert graph.http.post("/v25.0/", data=data).json()["error"]["code"] == 100


def test_ids_answer_all_or_none(graph: Graph) -> None:
    first, second = (its["id"] for its in graph.objects(graph.gram, "media")[:2])
    body = graph.ok("", ids=f"{first},{second}", fields="id,media_type")
    assert list(body) == [first, second]
    insights = graph.ok("insights", ids=f"{first},{second}", metric="reach")
    assert figure(insights[second], "reach") == graph.truth("reach", second)
    error = graph.error("", ids=f"{first},999", fields="id")
    assert (error["code"], error["message"]) == (803, "(#803) Some of the aliases you requested do not exist: 999")
    assert [entry["cost"] for entry in graph.control("journal")] == [2, 2, 2]


def test_a_path_without_anything_is_unknown(graph: Graph) -> None:
    assert graph.error("")["code"] == 2500


def test_the_parser_of_fields() -> None:
    assert parse_fields("id, insights.metric(a,b).period(day){name,values},comments.limit(0).summary(true)") == (
        Field("id"),
        Field("insights", {"metric": "a,b", "period": "day"}, (Field("name"), Field("values"))),
        Field("comments", {"limit": "0", "summary": "true"}),
    )


@pytest.mark.parametrize("broken", ["id,", "a.b", "a.limit(3", "a{b", "a}", ",a", "a b"])
def test_broken_fields(graph: Graph, broken: str) -> None:
    assert graph.error(graph.page, fields=broken)["code"] == 2500


def test_an_unknown_field(graph: Graph) -> None:
    assert (
        graph.error(graph.page, fields="impressum")["message"] == "(#100) Tried accessing nonexisting field (impressum) on node type (Page)"
    )
    assert "node type (Post)" in graph.error(f"{graph.page}/published_posts", fields="reach")["message"]


def test_posts_with_their_insights_in_one_request(graph: Graph) -> None:
    fields = f"id,created_time,permalink_url,message,shares,insights.metric({POST_METRICS})"
    posts = graph.ok(f"{graph.page}/published_posts", limit=100, fields=fields)["data"]
    by_id = {its["id"]: its for its in graph.objects(graph.page, "post")}
    assert len(posts) == 100
    for post in posts:
        videos_only = {"post_video_views", "post_video_view_time", "post_video_avg_time_watched"}
        is_video = by_id[post["id"]]["length_ms"] > 0
        assert set(names(post["insights"])) == set(POST_METRICS.split(",")) - (set() if is_video else videos_only)
    for post in posts[:5]:
        for one in (one for one in post["insights"]["data"] if one["period"] == "lifetime"):
            assert one["values"][0]["value"] == graph.truth(one["name"], post["id"])


def test_facebook_tolerates_a_refused_figure_in_a_list(odd: Graph) -> None:
    posts = odd.ok(f"{odd.page}/published_posts", fields="insights.metric(post_clicks,post_total_media_view_unique)")["data"]
    assert all(names(post["insights"]) == ["post_clicks"] for post in posts)
    assert odd.error(f"{odd.page}/published_posts", fields="insights.metric(post_clicks,post_impressions)")["code"] == 100


def test_one_medium_fails_a_whole_list_of_instagram(odd: Graph) -> None:
    fields = "id,insights.metric(reach)"
    media = [its["id"] for its in odd.ok(f"{odd.gram}/media", limit=100)["data"]]
    assert len(media) == 60
    newest = odd.ok(f"{odd.gram}/media", limit=10, fields=fields)["data"]
    assert all(names(one["insights"]) == ["reach"] for one in newest)
    error = odd.error(f"{odd.gram}/media", limit=60, fields=fields)
    assert error["error_subcode"] == 2108006


def test_days_inside_a_list(graph: Graph) -> None:
    fields = "insights.metric(post_video_views).period(day).since(2026-02-20).until(2026-02-22)"
    post = next(its["id"] for its in graph.objects(graph.page, "post") if its["length_ms"] and its["published_at"] < "2026-02-20")
    values = graph.ok(post, fields=fields)["insights"]["data"][0]["values"]
    assert [value["end_time"] for value in values] == ["2026-02-21T08:00:00+0000", "2026-02-22T08:00:00+0000"]


def test_too_much_at_once(graph: Graph) -> None:
    metrics = ",".join(["post_clicks"] * 16)
    error = graph.error(f"{graph.page}/published_posts", limit=100, fields=f"insights.metric({metrics})")
    assert (error["code"], "reduce the amount of data" in error["message"]) == (1, True)
    assert graph.get(f"{graph.page}/published_posts", limit=50, fields=f"insights.metric({metrics})").status_code == 200


def test_limit_and_after_of_a_nested_field_are_read(graph: Graph) -> None:
    carousel = next(its for its in graph.objects(graph.gram, "media") if its["child_ids"])
    first = graph.ok(carousel["id"], fields="children.limit(2){media_type}")["children"]
    assert [one["id"] for one in first["data"]] == carousel["child_ids"][:2]
    after = first["paging"]["cursors"]["after"]
    rest = graph.ok(carousel["id"], fields=f"children.limit(2).after({after})")["children"]
    assert [one["id"] for one in rest["data"]] == carousel["child_ids"][2:]


def test_fields_of_the_linked_account(graph: Graph) -> None:
    body = graph.ok(graph.page, fields="instagram_business_account{username,followers_count}")
    assert body["instagram_business_account"] == graph.ok(graph.gram, fields="username,followers_count")

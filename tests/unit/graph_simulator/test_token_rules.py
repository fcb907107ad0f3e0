"""Behaviours 7 and 8: kinds of tokens, how they end, what each permission opens."""

from __future__ import annotations

import pytest

from tests.support.facts.simulated_graph import Graph, names

PAGE_METRICS = {"metric": "page_media_view", "period": "day", "since": "2026-02-10", "until": "2026-02-12"}


def without(graph: Graph, scope: str, token: str = "page") -> None:
    scopes = next(one["scopes"] for one in graph.control("tokens") if one["name"] == token)
    graph.steer("tokens", name=token, scopes=[one for one in scopes if one != scope])


def test_debug_token_of_each_kind(graph: Graph) -> None:
    seen = {}
    for name in ("user", "system", "page"):
        seen[name] = graph.ok("debug_token", token="system", input_token=graph.world.token(name))["data"]
    assert {name: (data["type"], data["is_valid"]) for name, data in seen.items()} == {
        "user": ("USER", True),
        "system": ("SYSTEM_USER", True),
        "page": ("PAGE", True),
    }
    assert seen["page"]["expires_at"] == seen["system"]["expires_at"] == 0
    assert seen["page"]["data_access_expires_at"] > graph.world.clock
    assert seen["user"]["expires_at"] - seen["user"]["issued_at"] == 60 * 86_400
    assert seen["page"]["profile_id"] == graph.page
    granted = {one["scope"]: one["target_ids"] for one in seen["page"]["granular_scopes"]}
    assert granted["read_insights"] == [graph.page]
    assert granted["instagram_manage_insights"] == [graph.gram]


def test_debug_token_with_the_token_of_the_app(graph: Graph) -> None:
    app = f"{graph.world.app_id}|{graph.world.app_secret}"
    params = {"input_token": graph.world.token("page"), "access_token": app}
    assert graph.http.get("/v25.0/debug_token", params=params).json()["data"]["is_valid"] is True


@pytest.mark.parametrize("subcode", [458, 460, 464, 467, 492])
def test_a_revoked_token(graph: Graph, subcode: int) -> None:
    graph.steer("tokens", name="page", revoked_by=subcode)
    error = graph.error(graph.page)
    assert (error["code"], error["error_subcode"]) == (190, subcode)
    data = graph.ok("debug_token", token="system", input_token=graph.world.token("page"))["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, subcode)


@pytest.mark.parametrize("attribute", ["expires_at", "data_access_expires_at"])
def test_an_expired_token(graph: Graph, attribute: str) -> None:
    graph.steer("tokens", name="user", **{attribute: "2026-03-01T13:00:00Z"})
    assert graph.get("me", token="user").status_code == 200
    graph.steer("clock", advance_seconds=3_600)
    error = graph.error("me", token="user")
    assert (error["code"], error["error_subcode"]) == (190, 463)
    assert graph.world.token("user") not in error["message"]


def test_the_tokens_of_the_pages_of_a_user(odd: Graph) -> None:
    accounts = odd.ok("me/accounts", token="user")["data"]
    assert [page["id"] for page in accounts] == [page.id for page in odd.world.pages()]
    assert [page["access_token"] for page in accounts] == [odd.world.token("page"), odd.world.token("page-2")]
    assert "ANALYZE" in accounts[0]["tasks"]
    assert odd.ok(odd.page, token="user", fields="access_token")["access_token"] == odd.world.token("page")


def test_a_page_token_sees_its_own_page_only(odd: Graph) -> None:
    second = odd.world.pages()[1].id
    assert odd.get(second, token="page-2").status_code == 200
    error = odd.error(second, token="page")
    assert (error["code"], error["error_subcode"]) == (100, 33)


def test_me_is_the_page_of_a_page_token(graph: Graph) -> None:
    assert graph.ok("me")["id"] == graph.page
    assert graph.ok("me", token="user")["id"] == "700000000000001"
    assert graph.ok("me/published_posts", limit=1)["data"] == graph.ok(f"{graph.page}/published_posts", limit=1)["data"]


def test_exchange_for_a_long_lived_token(graph: Graph) -> None:
    params = {"grant_type": "fb_exchange_token", "client_id": graph.world.app_id, "client_secret": graph.world.app_secret}
    params["fb_exchange_token"] = graph.world.token("user")
    body = graph.http.get("/v25.0/oauth/access_token", params=params).json()
    assert body["expires_in"] == 60 * 86_400
    assert body["access_token"].startswith("EAAG-canary-7-")
    assert graph.ok("me", token=body["access_token"])["id"] == "700000000000001"
    wrong = graph.http.get("/v25.0/oauth/access_token", params={**params, "client_secret": "no"})
    assert wrong.status_code == 400


def test_without_read_insights_there_is_an_empty_200(graph: Graph) -> None:
    assert names(graph.ok(f"{graph.page}/insights", **PAGE_METRICS)) == ["page_media_view"]
    without(graph, "read_insights")
    assert graph.ok(f"{graph.page}/insights", **PAGE_METRICS)["data"] == []
    post = graph.objects(graph.page, "post")[0]["id"]
    assert graph.ok(f"{post}/insights", metric="post_media_view")["data"] == []


@pytest.mark.parametrize(
    "edge", ["published_posts?fields=reactions.summary(true)", "published_posts?fields=comments.summary(true)", "feed?"]
)
def test_without_pages_read_user_content(graph: Graph, edge: str) -> None:
    path, _, fields = edge.partition("?fields=")
    params = {"fields": fields} if fields else {}
    assert graph.get(f"{graph.page}/{path.rstrip('?')}", **params).status_code == 200
    without(graph, "pages_read_user_content")
    assert graph.error(f"{graph.page}/{path.rstrip('?')}", **params)["code"] == 10
    assert graph.get(f"{graph.page}/published_posts", fields="shares").status_code == 200


def test_without_pages_read_engagement(graph: Graph) -> None:
    without(graph, "pages_read_engagement")
    assert graph.error(f"{graph.page}/insights", **PAGE_METRICS)["code"] == 10
    assert graph.error(f"{graph.page}/published_posts")["code"] == 10


def test_without_instagram_manage_insights(graph: Graph) -> None:
    without(graph, "instagram_manage_insights")
    assert graph.error(f"{graph.gram}/insights", metric="reach", period="day")["code"] == 10
    assert graph.get(f"{graph.gram}/media").status_code == 200


def test_the_token_of_a_user_on_page_insights(graph: Graph) -> None:
    error = graph.error(f"{graph.page}/insights", token="user", **PAGE_METRICS)
    assert error["code"] == 190
    assert "Page Access Token" in error["message"]
    assert graph.get(f"{graph.page}/insights", token="system", **PAGE_METRICS).status_code == 200


def test_without_the_task_analyze(graph: Graph) -> None:
    graph.steer("tokens", name="page", tasks=["MODERATE"])
    assert graph.error(f"{graph.page}/insights", **PAGE_METRICS)["code"] == 200

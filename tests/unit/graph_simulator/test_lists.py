"""Behaviour 23: cursors, short and empty pages, limits, deletions, links that never end, what a list leaves out."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.facts.simulated_graph import Graph, Json


def walk(graph: Graph, path: str, limit: int = 10) -> list[Json]:
    """All pages of a list, by their cursors, until `next` is absent."""
    pages: list[Json] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        body = graph.ok(path, **params)
        pages.append(body)
        if "next" not in body.get("paging", {}):
            return pages
        params["after"] = body["paging"]["cursors"]["after"]


def ids(pages: list[Json]) -> list[str]:
    return [its["id"] for page in pages for its in page["data"]]


@pytest.mark.parametrize("style", ["full", "short", "empty"])
@pytest.mark.parametrize(
    ("account", "edge", "kind"), [("page", "published_posts", "post"), ("gram", "media", "media"), ("page", "video_reels", "reel")]
)
def test_following_next_finds_everything_once_newest_first(graph: Graph, style: str, account: str, edge: str, kind: str) -> None:
    graph.steer("switches", paging=style)
    id_ = getattr(graph, account)
    assert ids(walk(graph, f"{id_}/{edge}")) == [its["id"] for its in graph.objects(id_, kind)]


def test_a_page_may_be_short_or_empty_and_still_have_next(graph: Graph) -> None:
    graph.steer("switches", paging="empty")
    pages = walk(graph, f"{graph.page}/published_posts")
    sizes = [len(page["data"]) for page in pages]
    assert sizes[1] == 0
    assert "next" in pages[1]["paging"]
    assert all(0 < size < 10 for size in [*sizes[:1], *sizes[2:-1]])
    assert sizes[-1] == 0
    assert "paging" not in pages[-1]


def test_the_last_full_page_has_no_next(graph: Graph) -> None:
    pages = walk(graph, f"{graph.page}/published_posts", 100)
    assert [len(page["data"]) for page in pages] == [100]


def test_the_default_is_25(graph: Graph) -> None:
    assert len(graph.ok(f"{graph.gram}/media")["data"]) == 25


@pytest.mark.parametrize("limit", ["101", "0", "-1", "many"])
def test_a_limit_out_of_range(graph: Graph, limit: str) -> None:
    assert graph.error(f"{graph.page}/published_posts", limit=limit)["code"] == 100


def test_next_is_a_complete_address_with_the_token(graph: Graph) -> None:
    body = graph.ok(f"{graph.page}/published_posts", limit=3, fields="id,message")
    query = parse_qs(urlsplit(body["paging"]["next"]).query)
    assert query["access_token"] == [graph.world.token("page")]
    assert query["fields"] == ["id,message"]
    graph.steer("switches", requires_proof=False)
    following = graph.http.get(body["paging"]["next"]).json()
    assert ids([body, following]) == [its["id"] for its in graph.objects(graph.page, "post")][:6]


def test_before_goes_back(graph: Graph) -> None:
    first = graph.ok(f"{graph.gram}/media", limit=4)
    second = graph.ok(f"{graph.gram}/media", limit=4, after=first["paging"]["cursors"]["after"])
    assert graph.ok(f"{graph.gram}/media", limit=4, before=second["paging"]["cursors"]["before"])["data"] == first["data"]


def test_a_cursor_dies_with_its_object(graph: Graph) -> None:
    first = graph.ok(f"{graph.gram}/media", limit=4)
    after = first["paging"]["cursors"]["after"]
    graph.steer("objects", object=first["data"][-1]["id"], is_deleted=True)
    assert graph.error(f"{graph.gram}/media", limit=4, after=after)["code"] == 100
    assert graph.error(f"{graph.gram}/media", limit=4, after="%%%")["code"] == 100
    assert first["data"][-1]["id"] not in ids(walk(graph, f"{graph.gram}/media"))
    error = graph.error(first["data"][-1]["id"])
    assert (error["code"], error["error_subcode"]) == (100, 33)


def test_expired_posts_vanish_from_lists(graph: Graph) -> None:
    newest = graph.objects(graph.page, "post")[0]["id"]
    graph.steer("objects", object=newest, is_expired=True)
    assert newest not in ids([graph.ok(f"{graph.page}/published_posts")])


def test_what_is_not_published_yet_is_not_there(graph: Graph) -> None:
    before = ids(walk(graph, f"{graph.page}/published_posts", 100))
    graph.steer("clock", advance_seconds=5 * 86_400)
    after = ids(walk(graph, f"{graph.page}/published_posts", 100))
    assert after[-len(before) :] == before
    assert len(after) > len(before)


def test_media_count_is_not_the_number_paged(graph: Graph) -> None:
    listed = len(ids(walk(graph, f"{graph.gram}/media", 100)))
    assert graph.ok(graph.gram, fields="media_count")["media_count"] != listed == 100


def test_lists_of_a_year_and_of_all_media_are_capped(graph: Graph) -> None:
    posts = graph.objects(graph.page, "post")
    graph.steer("switches", posts_per_year=20, media_cap=15)
    listed = ids(walk(graph, f"{graph.page}/published_posts"))
    of_year = [[its["id"] for its in posts if its["published_at"].startswith(year)][:20] for year in ("2026", "2025")]
    assert listed == of_year[0] + of_year[1]
    assert ids(walk(graph, f"{graph.gram}/media")) == [its["id"] for its in graph.objects(graph.gram, "media")][:15]


def test_media_since_and_until(graph: Graph) -> None:
    listed = ids([graph.ok(f"{graph.gram}/media", limit=100, since="2026-02-01", until="2026-02-10")])
    assert listed == [its["id"] for its in graph.objects(graph.gram, "media") if "2026-02-01" <= its["published_at"] < "2026-02-10"]
    assert listed


def test_links_of_insights_never_end_and_carry_the_token(graph: Graph) -> None:
    graph.steer("switches", requires_proof=False)
    body = graph.ok(f"{graph.page}/insights", metric="page_media_view", period="day", since="2026-02-01", until="2026-02-08")
    for step in range(30):
        assert graph.world.token("page") in body["paging"]["next"], step
        response = graph.http.get(body["paging"]["next"])
        assert response.status_code == 200
        body = response.json()
    assert body["data"][0]["values"] == []
    before = graph.http.get(graph.ok(f"{graph.gram}/insights", metric="reach", period="day")["paging"]["previous"])
    assert len(before.json()["data"][0]["values"]) == 1


def test_links_of_nested_insights_lead_to_these_insights(graph: Graph) -> None:
    graph.steer("switches", requires_proof=False)
    post = graph.ok(f"{graph.page}/published_posts", limit=1, fields="id,insights.metric(post_clicks).period(lifetime)")["data"][0]
    query = parse_qs(urlsplit(post["insights"]["paging"]["previous"]).query)
    assert query.keys() == {"access_token", "metric", "period", "since", "until"}
    following = graph.http.get(post["insights"]["paging"]["previous"])
    assert following.json()["data"] == post["insights"]["data"]


def test_an_edge_of_another_platform(graph: Graph) -> None:
    assert graph.error(f"{graph.page}/media")["code"] == 100
    assert "(published_posts)" in graph.error(f"{graph.gram}/published_posts")["message"]

"""Behaviours 12 to 15: media products, media of another time, thresholds, stories and reels."""

from __future__ import annotations

import pytest

from graph_simulator.world.instants import iso
from graph_simulator.world.world import GraphObject
from tests.support.facts.simulated_graph import Graph, figure, names

REFUSED = "The Media Insights API does not support the {} metric for this media product type."


def _story(graph: Graph) -> GraphObject:
    """A story that more than a handful of people saw, of about the clock's day."""
    stories = [its for its in graph.world.objects.values() if its.kind == "story" and its.published_at > graph.world.clock - 3 * 86_400]
    return next(its for its in stories if len(graph.world.log.of(its.id)) > 20)


def first(graph: Graph, kind: str, **wanted: object) -> str:
    """Id of the newest object of a kind with these attributes."""
    account = graph.gram if kind in {"media", "story", "child"} else graph.page
    return next(str(its["id"]) for its in graph.objects(account, kind) if all(its[name] == value for name, value in wanted.items()))


@pytest.mark.parametrize(
    ("kind", "product", "metric"),
    [
        ("media", "REELS", "follows"),
        ("media", "FEED", "ig_reels_avg_watch_time"),
        ("story", "STORY", "saved"),
        ("media", "FEED", "navigation"),
    ],
)
def test_a_metric_of_another_product(graph: Graph, kind: str, product: str, metric: str) -> None:
    graph.steer("clock", to=iso(_story(graph).published_at + 3_600))
    media = first(graph, kind, product=product)
    assert REFUSED.format(metric) in graph.error(f"{media}/insights", metric=f"reach,{metric}")["message"]


def test_a_media_that_refuses_a_metric_of_its_product(graph: Graph) -> None:
    media = first(graph, "media", media_type="IMAGE")
    assert names(graph.ok(f"{media}/insights", metric="reach,shares")) == ["reach", "shares"]
    graph.steer("objects", object=media, refuses=["shares"])
    assert REFUSED.format("shares") in graph.error(f"{media}/insights", metric="reach,shares")["message"]


def test_views_on_facebook_only_of_what_is_shared_there(graph: Graph) -> None:
    alone, shared = first(graph, "media", is_crossposted=False), first(graph, "media", is_crossposted=True)
    assert graph.error(f"{alone}/insights", metric="facebook_views")["error_subcode"] == 2207086
    body = graph.ok(f"{shared}/insights", metric="facebook_views,crossposted_views")
    assert figure(body, "facebook_views") == graph.truth("facebook_views", shared)
    assert figure(body, "crossposted_views") > figure(body, "facebook_views")


def test_media_of_the_time_before_the_professional_account(odd: Graph) -> None:
    oldest = odd.objects(odd.gram, "media")[::-1]
    errors = [odd.error(f"{media['id']}/insights", metric="reach") for media in oldest[:3]]
    assert {(error["code"], error["error_subcode"]) for error in errors} == {(100, 2108006)}
    assert odd.get(f"{oldest[3]['id']}/insights", metric="reach").status_code == 200


def test_children_of_a_carousel_have_no_insights(graph: Graph) -> None:
    carousel = first(graph, "media", media_type="CAROUSEL_ALBUM")
    children = graph.ok(f"{carousel}/children", fields="id,media_type")["data"]
    assert len(children) == 3
    assert "does not support" in graph.error(f"{children[0]['id']}/insights", metric="reach")["message"]
    assert graph.get(f"{carousel}/insights", metric="reach,saved").status_code == 200


def test_a_page_of_few_likes_has_empty_insights(odd: Graph) -> None:
    assert odd.ok(odd.page, fields="fan_count")["fan_count"] < 100
    assert odd.ok(f"{odd.page}/insights", metric="page_media_view", period="day")["data"] == []
    post = odd.objects(odd.page, "post")[0]["id"]
    assert odd.error(f"{post}/insights", metric="post_clicks,post_total_media_view_unique")["code"] == 200
    assert names(odd.ok(f"{post}/insights", metric="post_clicks")) == ["post_clicks"]


def test_an_instagram_account_of_few_followers_has_no_follower_metrics(odd: Graph) -> None:
    assert names(odd.ok(f"{odd.gram}/insights", metric="reach,follower_count", period="day")) == ["reach"]
    asked = {"period": "lifetime", "metric_type": "total_value", "timeframe": "this_week", "breakdown": "age"}
    assert odd.ok(f"{odd.gram}/insights", metric="follower_demographics", **asked)["data"] == []


def test_a_story_of_few_viewers(graph: Graph) -> None:
    log = graph.world.log
    quiet, busy = (
        next(
            its
            for its in graph.world.objects.values()
            if its.kind == "story" and (len({event.user for event in log.of(its.id) if event.act == "view"}) < 5) is is_quiet
        )
        for is_quiet in (True, False)
    )
    graph.version = "v24.0"
    graph.steer("clock", to=iso(quiet.published_at + 23 * 3_600))
    error = graph.error(f"{quiet.id}/insights", metric="reach")
    assert (error["code"], error["message"].startswith("(#10) Not enough viewers")) == (10, True)
    graph.steer("clock", to=iso(busy.published_at + 23 * 3_600))
    assert graph.get(f"{busy.id}/insights", metric="reach").status_code == 200


def test_stories_vanish_after_24_hours(graph: Graph) -> None:
    story = _story(graph)
    graph.steer("clock", to=iso(story.published_at + 86_400 - 1))
    assert story.id in [its["id"] for its in graph.ok(f"{graph.gram}/stories")["data"]]
    body = graph.ok(f"{story.id}/insights", metric="navigation", breakdown="story_navigation_action_type")
    assert figure(body, "navigation") == body["data"][0]["total_value"]["value"] == graph.truth("navigation", story.id)
    keys = {row["dimension_values"][0] for row in body["data"][0]["total_value"]["breakdowns"][0]["results"]}
    assert keys <= {"tap_forward", "tap_back", "tap_exit", "swipe_forward"}
    graph.steer("clock", advance_seconds=1)
    assert story.id not in [its["id"] for its in graph.ok(f"{graph.gram}/stories")["data"]]
    assert graph.error(f"{story.id}/insights", metric="reach")["error_subcode"] == 33
    assert story.id not in [its["id"] for its in graph.ok(f"{graph.gram}/media", limit=100)["data"]]


def test_reels_stand_only_on_video_reels_and_video_insights(graph: Graph) -> None:
    reels = [its["id"] for its in graph.ok(f"{graph.page}/video_reels", limit=100)["data"]]
    posts = [its["id"] for its in graph.ok(f"{graph.page}/published_posts", limit=100)["data"]]
    assert len(reels) == 12
    assert not set(reels) & set(posts)
    assert "nonexisting field (insights)" in graph.error(f"{reels[0]}/insights", metric="blue_reels_play_count")["message"]
    metrics = "blue_reels_play_count,fb_reels_total_plays,post_video_view_time,post_video_social_actions,post_video_likes_by_reaction_type"
    body = graph.ok(f"{reels[0]}/video_insights", metric=metrics)
    assert names(body) == metrics.split(",")
    for metric in metrics.split(","):
        assert figure(body, metric) == graph.truth(metric, reels[0])


def test_a_bare_video_id_has_no_insights(graph: Graph) -> None:
    post = next(its for its in graph.objects(graph.page, "post") if its["length_ms"])
    video = post["child_ids"][0]
    assert graph.error(f"{video}/insights", metric="total_video_views")["code"] == 100
    body = graph.ok(f"{video}/video_insights", metric="total_video_views")
    assert figure(body, "total_video_views") == graph.truth("post_video_views", post["id"])


def test_media_older_than_two_years_have_no_insights(odd: Graph) -> None:
    media = odd.objects(odd.gram, "media")
    old = next(its for its in media if its["published_at"] < "2024-02-20" and its != media[-1] and its not in media[-3:])
    assert odd.ok(f"{old['id']}/insights", metric="reach")["data"] == []

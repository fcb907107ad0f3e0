"""Posts, reels, media and stories of list edges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from agentmarts.meta_graph.model import GraphObject
from agentmarts.meta_graph.parsing.objects import parse_objects
from tests.support.meta_graph.answers import answer

PUBLISHED = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
STAMP = "2026-03-09T18:30:00+0000"


def listed(edge: str, *items: Any) -> list[GraphObject]:
    listing = parse_objects(edge, answer(*items))
    assert listing.unreadable == ()
    return [one.object for one in listing.listed]


def test_posts() -> None:
    item = {"id": "1_2", "created_time": STAMP, "permalink_url": "https://www.facebook.com/1/posts/2", "message": "Hello"}
    for edge in ("published_posts", "posts", "feed"):
        assert listed(edge, item) == [
            GraphObject("1_2", "post", PUBLISHED, permalink="https://www.facebook.com/1/posts/2", message="Hello")
        ]


def test_reels_come_with_a_path_and_a_description() -> None:
    item = {"id": "99", "created_time": STAMP, "permalink_url": "/reel/99/", "description": "Watch"}
    assert listed("video_reels", item) == [
        GraphObject("99", "reel", PUBLISHED, permalink="https://www.facebook.com/reel/99/", message="Watch")
    ]


def test_media_carry_their_product() -> None:
    item = {
        "id": "5",
        "timestamp": STAMP,
        "media_type": "VIDEO",
        "media_product_type": "reels",
        "permalink": "https://www.instagram.com/reel/x/",
        "caption": "Look",
    }
    assert listed("media", item) == [GraphObject("5", "ig_media", PUBLISHED, "REELS", "VIDEO", "https://www.instagram.com/reel/x/", "Look")]


def test_stories_are_stories_even_if_the_product_is_left_out() -> None:
    assert listed("stories", {"id": "6", "timestamp": STAMP}) == [GraphObject("6", "story", PUBLISHED, "STORY")]


def test_children_of_carousels_are_no_objects() -> None:
    """airbyte#14788: they have no insights."""
    carousel = {"id": "7", "timestamp": STAMP, "media_type": "CAROUSEL_ALBUM", "children": {"data": [{"id": "8"}, {"id": "9"}]}}
    assert [one.object_id for one in listed("media", carousel)] == ["7"]


def test_the_item_stays_at_hand_for_its_metrics() -> None:
    item = {"id": "1_2", "shares": {"count": 3}}
    (one,) = parse_objects("published_posts", answer(item)).listed
    assert one.item == item


def test_order_is_kept_and_a_repeated_item_is_one() -> None:
    assert [one.object_id for one in listed("media", {"id": "3"}, {"id": "1"}, {"id": "3"}, {"id": "2"})] == ["3", "1", "2"]


def test_an_item_that_comes_twice_and_differs_is_reported() -> None:
    listing = parse_objects("media", answer({"id": "3", "caption": "a"}, {"id": "3", "caption": "b"}))
    assert [one.object.message for one in listing.listed] == ["a"]
    assert [part.reason for part in listing.unreadable] == ["the list shows 3 twice, and not the same"]


def test_an_unreadable_field_leaves_the_object() -> None:
    listing = parse_objects("media", answer({"id": 3, "timestamp": "yesterday", "caption": ["x"], "media_type": "IMAGE"}))
    assert [one.object for one in listing.listed] == [GraphObject("3", "ig_media", None, None, "IMAGE")]
    assert [(part.reason, part.fragment) for part in listing.unreadable] == [
        ('the field `timestamp`: "yesterday" is not an instant with its offset from UTC', {"id": 3, "timestamp": "yesterday"}),
        ("the field `caption` is a list, not a text", {"id": 3, "caption": ["x"]}),
    ]


def test_text_that_the_database_refuses_is_escaped() -> None:
    assert [one.message for one in listed("media", {"id": "3", "caption": "a\x00b\ud83d"})] == ["a\ufffdb\ufffd"]


@pytest.mark.parametrize("item", [None, 5, [], {}, {"id": None}, {"id": True}, {"id": ""}, {"id": ["3"]}, {"id": "3\x00"}, {"id": 10**30}])
def test_without_an_id_there_is_no_object(item: object) -> None:
    listing = parse_objects("media", answer(item, {"id": "4"}))
    assert [one.object.object_id for one in listing.listed] == ["4"]
    assert [part.reason for part in listing.unreadable] == ["an item of the list has no id"]


@pytest.mark.parametrize("body", [None, [], {}, {"data": {}}, "text"])
def test_a_body_without_a_list(body: object) -> None:
    listing = parse_objects("media", body)
    assert listing.listed == ()
    assert [part.reason for part in listing.unreadable] == ["the answer has no list `data`"]


def test_links_of_nested_insights_are_not_kept() -> None:
    listing = parse_objects("published_posts", answer({"message": "no id", "insights": answer()}))
    assert "TOKEN" not in repr(listing)
    assert listing.unreadable[0].fragment == {"message": "no id", "insights": {"data": []}}


def test_a_page_may_be_empty() -> None:
    assert listed("media") == []


def test_an_unknown_edge_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        parse_objects("tagged", answer())

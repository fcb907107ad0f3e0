"""Fields of objects that are metrics, alone and in items of lists."""

from __future__ import annotations

from typing import Any

import pytest

from agentmarts.meta_graph.model import Question
from agentmarts.meta_graph.parsing.nodes import parse_item, parse_node
from tests.support.meta_graph.answers import CATALOGUE, LATER, answer, lifetime, question, reasons, values


def node(asked: Question, **fields: Any) -> Any:
    return parse_node(asked, {"id": "17", **fields}, CATALOGUE, LATER)


def test_fields_of_a_page_are_samples() -> None:
    parsed = node(question("fb_node", "followers_count", "overall_star_rating"), followers_count=1204, overall_star_rating=4.7, name="Cafe")
    assert {one.metric: str(one.value) for one in parsed.observations} == {"followers_count": "1204", "overall_star_rating": "4.7"}
    assert {(one.period, one.window_end, one.sample_slot, one.is_final, one.state) for one in parsed.observations} == {
        ("node", None, "day:2026-03-10", True, "ok")
    }
    assert (parsed.answered, parsed.missing, parsed.unreadable) == ({"followers_count", "overall_star_rating"}, set(), ())


@pytest.mark.parametrize(("fields", "number"), [({}, 0), ({"shares": {"count": 4}}, 4)])
def test_shares_left_out_of_an_answered_post_are_zero(fields: dict[str, Any], number: int) -> None:
    parsed = node(question("fb_posts", "shares.count"), **fields)
    assert values(parsed) == {("shares.count",): number}
    assert (parsed.answered, parsed.missing) == ({"shares.count"}, set())


@pytest.mark.parametrize("fields", [{"shares": None}, {"shares": {"count": None}}])
def test_null_is_unknown(fields: dict[str, Any]) -> None:
    parsed = node(question("fb_posts", "shares.count"), **fields)
    assert values(parsed) == {("shares.count",): None}
    assert parsed.observations[0].state == "empty"
    assert parsed.answered == {"shares.count"}


def test_shares_without_a_count_or_without_a_post_are_unknown() -> None:
    asked = question("fb_posts", "shares.count")
    for body in ({}, {"id": "17", "shares": {}}):
        parsed = parse_node(asked, body, CATALOGUE, LATER)
        assert values(parsed) == {("shares.count",): None}
        assert (parsed.answered, parsed.missing) == (set(), {"shares.count"})


def test_a_hidden_count_is_unknown_and_not_zero() -> None:
    parsed = node(question("ig_media", "like_count", "comments_count"), comments_count=3)
    assert values(parsed) == {("comments_count",): 3, ("like_count",): None}
    assert [one.state for one in parsed.observations] == ["ok", "empty"]
    assert (parsed.answered, parsed.missing) == ({"comments_count"}, {"like_count"})


@pytest.mark.parametrize(
    ("metric", "fields", "reason"),
    [
        ("shares.count", {"shares": 4}, "`shares` is 4, not an object"),
        ("shares.count", {"shares": {"count": True}}, "true is not a number"),
        ("shares.count", {"shares": {"count": {"deep": 1}}}, "an object is not a number"),
    ],
)
def test_an_unreadable_field_is_neither_answered_nor_missing(metric: str, fields: dict[str, Any], reason: str) -> None:
    parsed = node(question("fb_posts", metric), **fields)
    assert parsed.observations == ()
    assert reasons(parsed) == [(metric, reason)]
    assert parsed.unreadable[0].fragment == fields["shares"]
    assert (parsed.answered, parsed.missing) == (set(), set())


@pytest.mark.parametrize("body", [None, [], "text", 5, {"error": {"code": 100}}])
def test_what_is_no_object_says_nothing(body: object) -> None:
    parsed = parse_node(question("fb_node"), body, CATALOGUE, LATER)
    assert (parsed.observations, parsed.answered, parsed.missing) == ((), set(), set())
    assert reasons(parsed) == [("*", "the answer is not an object with fields")]


def test_an_item_carries_fields_and_insights() -> None:
    asked = question("fb_posts", "shares.count", "post_clicks", "post_reactions_by_type_total")
    item = {"id": "1_2", "shares": {"count": 2}, "insights": answer(lifetime("post_reactions_by_type_total", {"like": 3}))}
    parsed = parse_item(asked, item, CATALOGUE, LATER, {"post_reactions_by_type_total": frozenset({"love"})})
    assert values(parsed) == {
        ("shares.count",): 2,
        ("post_clicks",): None,
        ("post_reactions_by_type_total", "key", "like"): 3,
        ("post_reactions_by_type_total", "key", "love"): 0,
    }
    assert parsed.answered == {"shares.count", "post_reactions_by_type_total"}
    assert parsed.missing == {"post_clicks"}


@pytest.mark.parametrize("more", [{}, {"insights": None}])
def test_an_item_without_insights_has_none(more: dict[str, Any]) -> None:
    parsed = parse_item(question("fb_posts", "shares.count", "post_clicks"), {"id": "1_2", **more}, CATALOGUE, LATER)
    assert values(parsed) == {("shares.count",): 0, ("post_clicks",): None}
    assert parsed.missing == {"post_clicks"}


def test_unreadable_insights_leave_the_fields() -> None:
    parsed = parse_item(question("fb_posts", "shares.count", "post_clicks"), {"id": "1_2", "insights": [5]}, CATALOGUE, LATER)
    assert values(parsed) == {("shares.count",): 0}
    assert reasons(parsed) == [("*", "the answer has no list `data`")]


def test_an_item_that_is_no_object_says_nothing() -> None:
    for metrics in (("post_clicks",), ("shares.count",), ("shares.count", "post_clicks")):
        parsed = parse_item(question("fb_posts", *metrics), 5, CATALOGUE, LATER)
        assert (parsed.observations, parsed.answered, parsed.missing) == ((), set(), set())
        assert reasons(parsed) == [("*", "the answer is not an object with fields")]

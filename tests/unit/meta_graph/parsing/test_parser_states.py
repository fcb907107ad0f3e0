"""Unknown stays visible and is never 0: states, what is missing, what is final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentmarts.meta_graph.model import FINAL_AFTER, PROVISIONAL_FOR
from agentmarts.meta_graph.parsing.insights import insight_metrics
from tests.support.meta_graph.answers import (
    CATALOGUE,
    END,
    LATER,
    START,
    breakdown,
    lifetime,
    only,
    parse,
    question,
    reasons,
    series,
    total,
    values,
)

NINTH = "2026-03-10T07:00:00+0000"
STAMP = datetime(2026, 3, 10, 7, tzinfo=UTC)
NOTHING: dict[str, list[Any]] = {
    "no entry": [],
    "an empty total": [total("views")],
    "total is null": [{"name": "views", "period": "day", "total_value": None}],
    "no values": [{"name": "views", "period": "day", "values": []}],
    "a value without a field": [{"name": "views", "period": "day", "values": [{}]}],
    "the bare entry": [{"name": "views", "period": "day", "title": "Views", "id": "17/insights/views/day"}],
    "no breakdowns": [{"name": "views", "period": "day", "total_value": {"breakdowns": []}}],
    "a breakdown without results": [
        {"name": "views", "period": "day", "total_value": {"breakdowns": [{"dimension_keys": ["follow_type"]}]}}
    ],
}


@pytest.mark.parametrize("entries", NOTHING.values(), ids=NOTHING)
def test_a_window_with_one_figure_without_an_answer_is_empty(entries: list[Any]) -> None:
    parsed = parse(question("ig_total", "views", "likes"), *entries, total("likes", 3))
    empty, likes = sorted(parsed.observations, key=lambda one: one.metric, reverse=True)
    assert (empty.value, empty.state, empty.period, empty.window_start, empty.window_end) == (None, "empty", "day", START, END)
    assert (likes.value, likes.state) == (3, "ok")
    assert (parsed.answered, parsed.missing, parsed.unreadable) == ({"likes"}, {"views"}, ())


def test_the_skeleton_without_breakdown_is_empty() -> None:
    parsed = parse(question("ig_follows"), total("follows_and_unfollows"))
    assert (only(parsed).value, only(parsed).state, only(parsed).dim_key) == (None, "empty", "")
    assert parsed.missing == {"follows_and_unfollows"}


def test_a_sample_without_an_answer_is_empty() -> None:
    """A photo has no video views: expansion on Facebook answers without them."""
    parsed = parse(question("fb_posts", "post_clicks", "post_video_views"), lifetime("post_clicks", 4))
    assert values(parsed) == {("post_clicks",): 4, ("post_video_views",): None}
    empty = parsed.observations[1]
    assert (empty.state, empty.period, empty.window_end, empty.sample_slot, empty.is_final) == ("empty", "lifetime", None, "age:24h", True)


def test_an_empty_answer_is_a_third_outcome() -> None:
    """`200 {"data": []}`: no permission, or nothing to say; airbyte#66509 counted it as success."""
    parsed = parse(question("ig_total"))
    assert parsed.answered == set()
    assert parsed.missing == set(question("ig_total").metrics)
    assert {one.state for one in parsed.observations} == {"empty"}
    assert len(parsed.observations) == len(question("ig_total").metrics)


def test_a_series_invents_no_stamps() -> None:
    """Two days were asked and one came: the other one's stamp nobody knows. What was asked stands in the ledger."""
    asked = question("fb_page", "page_media_view", "page_follows", start=START - timedelta(days=1))
    parsed = parse(asked, series("page_media_view", (5, NINTH)))
    assert values(parsed) == {("page_media_view", NINTH): 5}
    assert (parsed.answered, parsed.missing) == ({"page_media_view"}, {"page_follows"})


@pytest.mark.parametrize("point", [{"value": None, "end_time": NINTH}, {"end_time": NINTH}, {"value": {}, "end_time": NINTH}])
def test_a_stamp_without_a_number_is_a_day_without_a_value(point: Any) -> None:
    """airbyte#3241: the last two days are not ready."""
    parsed = parse(question("fb_page", "page_follows"), {"name": "page_follows", "period": "day", "values": [point]})
    observation = only(parsed)
    assert (observation.value, observation.state, observation.window_end) == (None, "empty", STAMP)
    assert (parsed.answered, parsed.missing) == ({"page_follows"}, set())


@pytest.mark.parametrize(
    ("group", "entry", "end"),
    [
        ("ig_total", total("views", 0), END),
        ("fb_page", series("page_media_view", (0, NINTH)), STAMP),
        ("ig_series", series("reach", (0, NINTH)), STAMP + timedelta(days=1)),
    ],
)
def test_a_zero_may_be_a_day_that_is_not_counted_yet(group: str, entry: Any, end: datetime) -> None:
    """The stamp of an Instagram series may be the day itself, which then ends up to a day later."""
    asked = question(group, entry["name"])
    for after, state in [
        (timedelta(hours=-3), "zero_provisional"),
        (PROVISIONAL_FOR - timedelta(seconds=1), "zero_provisional"),
        (PROVISIONAL_FOR, "ok"),
    ]:
        observation = only(parse(asked, entry, observed_at=end + after))
        assert (observation.value, observation.state) == (0, state)


def test_only_a_zero_is_provisional() -> None:
    assert only(parse(question("ig_total", "views"), total("views", 1), observed_at=END)).state == "ok"
    assert only(parse(question("ig_total", "views"), total("views"), observed_at=END)).state == "empty"
    assert only(parse(question("ig_media_due", "reach"), lifetime("reach", 0), observed_at=END)).state == "ok"


@pytest.mark.parametrize(
    ("group", "entry", "end"), [("ig_total", total("views", 3), END), ("fb_page", series("page_media_view", (3, NINTH)), STAMP)]
)
def test_a_window_is_final_three_days_after_its_end(group: str, entry: Any, end: datetime) -> None:
    asked = question(group, entry["name"])
    assert not only(parse(asked, entry, observed_at=end + FINAL_AFTER - timedelta(seconds=1))).is_final
    assert only(parse(asked, entry, observed_at=end + FINAL_AFTER)).is_final


def test_samples_are_final_at_once() -> None:
    assert only(parse(question("ig_media_due", "reach"), lifetime("reach", 3), observed_at=START)).is_final


def test_a_stamped_sample_is_of_its_slot() -> None:
    """Some lifetime values carry a stamp; it is kept, and does not make them windows."""
    observation = only(parse(question("ig_media_due", "reach"), series("reach", (3, NINTH), period="lifetime")))
    assert (observation.window_end, observation.raw_end_time, observation.sample_slot) == (None, NINTH, "age:24h")


def test_a_key_seen_earlier_and_missing_now_is_zero() -> None:
    """Only keys that are not 0 come; without the 0 an undone reaction would stand for ever."""
    asked = question("fb_posts", "post_reactions_by_type_total", "post_clicks_by_type")
    parsed = parse(
        asked,
        lifetime("post_reactions_by_type_total", {"like": 3}),
        lifetime("post_clicks_by_type", {"link clicks": 1}),
        post_reactions_by_type_total={"like", "LOVE"},
    )
    assert values(parsed) == {
        ("post_clicks_by_type", "key", "link clicks"): 1,
        ("post_reactions_by_type_total", "key", "like"): 3,
        ("post_reactions_by_type_total", "key", "love"): 0,
    }


def test_an_empty_dictionary_is_zero_for_known_keys_and_nothing_else() -> None:
    asked = question("fb_posts", "post_reactions_by_type_total")
    entry = lifetime("post_reactions_by_type_total", {})
    assert values(parse(asked, entry, post_reactions_by_type_total={"like"})) == {("post_reactions_by_type_total", "key", "like"): 0}
    parsed = parse(asked, entry)
    assert (only(parsed).value, only(parsed).state) == (None, "empty")
    assert parsed.answered == {"post_reactions_by_type_total"}


def test_without_its_dictionary_no_key_becomes_zero() -> None:
    asked = question("fb_posts", "post_reactions_by_type_total")
    assert values(parse(asked, post_reactions_by_type_total={"like"})) == {("post_reactions_by_type_total",): None}


def test_an_unreadable_key_does_not_become_zero() -> None:
    parsed = parse(
        question("fb_posts", "post_reactions_by_type_total"),
        lifetime("post_reactions_by_type_total", {"Like": "many", "love": 1}),
        post_reactions_by_type_total={"like"},
    )
    assert values(parsed) == {("post_reactions_by_type_total", "key", "love"): 1}
    assert reasons(parsed) == [("post_reactions_by_type_total", '"many" is not a number')]


def test_a_filled_zero_yields_to_a_number_of_the_same_answer() -> None:
    parsed = parse(
        question("fb_posts", "post_reactions_by_type_total"),
        lifetime("post_reactions_by_type_total", {"like": 3}),
        lifetime("post_reactions_by_type_total", {"love": 1}),
        post_reactions_by_type_total={"like", "love"},
    )
    assert list(values(parsed).values()) == [3, 1]
    assert parsed.unreadable == ()


def test_each_day_of_a_series_fills_its_own_keys() -> None:
    metric, tenth = "page_actions_post_reactions_total", "2026-03-11T07:00:00+0000"
    parsed = parse(
        question("fb_page", metric),
        series(metric, ({"like": 3}, NINTH), ({"love": 1}, tenth)),
        observed_at=STAMP + PROVISIONAL_FOR,
        **{metric: {"like", "love"}},
    )
    assert {(one.dim_value, one.raw_end_time): (one.value, one.state) for one in parsed.observations} == {
        ("like", NINTH): (3, "ok"),
        ("love", NINTH): (0, "ok"),
        ("like", tenth): (0, "zero_provisional"),
        ("love", tenth): (1, "ok"),
    }


def test_shares_of_a_distribution_are_not_filled() -> None:
    """Of cities and countries only the largest come: one that is left out is unknown."""
    metric = "page_follows_country"
    parsed = parse(question("fb_page", metric), series(metric, ({"DE": 3}, NINTH)), **{metric: {"de", "fr"}})
    assert values(parsed) == {(metric, "key", "de", NINTH): 3}


def test_dimensions_of_a_breakdown_are_not_filled() -> None:
    """That Meta leaves them out only at 0 is documented for dictionaries alone."""
    entry = total("follows_and_unfollows", None, breakdown(["follow_type"], (["FOLLOWER"], 3)))
    parsed = parse(question("ig_follows"), entry, follows_and_unfollows={"follower", "non_follower"})
    assert values(parsed) == {("follows_and_unfollows", "follow_type", "follower"): 3}


def test_a_dictionary_that_answers_a_breakdown_is_not_filled() -> None:
    parsed = parse(question("fb_page_split_ads"), series("page_media_view", ({"0": 5}, NINTH)), page_media_view={"0", "1"})
    assert values(parsed) == {("page_media_view", "is_from_ads", "0", NINTH): 5}


def test_node_fields_are_no_missing_insights() -> None:
    asked = question("fb_posts")
    assert "shares.count" in asked.metrics
    assert set(insight_metrics(asked, CATALOGUE)) == set(asked.metrics) - {"shares.count"}
    assert parse(asked, observed_at=LATER).missing == set(asked.metrics) - {"shares.count"}

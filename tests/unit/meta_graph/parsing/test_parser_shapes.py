"""Each shape of an answer, and what is read of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from agentmarts.meta_graph.parsing.insights import parse_insights
from tests.support.meta_graph.answers import (
    CATALOGUE,
    END,
    LATER,
    START,
    answer,
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

ACCOUNT = UUID("00000000-0000-4000-8000-000000000017")
NINTH, TENTH = "2026-03-10T07:00:00+0000", "2026-03-11T07:00:00+0000"


def test_a_series_has_its_stamps_alone() -> None:
    parsed = parse(question("fb_page", "page_media_view"), series("page_media_view", (66226, NINTH), (70000, TENTH)))
    first, second = parsed.observations
    assert (first.value, first.raw_end_time, first.window_start) == (66226, NINTH, None)
    assert first.window_end == datetime(2026, 3, 10, 7, tzinfo=UTC)
    assert (second.value, second.state, second.is_final) == (70000, "ok", True)
    assert parsed.answered == {"page_media_view"}
    assert parsed.missing == set()
    assert parsed.unreadable == ()


def test_a_group_without_period_gets_the_metric_once_per_period() -> None:
    asked = question("fb_page", "page_media_view")
    parsed = parse(asked, *(series("page_media_view", (number, NINTH), period=period) for period, number in PERIODS.items()))
    assert {one.period: one.value for one in parsed.observations} == PERIODS
    assert {one.window_end for one in parsed.observations} == {datetime(2026, 3, 10, 7, tzinfo=UTC)}


PERIODS = {"day": 10, "week": 60, "days_28": 200}


def test_a_lifetime_dictionary_gives_a_row_per_key() -> None:
    asked = question("fb_posts", "post_reactions_by_type_total")
    parsed = parse(asked, lifetime("post_reactions_by_type_total", {"like": 330, "love": 2}))
    assert values(parsed) == {
        ("post_reactions_by_type_total", "key", "like"): 330,
        ("post_reactions_by_type_total", "key", "love"): 2,
    }
    assert {(one.window_start, one.window_end, one.sample_slot, one.is_final) for one in parsed.observations} == {
        (None, None, "age:24h", True)
    }


def test_a_total_has_the_window_that_was_asked() -> None:
    observation = only(parse(question("ig_total", "views"), total("views", 224)))
    assert (observation.value, observation.window_start, observation.window_end, observation.raw_end_time) == (224, START, END, None)


def test_a_breakdown_of_two_dimensions_keeps_both_values() -> None:
    split = breakdown(["media_product_type", "follow_type"], (["POST", "FOLLOWER"], 100), (["POST", "non_follower"], 124))
    parsed = parse(question("ig_window_7", "reach"), total("reach", 224, split))
    names = "follow_type|media_product_type"
    assert values(parsed) == {("reach",): 224, ("reach", names, "follower|post"): 100, ("reach", names, "non_follower|post"): 124}


def test_values_of_dimensions_are_lower_case() -> None:
    """Meta writes them in either: a fact must not split by it."""
    upper = parse(question("ig_follows"), total("follows_and_unfollows", None, breakdown(["follow_type"], (["FOLLOWER"], 3))))
    lower = parse(question("ig_follows"), total("follows_and_unfollows", None, breakdown(["follow_type"], (["follower"], 3))))
    assert upper == lower
    assert only(upper).dim_value == "follower"


@pytest.mark.parametrize(
    "metric_and_product", [("profile_activity", "FEED"), ("navigation", "STORY")], ids=["profile_activity", "navigation"]
)
def test_values_and_total_value_side_by_side_count_once(metric_and_product: tuple[str, str]) -> None:
    """dbt_social_media_reporting added up fields that hold the same number."""
    metric, product = metric_and_product
    asked = question("ig_stories" if product == "STORY" else "ig_media_due", metric, media_product=product)
    both = lifetime(metric, 25) | total(metric, 25, breakdown(["action_type"], (["tap_forward"], 19), (["tap_exit"], 6)), period="lifetime")
    parsed = parse(asked, both)
    assert values(parsed) == {(metric,): 25, (metric, "action_type", "tap_forward"): 19, (metric, "action_type", "tap_exit"): 6}
    assert {one.media_product for one in parsed.observations} == {product}


PAGE_SPLITS: dict[str, list[Any]] = {
    "beside the value": [
        series("page_media_view", (5, NINTH), is_from_ads="0"),
        series("page_media_view", (2, NINTH), is_from_ads="1"),
    ],
    "beside the value, in one entry": [
        {
            "name": "page_media_view",
            "period": "day",
            "values": [
                {"value": 5, "is_from_ads": False, "end_time": NINTH},
                {"value": 2, "is_from_ads": 1, "end_time": NINTH},
            ],
        }
    ],
    "a dictionary": [series("page_media_view", ({"0": 5, "1": 2}, NINTH))],
}


@pytest.mark.parametrize("entries", PAGE_SPLITS.values(), ids=PAGE_SPLITS)
def test_split_series_of_a_page_are_the_same_facts_in_each_shape(entries: list[Any]) -> None:
    parsed = parse(question("fb_page_split_ads"), *entries)
    metric = "page_media_view"
    assert values(parsed) == {(metric, "is_from_ads", "0", NINTH): 5, (metric, "is_from_ads", "1", NINTH): 2}
    assert parsed.unreadable == ()


def test_a_split_total_of_a_page_has_the_asked_window() -> None:
    split = breakdown(["is_from_ads"], (["0"], 5), (["1"], 2))
    parsed = parse(question("fb_page_split_ads"), total("page_media_view", 7, split))
    metric = "page_media_view"
    assert values(parsed) == {(metric,): 7, (metric, "is_from_ads", "0"): 5, (metric, "is_from_ads", "1"): 2}
    assert {(one.window_start, one.window_end) for one in parsed.observations} == {(START, END)}


def test_a_field_beside_the_value_that_no_rule_knows_makes_it_unreadable() -> None:
    """The value may be a part of the whole: as the whole it would be wrong."""
    parsed = parse(question("fb_page", "page_media_view"), series("page_media_view", (5, NINTH), is_from_bots="0"))
    assert parsed.observations == ()
    assert reasons(parsed) == [("page_media_view", 'beside the value stands "is_from_bots", which is no breakdown of this metric')]
    assert parsed.unreadable[0].fragment == {"value": 5, "end_time": NINTH, "is_from_bots": "0"}


def test_reels_answer_with_dictionaries_that_are_kept_by_key() -> None:
    """trypostit/trypost#320: they are read from /video_insights; reactions were added up to one number there."""
    parsed = parse(
        question("fb_reels"),
        lifetime("fb_reels_total_plays", 900),
        lifetime("post_video_social_actions", {"COMMENT": 4, "SHARE": 1}),
        lifetime("post_video_likes_by_reaction_type", {"REACTION_LIKE": 12, "REACTION_LOVE": 3}),
        lifetime("post_video_avg_time_watched", 61_000),
    )
    assert values(parsed)["post_video_social_actions", "key", "comment"] == 4
    assert values(parsed)["post_video_likes_by_reaction_type", "key", "reaction_love"] == 3
    assert parsed.missing == {"blue_reels_play_count", "post_video_view_time"}


def test_average_watch_time_may_exceed_the_length() -> None:
    parsed = parse(
        question("fb_posts", "post_video_avg_time_watched", "post_video_length"),
        lifetime("post_video_length", 8_000),
        lifetime("post_video_avg_time_watched", 19_733),
    )
    assert values(parsed) == {("post_video_length",): 8_000, ("post_video_avg_time_watched",): 19_733}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (5, "5"),
        (5.0, "5"),
        (12.35, "12.35"),
        ("12.35", "12.35"),
        ("7", "7"),
        (-3, "-3"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        ("1e3", "1000"),
        (10**18 - 1, "999999999999999999"),
    ],
)
def test_numbers_come_as_numbers_or_text(written: object, number: str) -> None:
    value = only(parse(question("ig_media_due", "reach"), lifetime("reach", written))).value
    assert str(value) == number


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (True, "true is not a number"),
        ("many", '"many" is not a number'),
        ("", '"" is not a number'),
        ("٥", '"٥" is not a number'),
        ("1_000", '"1_000" is not a number'),
        ([5], "a list is not a number"),
        (float("nan"), "nan is not a number"),
        (float("inf"), "inf is not a number"),
        ("NaN", '"NaN" is not a number'),
        (10**18, "1000000000000000000 is larger than any metric can be"),
        (10**400, "an integer of 1329 bits is larger than any metric can be"),
        (1e300, "1e+300 is larger than any metric can be"),
        ("1e-300", '"1e-300" has more decimal places than any metric can have'),
        ("x" * 500, '"' + "x" * 60 + '…" is not a number'),
    ],
)
def test_what_is_no_number_is_unreadable_for_that_part_only(written: object, reason: str) -> None:
    parsed = parse(question("fb_page", "page_media_view", "page_follows"), series("page_media_view", (written, NINTH), (8, TENTH)))
    assert values(parsed) == {("page_media_view", TENTH): 8}
    assert reasons(parsed) == [("page_media_view", reason)]
    assert parsed.answered == {"page_media_view"}


def test_a_key_of_a_dictionary_is_unreadable_alone() -> None:
    asked = question("fb_posts", "post_clicks_by_type")
    parsed = parse(asked, lifetime("post_clicks_by_type", {"link clicks": 3, "other clicks": {"deep": 1}, "": 2, "photo\x00view": 1}))
    assert values(parsed) == {("post_clicks_by_type", "key", "link clicks"): 3}
    assert [part.fragment for part in parsed.unreadable] == [{"photo\ufffdview": 1}, {"": 2}, {"other clicks": {"deep": 1}}]


@pytest.mark.parametrize(
    ("names", "result", "reason"),
    [
        (["a", "b"], {"dimension_values": ["x"], "value": 1}, "a result has not one value for each of the `dimension_keys`"),
        ([], {"dimension_values": [], "value": 1}, "a result has not one value for each of the `dimension_keys`"),
        (["a"], {"value": 1}, "a result has not one value for each of the `dimension_keys`"),
        (["a", "A"], {"dimension_values": ["x", "y"], "value": 1}, "the `dimension_keys` name a dimension twice"),
        (["a", "b"], {"dimension_values": ["x|y", "z"], "value": 1}, "a dimension holds the character | that joins dimensions"),
        (["a"], {"dimension_values": [None], "value": 1}, "null names no dimension"),
        (["a"], {"dimension_values": ["x"], "value": "?"}, '"?" is not a number'),
        (["a"], 7, "7 in `results` is not an object"),
    ],
)
def test_a_result_is_unreadable_alone(names: list[str], result: object, reason: str) -> None:
    good = breakdown(["follow_type"], (["FOLLOWER"], 3))
    parsed = parse(question("ig_follows"), total("follows_and_unfollows", None, good, {"dimension_keys": names, "results": [result]}))
    assert values(parsed) == {("follows_and_unfollows", "follow_type", "follower"): 3}
    assert reasons(parsed) == [("follows_and_unfollows", reason)]


@pytest.mark.parametrize(
    ("stamp", "reason"),
    [
        ("2026-03-10", '"2026-03-10" is not an instant with its offset from UTC'),
        ("2026-03-10T07:00:00", '"2026-03-10T07:00:00" is not an instant with its offset from UTC'),
        (1773126000, "1773126000 is not an instant with its offset from UTC"),
        ("2026-02-30T07:00:00+0000", '"2026-02-30T07:00:00+0000" is not an instant of the calendar'),
        ("0001-01-01T00:00:00+1400", '"0001-01-01T00:00:00+1400" is not an instant of the calendar'),
        ("1970-01-01T00:00:00+0000", '"1970-01-01T00:00:00+0000" is not in the years 2004 to 2100'),
        (None, "a point of a series has no `end_time`"),
    ],
)
def test_a_point_without_a_sound_stamp_is_unreadable(stamp: Any, reason: str) -> None:
    parsed = parse(question("fb_page", "page_media_view"), series("page_media_view", (5, stamp), (8, TENTH)))
    assert values(parsed) == {("page_media_view", TENTH): 8}
    assert reasons(parsed) == [("page_media_view", reason)]


@pytest.mark.parametrize(
    "stamp", ["2026-03-10T07:00:00+0000", "2026-03-10T07:00:00+00:00", "2026-03-10T07:00:00Z", "2026-03-10T08:30:00+0130"]
)
def test_stamps_are_instants_and_kept_as_written(stamp: str) -> None:
    """airbyte PR 74006: an account's zone may stand in them."""
    observation = only(parse(question("ig_series", "reach"), series("reach", (5, stamp))))
    assert (observation.window_end, observation.raw_end_time) == (datetime(2026, 3, 10, 7, tzinfo=UTC), stamp)


def test_the_same_number_twice_is_one() -> None:
    twice = series("page_media_view", (5, NINTH), (5.0, NINTH))
    assert only(parse(question("fb_page", "page_media_view"), twice, twice)).value == 5


def test_one_instant_written_in_two_ways_is_one_stamp() -> None:
    """Which of them is kept does not depend on the order."""
    points = [(5, NINTH), (5, "2026-03-10T07:00:00Z")]
    asked = question("fb_page", "page_media_view")
    there, back = (only(parse(asked, series("page_media_view", *order))) for order in (points, points[::-1]))
    assert (there, there.raw_end_time) == (back, NINTH)


def test_two_numbers_for_one_fact_are_none() -> None:
    parsed = parse(question("fb_page", "page_media_view"), series("page_media_view", (5, NINTH), (6, NINTH), (7, TENTH)))
    assert values(parsed) == {("page_media_view", TENTH): 7}
    assert reasons(parsed) == [("page_media_view", f"the answer gives different numbers for the same fact (day {NINTH})")]
    assert parsed.unreadable[0].fragment == ["5", "6"]


def test_what_was_not_asked_is_not_lost() -> None:
    """Called without `metric`, /video_insights answers a default set with a retired name in it."""
    parsed = parse(
        question("fb_reels", "fb_reels_total_plays"), lifetime("fb_reels_total_plays", 9), lifetime("post_impressions_unique", 8)
    )
    assert values(parsed) == {("fb_reels_total_plays",): 9}
    assert reasons(parsed) == [("post_impressions_unique", "the answer holds a metric that was not asked for")]
    assert parsed.unreadable[0].fragment == lifetime("post_impressions_unique", 8)


def test_another_period_than_asked_is_not_the_answer() -> None:
    asked = question("fb_posts", "post_video_views")
    parsed = parse(asked, series("post_video_views", (3, NINTH)), lifetime("post_video_views", 40))
    assert values(parsed) == {("post_video_views",): 40}
    assert reasons(parsed) == [("post_video_views", "the period asked for is lifetime, the answer has day")]


@pytest.mark.parametrize("period", ["quarter", None, ["day"], "day\x00"])
def test_a_period_nobody_knows(period: Any) -> None:
    parsed = parse(question("fb_page", "page_media_view"), series("page_media_view", (3, NINTH), period=period))
    assert parsed.observations == ()
    assert "is not a period" in parsed.unreadable[0].reason
    assert (parsed.answered, parsed.missing) == (set(), set())


def test_the_period_of_the_group_stands_for_one_that_is_left_out() -> None:
    entry = {"name": "reach", "values": [{"value": 4}]}
    assert only(parse(question("ig_media_due", "reach"), entry)).period == "lifetime"


@pytest.mark.parametrize("body", [None, [], "Service Unavailable", {}, {"data": {}}, {"data": None}, {"error": {"code": 1}}, 7])
def test_a_body_without_data_says_nothing_of_any_metric(body: object) -> None:
    parsed = parse_insights(question("ig_total", "views"), body, CATALOGUE, LATER)
    assert (parsed.observations, parsed.answered, parsed.missing) == ((), set(), set())
    assert reasons(parsed) == [("*", "the answer has no list `data`")]


@pytest.mark.parametrize("entry", [None, [], "views", {}, {"name": 5}, {"period": "day"}])
def test_an_entry_without_a_name_is_unreadable_alone(entry: object) -> None:
    parsed = parse(question("ig_total", "views"), entry, total("views", 3))
    assert values(parsed) == {("views",): 3}
    assert reasons(parsed) == [("*", "an entry of `data` is not an object with the name of a metric")]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"values": {"value": 3}}, "`values` is an object, not a list"),
        ({"values": [3]}, "3 in `values` is not an object"),
        ({"total_value": 3}, "`total_value` is 3, not an object"),
        ({"total_value": {"breakdowns": {"follow_type": 3}}}, "`breakdowns` is an object, not a list"),
        ({"total_value": {"breakdowns": [3]}}, "a breakdown has no list of `dimension_keys` or `results`"),
        ({"total_value": {"breakdowns": [{"results": []}]}}, "a breakdown has no list of `dimension_keys` or `results`"),
        ({"total_value": {"value": [3]}}, "a list is not a number"),
    ],
)
def test_parts_of_the_wrong_kind(part: dict[str, object], reason: str) -> None:
    """The metric came, but nobody can say with what: it is neither answered nor missing."""
    parsed = parse(question("ig_total", "views", "likes"), {"name": "views", "period": "day", **part}, total("likes", 1))
    assert values(parsed) == {("likes",): 1}
    assert reasons(parsed) == [("views", reason)]
    assert (parsed.answered, parsed.missing) == ({"likes"}, set())


def test_links_and_secrets_do_not_reach_what_is_kept() -> None:
    secret = "https://graph.example/me?access_token=TOKEN"
    asked = question("fb_posts", "post_clicks_by_type", "post_clicks")
    bodies = [
        answer() | {"data": None},
        answer(lifetime("post_clicks", secret), lifetime("post_clicks_by_type", {secret: 3}), lifetime(secret, 4)),
        answer({"name": 5, **answer(), "note": [secret]}),
    ]
    for body in bodies:
        parsed = parse_insights(asked, body, CATALOGUE, LATER)
        assert parsed.unreadable
        assert "TOKEN" not in repr(parsed)


def test_a_value_keeps_every_digit() -> None:
    value = only(parse(question("ig_media_due", "reels_skip_rate"), lifetime("reels_skip_rate", 33.333333333333336))).value
    assert value == Decimal("33.333333333333336")


def test_the_same_fact_keeps_its_id_when_it_is_restated() -> None:
    asked = question("ig_total", "views")
    early, late = (only(parse(asked, total("views", number), observed_at=END + timedelta(days=day))) for number, day in ((3, 1), (9, 4)))
    assert early != late
    assert early.fact_id(ACCOUNT) == late.fact_id(ACCOUNT)

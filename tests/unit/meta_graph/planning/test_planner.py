"""What is due: by clock, catalogue and ledger alone; within the budget of requests that the issue of the day allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.model import Call, GraphObject, Urgency
from agentmarts.meta_graph.planning.planner import Known, plan, sample_key, sample_slot
from agentmarts.meta_graph.planning.quarantine import Quarantined

CATALOGUE = load_catalogue()
AT = datetime(2026, 10, 15, 8, tzinfo=UTC)
PAGE = Known(UUID(int=1), "facebook", "p1", "Europe/Berlin", "utc", date(2026, 10, 15))
PROFILE = replace(PAGE, account_id=UUID(int=2), platform="instagram", graph_id="i1")
LONG_AGO = (datetime(2020, 1, 1, tzinfo=UTC), AT + timedelta(days=400))


def without_past(known: Known) -> Known:
    """An account whose past is collected already."""
    return replace(known, covered={group.name: [LONG_AGO] for group in CATALOGUE.groups})


def medium(number: int, published_at: datetime, product: str = "FEED") -> GraphObject:
    return GraphObject(f"m{number}", "story" if product == "STORY" else "ig_media", published_at, product)


def answered(known: Known, calls: list[Call]) -> Known:
    """What the planner knows once these calls were answered, as far as single items go."""
    settled = {item.plan_key for call in calls for item in call.items}
    return replace(known, settled=known.settled | settled)


def by_group(calls: list[Call]) -> Counter[str]:
    return Counter(call.group.name for call in calls)


def test_a_day_of_a_page() -> None:
    calls = plan(without_past(PAGE), CATALOGUE, AT)
    assert by_group(calls) == {
        "fb_node": 1, "fb_page": 1, "fb_page_split_ads": 1, "fb_page_split_followers": 1, "fb_posts": 1, "fb_reels": 1,
    }  # fmt: skip
    [page] = [call for call in calls if call.group.name == "fb_page"]
    [item] = page.items
    assert item.path == "/p1/insights"
    # Midnight has just passed in California.
    assert (item.params["since"], item.params["until"]) == ("2026-10-08", "2026-10-15")
    assert "period" not in item.params
    [posts] = [call for call in calls if call.group.name == "fb_posts"]
    assert posts.urgency == Urgency.LISTS
    assert posts.items[0].params["limit"] == 100
    fields = str(posts.items[0].params["fields"])
    assert fields.startswith("id,created_time,permalink_url,message,shares,insights.metric(post_media_view,")
    assert "shares.count" not in fields


def test_a_day_of_an_instagram_account_stays_within_its_requests() -> None:
    hundred = [medium(number, AT - timedelta(days=number + 4), "REELS" if number % 3 else "FEED") for number in range(100)]
    known = without_past(replace(PROFILE, objects=hundred))
    groups = by_group(plan(known, CATALOGUE, AT))
    assert groups == {
        "ig_node": 1, "ig_series": 1, "ig_total": 4, "ig_follows": 4, "ig_window_7": 1, "ig_window_28": 1, "ig_media": 1,
        "ig_media_due": 2, "ig_stories": 1,
    }  # fmt: skip
    page = by_group(plan(without_past(PAGE), CATALOGUE, AT))
    assert sum(groups.values()) - groups["ig_stories"] + sum(page.values()) + 2 <= 24, "with two token checks"


def test_what_is_settled_is_not_asked_again() -> None:
    known = without_past(replace(PROFILE, objects=[medium(1, AT - timedelta(days=9)), medium(2, AT - timedelta(hours=5), "STORY")]))
    calls = plan(known, CATALOGUE, AT)
    assert calls == plan(known, CATALOGUE, AT)
    assert plan(answered(known, calls), CATALOGUE, AT) == []
    half = calls[::2]
    assert plan(answered(known, half), CATALOGUE, AT) == calls[1::2]


def test_the_next_day_asks_the_last_days_again() -> None:
    known = without_past(PROFILE)
    today = plan(known, CATALOGUE, AT)
    tomorrow = plan(answered(known, today), CATALOGUE, AT + timedelta(days=1))
    assert by_group(tomorrow)["ig_total"] == 4
    windows = {item.question.window_start for call in tomorrow if call.group.name == "ig_total" for item in call.items}
    assert windows == {datetime(2026, 10, day, tzinfo=UTC) for day in (12, 13, 14, 15)}
    later_today = plan(answered(known, today), CATALOGUE, AT + timedelta(hours=1))
    assert by_group(later_today) == {}


def test_the_past_is_asked_once_and_last() -> None:
    calls = plan(PAGE, CATALOGUE, AT)
    past = [call for call in calls if call.urgency == Urgency.GAPS]
    assert calls[-len(past) :] == past
    pages = [call.items[0].question for call in past if call.group.name == "fb_page"]
    assert len(pages) == 8, "720 days in windows of 90"
    assert all(q.window_end is not None and q.window_start is not None for q in pages)
    covered = {group.name: [(q.window_start, q.window_end) for q in pages if q.window_start and q.window_end] for group in CATALOGUE.groups}
    assert [c for c in plan(replace(PAGE, covered=covered), CATALOGUE, AT) if c.urgency == Urgency.GAPS and c.group.name == "fb_page"] == []


def test_an_outage_leaves_no_gap() -> None:
    """Collected until the 10th of August, then nothing for two months."""
    until = datetime(2026, 8, 10, tzinfo=UTC)
    known = replace(PROFILE, covered={group.name: [(LONG_AGO[0], until)] for group in CATALOGUE.groups})
    asked = [call.items[0].question for call in plan(known, CATALOGUE, AT) if call.group.name == "ig_total"]
    starts = sorted(question.window_start for question in asked if question.window_start)
    assert starts == [until + timedelta(days=number) for number in range(66)]


def test_after_a_crash_only_the_rest_of_an_item_is_asked() -> None:
    known = without_past(PROFILE)
    [series] = [call for call in plan(known, CATALOGUE, AT) if call.group.name == "ig_series"]
    known = replace(known, parts={series.items[0].plan_key: frozenset({"reach"})})
    [rest] = [call for call in plan(known, CATALOGUE, AT) if call.group.name == "ig_series"]
    assert rest.items[0].question.metrics == ("follower_count",)
    assert rest.items[0].plan_key == series.items[0].plan_key


def test_a_quarantined_metric_is_not_asked() -> None:
    known = without_past(replace(PROFILE, quarantined=frozenset({Quarantined("ig_user", None, "website_clicks", "day")})))
    for call in plan(known, CATALOGUE, AT):
        for item in call.items:
            assert "website_clicks" not in item.question.metrics
            assert "website_clicks" not in str(item.params.get("metric", ""))
    nothing_left = replace(known, quarantined=frozenset({Quarantined("ig_user", None, "follows_and_unfollows", "day")}))
    assert "ig_follows" not in by_group(plan(nothing_left, CATALOGUE, AT))


@pytest.mark.parametrize(("hours", "slot"), [(0.5, None), (1, "age:1h"), (30, "age:24h"), (73, "age:72h"), (7 * 24 - 1, "age:72h")])
def test_young_media_are_due_by_age(hours: float, slot: str | None) -> None:
    known = without_past(replace(PROFILE, objects=[medium(1, AT - timedelta(hours=hours))]))
    due = [item for call in plan(known, CATALOGUE, AT) if call.group.name == "ig_media_due" for item in call.items]
    assert [item.question.sample_slot for item in due] == ([slot] if slot else [])


def test_older_ages_wait_for_midnight() -> None:
    """Berlin's midnight is 22:00 UTC: a medium that turns 7 days old at noon is sampled with all others of its day."""
    noon = datetime(2026, 10, 15, 12, tzinfo=UTC)
    known = without_past(replace(PROFILE, objects=[medium(1, noon - timedelta(days=7))]))

    def due(at: datetime) -> list[str]:
        return [
            item.question.sample_slot for call in plan(known, CATALOGUE, at) if call.group.name == "ig_media_due" for item in call.items
        ]

    assert due(noon + timedelta(hours=1)) == []
    assert due(datetime(2026, 10, 15, 22, tzinfo=UTC)) == ["age:7d"]


@settings(deadline=None)
@given(day=st.integers(0, 12), minute=st.integers(-5, 180))
def test_a_sample_at_seven_days_is_never_a_day_late(day: int, minute: int) -> None:
    """Ticks at five past each hour, around midnight in Berlin, where 25 October has 25 hours."""
    published_at = datetime(2026, 10, 15, 22, tzinfo=UTC) + timedelta(days=day, minutes=minute)
    known = without_past(replace(PROFILE, objects=[medium(1, published_at)]))
    reached = published_at + timedelta(days=7)
    ticks = [reached.replace(minute=5) + timedelta(hours=hours) for hours in range(25)]
    at = next(
        tick
        for tick in ticks
        for call in plan(known, CATALOGUE, tick)
        if call.group.name == "ig_media_due" and call.items[0].question.sample_slot == "age:7d"
    )
    assert reached <= at <= reached + timedelta(hours=24)


def test_five_hundred_media_take_ten_batches() -> None:
    media = [medium(number, AT - timedelta(days=100 + number % 600)) for number in range(500)]
    calls = [call for call in plan(without_past(replace(PROFILE, objects=media)), CATALOGUE, AT) if call.group.name == "ig_media_due"]
    assert [len(call.items) for call in calls] == [50] * 10


def test_stories_are_asked_before_they_vanish_and_media_by_product() -> None:
    objects = [
        medium(1, AT - timedelta(hours=22), "STORY"),
        medium(2, AT - timedelta(hours=25), "STORY"),
        medium(3, AT - timedelta(hours=6), "REELS"),
    ]
    calls = plan(without_past(replace(PROFILE, objects=objects)), CATALOGUE, AT)
    items = {item.question.object_id: item for call in calls if call.shape == "batch" for item in call.items}
    assert set(items) == {"m1", "m3"}
    assert "navigation" in items["m1"].question.metrics
    assert "reels_skip_rate" in items["m3"].question.metrics
    order = [call.urgency for call in calls]
    assert order == sorted(order)


def test_a_young_post_brings_the_list_once_more() -> None:
    post = GraphObject("p1_1", "post", AT - timedelta(minutes=90))
    known = without_past(replace(PAGE, objects=[post]))
    group = CATALOGUE.group("fb_posts")
    morning = plan(known, CATALOGUE, AT)
    assert by_group(morning)["fb_posts"] == 1
    slot = sample_slot(known, group, post, AT)
    assert slot == "age:1h"
    known = answered(known, morning)
    known = replace(known, settled=known.settled | {sample_key(known, group, post, slot)})
    assert plan(known, CATALOGUE, AT + timedelta(hours=1)) == []
    six = plan(known, CATALOGUE, AT + timedelta(hours=5))
    assert by_group(six) == {"fb_posts": 1}
    # A list that shows nothing of the post does not come again and again in the same slot.
    assert plan(answered(known, six), CATALOGUE, AT + timedelta(hours=6)) == []
    assert sample_slot(answered(known, six), group, replace(post, published_at=None), AT) == "day:2026-10-15"


@settings(deadline=None)
@given(st.integers(0, 24 * 40), st.lists(st.integers(0, 24 * 60), max_size=12))
def test_ticks_at_any_hour_ask_each_slot_once(start: int, ages: list[int]) -> None:
    """However often the clock ticks: each object is asked at most once per slot, each window at most once per day."""
    begin = AT + timedelta(hours=start)
    known = without_past(replace(PROFILE, objects=[medium(number, begin - timedelta(hours=age)) for number, age in enumerate(ages)]))
    seen: Counter[tuple[str, str, str]] = Counter()
    for hour in range(0, 40, 3):
        calls = plan(known, CATALOGUE, begin + timedelta(hours=hour))
        for call in calls:
            for item in call.items:
                if item.question.sample_slot and item.question.object_id:
                    seen[(call.group.name, item.question.object_id, item.question.sample_slot)] += 1
        known = answered(known, calls)
    assert all(count == 1 for count in seen.values())


def test_after_a_long_outage_no_window_begins_before_what_meta_keeps() -> None:
    """A window that begins earlier is refused, also for the days of it that are kept."""
    for known, group, days in ((PAGE, "fb_page", 720), (PROFILE, "ig_series", 30), (PROFILE, "ig_total", 720)):
        calls = plan(replace(known, collect_from=AT.date() - timedelta(days=1000)), CATALOGUE, AT)
        starts = [call.items[0].question.window_start for call in calls if call.group.name == group]
        first = min(start for start in starts if start is not None)
        closed = date(2026, 10, 14)
        assert first.date() == closed - timedelta(days=days - 1), group


def test_an_account_that_meta_denies_rests() -> None:
    """100/33 about the account itself: nothing of the group is asked until it may exist again; other groups are."""
    for known, group in ((PAGE, "fb_page"), (PAGE, "fb_node"), (PAGE, "fb_posts"), (PROFILE, "ig_total"), (PROFILE, "ig_media")):
        everything = by_group(plan(known, CATALOGUE, AT))
        assert everything[group] > 0
        resting = by_group(plan(replace(known, resting=frozenset({(group, known.graph_id)})), CATALOGUE, AT))
        assert resting == {name: count for name, count in everything.items() if name != group}

"""Windows of account metrics: closed days of the right calendar, no day twice, none forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.planning.windows import (
    PACIFIC,
    Window,
    calendar_of,
    cut,
    last_closed_day,
    missing_windows,
    restated_windows,
    rolling_windows,
    window,
)

CATALOGUE = load_catalogue()
UTC_ZONE = ZoneInfo("UTC")
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def days_of(windows: list[Window]) -> list[date]:
    return [one.first + timedelta(days=number) for one in windows for number in range(one.days)]


def test_facebook_days_are_pacific() -> None:
    at = datetime(2026, 3, 10, 6, 59, tzinfo=UTC)
    assert last_closed_day(at, PACIFIC) == date(2026, 3, 8)
    assert last_closed_day(at + timedelta(minutes=1), PACIFIC) == date(2026, 3, 9)
    [asked] = restated_windows(CATALOGUE.group("fb_page"), at, PACIFIC)
    assert (asked.first, asked.last, asked.days) == (date(2026, 3, 2), date(2026, 3, 8), 7)
    # The clocks change on the 8th.
    assert asked.start == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert asked.end == datetime(2026, 3, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(("boundary", "start"), [("utc", 0), ("pacific", 8), ("account", 23)])
def test_instagram_days_are_as_the_account_says(boundary: str, start: int) -> None:
    calendar = calendar_of("instagram", boundary, "Europe/Berlin")
    assert window(date(2026, 1, 10), date(2026, 1, 10), calendar).start.hour == start


def test_instagram_asks_single_days_newest_first() -> None:
    windows = list(restated_windows(CATALOGUE.group("ig_total"), datetime(2026, 3, 10, 6, tzinfo=UTC), UTC_ZONE))
    assert [one.first for one in windows] == [date(2026, 3, day) for day in (9, 8, 7, 6)]
    assert all(one.end - one.start == timedelta(days=1) for one in windows)


def test_the_closed_week_comes_again_four_days_later() -> None:
    group = CATALOGUE.group("ig_window_7")
    thursday = datetime(2026, 3, 13, 1, tzinfo=UTC)  # Friday; the last closed day is a Thursday
    assert [(one.first, one.last) for one in rolling_windows(group, thursday, UTC_ZONE)] == [
        (date(2026, 3, 6), date(2026, 3, 12)),
        (date(2026, 3, 2), date(2026, 3, 8)),
    ]
    assert len(list(rolling_windows(group, thursday + timedelta(days=1), UTC_ZONE))) == 1
    assert [one.days for one in rolling_windows(CATALOGUE.group("ig_window_28"), thursday, UTC_ZONE)] == [28]


@given(DAYS, st.integers(0, 400), st.integers(1, 90), st.sampled_from([UTC_ZONE, PACIFIC, ZoneInfo("Asia/Kolkata")]))
def test_cutting_covers_each_day_once(first: date, length: int, longest: int, calendar: ZoneInfo) -> None:
    group = replace(CATALOGUE.group("fb_page"), max_window_days=longest)
    windows = list(cut(first, first + timedelta(days=length), group, calendar))
    assert sorted(days_of(windows)) == [first + timedelta(days=number) for number in range(length + 1)]
    assert all(one.days <= longest for one in windows)
    assert all(older.end == newer.start for newer, older in pairwise(windows))


@given(DAYS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5), st.sampled_from([UTC_ZONE, PACIFIC]))
def test_what_is_missing_is_what_nobody_answered(first: date, answered: list[tuple[int, int]], calendar: ZoneInfo) -> None:
    group = CATALOGUE.group("ig_series")
    last = first + timedelta(days=60)
    covered = [window(first + timedelta(days=skip), first + timedelta(days=skip + length), calendar) for skip, length in answered]
    windows = missing_windows(group, first, last, [(one.start, one.end) for one in covered], calendar)
    everything = {first + timedelta(days=number) for number in range(61)}
    assert set(days_of(windows)) == everything - set(days_of(covered))
    assert len(days_of(windows)) == len(set(days_of(windows)))


def test_half_a_day_answers_no_day() -> None:
    group = CATALOGUE.group("ig_total")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    windows = missing_windows(group, date(2026, 3, 1), date(2026, 3, 2), [(noon, noon + timedelta(days=1))], UTC_ZONE)
    assert [one.first for one in windows] == [date(2026, 3, 2), date(2026, 3, 1)]

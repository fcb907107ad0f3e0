"""Every day of two years, both changes of the clock among them, is the day that Meta means."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmarts.meta_graph.days import metric_day

PACIFIC = ZoneInfo("America/Los_Angeles")
DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(730)]


def end_time(day: date) -> datetime:
    """The instant at which a day closes for Facebook."""
    return datetime.combine(day + timedelta(days=1), time(), PACIFIC).astimezone(UTC)


def test_a_facebook_stamp_is_the_end_of_its_day() -> None:
    assert len(DAYS) == 730
    assert DAYS[-1] == date(2026, 12, 31)
    assert [metric_day(end_time(day), -1) for day in DAYS] == DAYS


def test_the_years_hold_both_changes_of_the_clock() -> None:
    stamps = [end_time(day) for day in DAYS if day.year == 2026]
    assert Counter(stamp.hour for stamp in stamps) == {8: 127, 7: 238}
    lengths = Counter(end_time(day) - end_time(day - timedelta(days=1)) for day in DAYS if day.year == 2026)
    assert lengths == {timedelta(hours=24): 363, timedelta(hours=23): 1, timedelta(hours=25): 1}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Europe/Berlin", "Asia/Tokyo"])
def test_the_local_date_of_the_stamp_is_wrong_everywhere(zone: str) -> None:
    assert all(end_time(day).astimezone(ZoneInfo(zone)).date() != day for day in DAYS)


@pytest.mark.parametrize("shift", [0, -1])
def test_instagram_under_both_conventions(shift: int) -> None:
    for day in DAYS:
        stamp = datetime.combine(day - timedelta(days=shift), time(7), UTC)
        assert metric_day(stamp, shift) == day


@given(st.integers(0, 60 * 24 * 365 * 80), st.integers(-14 * 60, 14 * 60), st.sampled_from([0, -1]))
def test_how_the_offset_is_written_does_not_matter(minute: int, offset: int, shift: int) -> None:
    stamp = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    elsewhere = stamp.astimezone(timezone(timedelta(minutes=offset)))
    assert metric_day(elsewhere, shift) == metric_day(stamp, shift)


def test_a_stamp_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        metric_day(datetime(2026, 3, 10, 7), -1)  # noqa: DTZ001

"""Which windows of account metrics are asked: closed days on the platform's own calendar, cut to what one request may span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agentmarts.meta_graph.catalogue import CallGroup

PACIFIC = ZoneInfo("America/Los_Angeles")
BACKFILL_DAYS = {
    "fb_page": 720,
    "fb_page_split_ads": 720,
    "fb_page_split_followers": 720,
    "ig_series": 30,
    "ig_total": 90,
    "ig_follows": 90,
}
"""How far back a new account is asked for: Meta refuses windows that begin two years ago; single days cost a request each."""

KEPT_DAYS = {**BACKFILL_DAYS, "ig_total": 720, "ig_follows": 720, "ig_window_7": 720, "ig_window_28": 720}
"""How far back a person may ask: for two years, and for new followers of Instagram 30 days."""
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Window:
    """Days [first, last] on a calendar, and the instants (UTC, half open) that they span."""

    first: date
    last: date
    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def next_day(self) -> date:
        return self.last + timedelta(days=1)


def calendar_of(platform: str, day_boundary: str, account_timezone: str) -> ZoneInfo:
    """The zone in which an account's days begin: Pacific for Facebook, by the account's `ig_day_boundary` for Instagram."""
    if platform == "facebook":
        return PACIFIC
    return {"utc": ZoneInfo("UTC"), "pacific": PACIFIC, "account": ZoneInfo(account_timezone)}[day_boundary]


def window(first: date, last: date, calendar: ZoneInfo) -> Window:
    """The window of whole days. Days with a clock change have 23 or 25 hours."""
    return Window(first, last, _midnight(first, calendar), _midnight(last + timedelta(days=1), calendar))


def last_closed_day(at: datetime, calendar: ZoneInfo) -> date:
    """The newest day that has ended."""
    return at.astimezone(calendar).date() - timedelta(days=1)


def oldest_day(group: CallGroup, closed: date) -> date:
    """The oldest day that may be asked for when `closed` is the newest that has ended."""
    return closed - timedelta(days=KEPT_DAYS[group.name] - 1)


def restated_windows(group: CallGroup, at: datetime, calendar: ZoneInfo) -> Iterator[Window]:
    """The last `restate_days` closed days, in as few requests as the group allows, newest first."""
    last = last_closed_day(at, calendar)
    yield from cut(last - timedelta(days=group.restate_days - 1), last, group, calendar)


def cut(first: date, last: date, group: CallGroup, calendar: ZoneInfo) -> Iterator[Window]:
    """Days [first, last] in windows of at most `max_window_days`, newest first: recent days are worth most if a budget ends."""
    if group.max_window_days is None:
        raise ValueError(f"call group {group.name} has no windows")
    while first <= last:
        begin = max(first, last - timedelta(days=group.max_window_days - 1))
        yield window(begin, last, calendar)
        last = begin - timedelta(days=1)


def missing_windows(
    group: CallGroup, first: date, last: date, covered: Iterable[tuple[datetime, datetime]], calendar: ZoneInfo
) -> list[Window]:
    """What nobody has answered of days [first, last], newest first: a new account's past, and the gap that an outage leaves.

    `covered`: windows (UTC, half open) that were answered or will never be.
    """
    windows: list[Window] = []
    due = first
    for begin, end in sorted(_whole_days(*one, calendar) for one in covered):
        if begin > end:
            continue
        if due > last:
            break
        if begin > due:
            windows += cut(due, min(begin - timedelta(days=1), last), group, calendar)
        due = max(due, end + timedelta(days=1))
    windows += cut(due, last, group, calendar)
    return sorted(windows, key=lambda one: one.first, reverse=True)


def _whole_days(start: datetime, end: datetime, calendar: ZoneInfo) -> tuple[date, date]:
    """First and last whole day of the calendar inside a window; the last before the first where there is none."""
    first, last = start.astimezone(calendar), end.astimezone(calendar)
    return first.date() + timedelta(days=first.time() > time()), last.date() - timedelta(days=1)


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def rolling_windows(group: CallGroup, at: datetime, calendar: ZoneInfo) -> Iterator[Window]:
    """The window of `max_window_days` that ended last; with `restate_days`, the Monday-to-Sunday week once more that much later.

    Unique accounts cannot be added, so each window is asked for as such.
    """
    if group.max_window_days is None:
        raise ValueError(f"call group {group.name} has no windows")
    length = timedelta(days=group.max_window_days - 1)
    last = last_closed_day(at, calendar)
    yield window(last - length, last, calendar)
    settled = last - timedelta(days=group.restate_days)
    is_week = group.max_window_days == DAYS_OF_WEEK and settled.isoweekday() == DAYS_OF_WEEK
    if group.restate_days and is_week:
        yield window(settled - length, settled, calendar)


def past_windows(group: CallGroup, first: date, last: date, at: datetime, calendar: ZoneInfo) -> Iterator[Window]:
    """Closed days of [first, last] as far back as Meta keeps them, newest first; of a rolling group the windows that end on them."""
    closed = last_closed_day(at, calendar)
    length = timedelta(days=(group.max_window_days or 1) - 1)
    oldest = oldest_day(group, closed)
    if group.cadence != "window":
        yield from cut(max(first, oldest), min(last, closed), group, calendar)
        return
    for day in reversed(list(_span(max(first, oldest + length), min(last, closed)))):
        yield window(day - length, day, calendar)


def _midnight(day: date, calendar: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), calendar).astimezone(UTC)

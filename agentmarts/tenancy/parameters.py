"""What can be set per tenant, and which values make sense."""

from __future__ import annotations

import itertools
import json
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_CLOCK_EXAMPLE = '{"weekday": 1, "opens": "09:00", "closes": "17:00"}'
_MINUTES_PER_DAY = 24 * 60


class ParameterError(ValueError):
    """A name or value that makes no sense; the message says what would."""


@dataclass(frozen=True)
class ParameterRule:
    """One parameter: what it means, and `check`, which returns the value to store or raises ParameterError."""

    description: str
    check: Callable[[Any], Any]


def parse_value(text: str) -> object:
    """A value as typed on the command line: JSON, or else plain text (a zone needs no quotes)."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def checked_value(parameter: str, value: object) -> object:
    """The value to store. Raises ParameterError for an unknown parameter or a value it cannot have."""
    rule = PARAMETERS.get(parameter)
    if rule is None:
        raise ParameterError(f"there is no parameter {parameter!r}: choose one of {', '.join(sorted(PARAMETERS))}")
    try:
        return rule.check(value)
    except ParameterError as error:
        raise ParameterError(f"{parameter}: {error}") from None


def check_timezone(value: object) -> str:
    """An IANA zone name of a place. Raises ParameterError for offsets and abbreviations: they have no daylight saving time."""
    if not isinstance(value, str) or value not in zoneinfo.available_timezones() or not _is_place(value):
        raise ParameterError(f"{value!r} is no IANA time zone: give a place such as Europe/Berlin, America/New_York, Asia/Kolkata, or UTC")
    return value


def _is_place(zone: str) -> bool:
    return zone == "UTC" or ("/" in zone and not zone.startswith(("Etc/", "SystemV/", "posix/", "right/")))


def _number(low: float, high: float, *, whole: bool = False, above: bool = False) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise ParameterError(f"must be a {'whole ' if whole else ''}number, got {value!r}")
        if not low <= value <= high or (above and value == low):
            raise ParameterError(f"must be {'above' if above else 'at least'} {low:g} and at most {high:,g}, got {value!r}")
        return value

    return check


def _business_hours(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value:
        raise ParameterError(f"must be a list of weekly windows such as [{_CLOCK_EXAMPLE}], weekday 1 = Monday to 7 = Sunday")
    windows = sorted((_window(one) for one in value), key=lambda one: (one[0], one[1]))
    for (day, _, end), (next_day, begin, _) in itertools.pairwise(windows):
        if day == next_day and begin < end:
            raise ParameterError(f"windows of weekday {day} overlap: join them into one")
    return [dict(one) for one in value]


def _window(value: Any) -> tuple[int, int, int]:
    if not isinstance(value, dict) or set(value) != {"weekday", "opens", "closes"}:
        raise ParameterError(f"a window has weekday, opens and closes, as in {_CLOCK_EXAMPLE}; got {value!r}")
    weekday = value["weekday"]
    if isinstance(weekday, bool) or not isinstance(weekday, int) or not 1 <= weekday <= 7:
        raise ParameterError(f"weekday must be 1 (Monday) to 7 (Sunday), got {weekday!r}")
    opens, closes = _minute(value["opens"]), _minute(value["closes"])
    if opens >= closes:
        raise ParameterError(
            f"a window must open before it closes, got {value['opens']} to {value['closes']}: "
            "split hours over midnight into one window until 24:00 and one from 00:00 of the next weekday"
        )
    return weekday, opens, closes


def _minute(value: Any) -> int:
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    is_clock = colon and len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
    minute = int(hours) * 60 + int(minutes) if is_clock and int(minutes) < 60 else -1
    if not 0 <= minute <= _MINUTES_PER_DAY:
        raise ParameterError(f'a time of day is written "HH:MM", 00:00 to 24:00, got {value!r}')
    return minute


def _holidays(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ParameterError('must be a list of dates such as ["2025-12-25"]')
    return sorted({_date(one) for one in value})


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ParameterError(f"{value!r} is no date: write it as 2025-12-25") from None


PARAMETERS: Mapping[str, ParameterRule] = {
    "timezone": ParameterRule("IANA zone whose days the marts count", check_timezone),
    "assume_after_hours": ParameterRule("silence after which an answered conversation is over", _number(0, 8_760, above=True)),
    "abandon_after_hours": ParameterRule("silence after which an unanswered conversation is abandoned", _number(0, 8_760, above=True)),
    "durable_days": ParameterRule("days without reopening that make a resolution durable", _number(1, 365, whole=True)),
    "repeat_days": ParameterRule("days within which another conversation of the customer is a repeat", _number(1, 365, whole=True)),
    "verified_threshold": ParameterRule("quality score from which a resolution is verified", _number(0, 1)),
    "small_sample": ParameterRule("denominators below it are marked as small", _number(0, 1_000_000, whole=True)),
    "gap_confidence_threshold": ParameterRule("answers of less confidence are candidates for content gaps", _number(0, 1)),
    "gap_window_days": ParameterRule("days of questions that content gaps are found in", _number(1, 365, whole=True)),
    "gap_distance": ParameterRule("cosine distance at which questions are of one topic", _number(0, 1, above=True)),
    "business_hours": ParameterRule(f"weekly windows: [{_CLOCK_EXAMPLE}, …]", _business_hours),
    "holidays": ParameterRule('days without business hours: ["2025-12-25", …]', _holidays),
    "avg_human_agent_cost_per_hour": ParameterRule("in the tenant's currency", _number(0, 1_000_000)),
    "avg_conversation_time_minutes": ParameterRule("human minutes an average conversation takes", _number(0, 100_000)),
    "ai_cost_per_conversation": ParameterRule("in the tenant's currency", _number(0, 1_000_000)),
    "rework_minutes": ParameterRule("human minutes that a reopened AI resolution costs", _number(0, 100_000)),
    "minutes_per_action": ParameterRule("human minutes that a successful action saves", _number(0, 100_000)),
    "calibration_since": ParameterRule("local date: calibration leaves older actions out, 0001-01-01 none", _date),
}
"""Every parameter; the defaults stand in the specification and in dbt."""

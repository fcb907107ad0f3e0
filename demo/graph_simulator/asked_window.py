"""`since` and `until` of a request for insights, and the links to the windows before and after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from .answers import Json
from .calls import Call
from .errors import parameter, too_long, too_old
from .instants import DAY, TWO_YEARS, asked_instant


def asked_window(params: Mapping[str, str], now: int, zone: ZoneInfo, *, default_days: int, max_days: int) -> tuple[int, int]:
    """`[since, until)` in seconds. Dates count from midnight in `zone`; what is missing is now, and `default_days` before the end.

    GraphError 100 if it is longer than `max_days`, begins more than two years back, ends before it begins or is no time at all.
    """
    given: dict[str, int] = {}
    for name in ("since", "until"):
        if params.get(name):
            try:
                given[name] = asked_instant(params[name], zone)
            except ValueError:
                raise parameter(f"{name} must be a UNIX timestamp or a date") from None
    until = given.get("until", now)
    since = given.get("since", until - default_days * DAY)
    if since >= until:
        raise parameter("since must be earlier than until")
    if until - since > max_days * DAY and not _is_longer_by_an_hour(params, since, until, max_days):
        raise too_long(max_days)
    if since < now - TWO_YEARS:
        raise too_old()
    return since, until


def _is_longer_by_an_hour(params: Mapping[str, str], since: int, until: int, max_days: int) -> bool:
    """Dates with the autumn clock change between them: no more days, only one more hour."""
    try:
        days = date.fromisoformat(params["until"]) - date.fromisoformat(params["since"])
    except (KeyError, ValueError):
        return False
    return days.days <= max_days and until - since <= max_days * DAY + 3_600


def time_links(call: Call, path: str, params: Mapping[str, str], since: int, until: int) -> Json:
    """`previous` and `next`: windows of the same length before and after, for ever, and with the token in them."""
    length = until - since
    return {
        "previous": call.link(path, params, since=str(since - length), until=str(since)),
        "next": call.link(path, params, since=str(until), until=str(until + length)),
    }

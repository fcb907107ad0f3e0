"""What nobody outside Meta knows for sure, or what differs by day and asset: one switch each, set through the control API."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass
class Switches:
    """Defaults are the conventions that the specification calls default (section 9)."""

    requires_proof: bool = True
    """The app demands appsecret_proof on every call."""
    provisional: bool = True
    """The last days are incomplete and restated. Off: every figure is final at once."""
    ig_day_boundary: Literal["utc", "account", "pacific"] = "utc"
    ig_stamp: Literal["day", "end"] = "day"
    """What `end_time` of an Instagram series is: the day's first instant (shift 0) or the instant it ends (shift −1)."""
    page_split_shape: Literal["beside", "total_value", "dict"] = "beside"
    """Which of three shapes a breakdown of Page insights has."""
    upper_case_breakdowns: bool = True
    """Values of Instagram breakdowns come as FOLLOWER or as follower."""
    breakdown_error: float = 0.0089
    """By what part breakdown values of Instagram reach miss their total."""
    fb_max_days: int = 90
    """90 is documented, 93 reported."""
    expansion_cost: int = 1
    """Calls that a request with nested insights counts."""
    max_expansion: int = 1_500
    """Objects times metrics of one expansion; beyond: "Please reduce the amount of data"."""
    paging: Literal["full", "short", "empty"] = "full"
    """Short: a page has a few objects less than asked for. Empty: besides, the second page is empty. Both have `next`."""
    posts_per_year: int = 600
    media_cap: int = 10_000
    app_usage_after: int = 10
    """X-App-Usage appears only after so many calls within the hour."""
    app_users: int = 100
    """Users of the app: its budget is 200 calls an hour for each."""
    regain_minutes: int = 60
    """How long a throttle lasts at first."""
    penalty_minutes: int = 5
    """By what each call during a throttle lengthens it."""
    page_throttle_code: Literal[32, 80001] = 80001
    disguises_throttle: bool = False
    """Throttles answer 100/33 "Unsupported get request"."""

    def change(self, values: dict[str, Any]) -> None:
        """Set some of them. ValueError for a name or type that does not exist."""
        known = {one.name: type(one.default) for one in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no switch {name}; there are {', '.join(sorted(known))}")
            wanted = known[name]
            if type(value) is not wanted and not (wanted is float and type(value) is int):
                raise ValueError(f"switch {name} takes {wanted.__name__}, not {value!r}")
            allowed = {"ig_day_boundary": ("utc", "account", "pacific"), "ig_stamp": ("day", "end"), "paging": ("full", "short", "empty")}
            allowed["page_split_shape"] = ("beside", "total_value", "dict")
            if name in allowed and value not in allowed[name]:
                raise ValueError(f"switch {name} is one of {', '.join(allowed[name])}")
        for name, value in values.items():
            setattr(self, name, value)

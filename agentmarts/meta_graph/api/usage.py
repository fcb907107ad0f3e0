"""How much of Meta's limits is used up, as its response headers tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

APP, PAGE, BUSINESS = "x-app-usage", "x-page-usage", "x-business-use-case-usage"
_USE_CASES = {80001: "pages", 80002: "instagram"}
"""Business-use-case throttles and the `type` that announces their end."""
_IN_DISGUISE = 100
"""The code of throttles that say that an object does not exist."""


@dataclass(frozen=True)
class Load:
    """Percent of a limit used up by number of calls, CPU time and total time, 0..100 and above; None: not told."""

    call_pct: float | None = None
    cpu_pct: float | None = None
    time_pct: float | None = None
    regain_minutes: float | None = None
    """Minutes until calls are let through again; None while there is no block, or none is announced."""

    @property
    def highest_pct(self) -> float | None:
        """The highest of the three: any at 100 throttles."""
        return max((pct for pct in (self.call_pct, self.cpu_pct, self.time_pct) if pct is not None), default=None)


@dataclass(frozen=True)
class BusinessLoad:
    """What one asset has used up of one use case."""

    asset_id: str
    use_case: str
    """`pages`, `instagram`, …; lower case, empty if not told."""
    load: Load


@dataclass(frozen=True)
class Usage:
    """The three headers of an answer. None or empty: Meta did not tell, which is not zero."""

    app: Load | None = None
    page: Load | None = None
    business: tuple[BusinessLoad, ...] = ()
    malformed: tuple[str, ...] = ()
    """Headers that were there and could not be read."""

    @property
    def highest_pct(self) -> float | None:
        """The highest percentage told; None if nothing was."""
        loads = [self.app, self.page, *(one.load for one in self.business)]
        return max((load.highest_pct for load in loads if load and load.highest_pct is not None), default=None)

    @property
    def is_exhausted(self) -> bool:
        """Whether a limit is reached, or a block announced: the next call would only lengthen it."""
        loads = [self.app, self.page, *(one.load for one in self.business)]
        return (self.highest_pct or 0) >= 100 or any(load and load.regain_minutes for load in loads)

    def announced_regain(self, code: int | None) -> float | None:
        """Minutes until the throttle of this error code ends, if Meta announced it."""
        if code is not None and (code >= 80000 or code == _IN_DISGUISE):
            wanted = [one for one in self.business if one.use_case == _USE_CASES.get(code)] or self.business
            loads = [one.load for one in wanted]
        else:
            loads = [load for load in (self.app, self.page) if load]
        return max((load.regain_minutes for load in loads if load.regain_minutes is not None), default=None)

    def as_json(self) -> dict[str, Any] | None:
        """For raw.graph_responses.usage; None if Meta told nothing."""
        return None if self == Usage() else asdict(self)


def parse_usage(headers: Mapping[str, str]) -> Usage:
    """Usage from response headers, names in lower case. Never raises: what cannot be read is named in `malformed`."""
    malformed: list[str] = []

    def read(name: str) -> dict[str, Any] | None:
        if name not in headers:
            return None
        try:
            content = orjson.loads(headers[name])
        except orjson.JSONDecodeError:
            content = None
        if isinstance(content, dict):
            return content
        malformed.append(name)
        return None

    app, page, business = read(APP), read(PAGE), read(BUSINESS)
    entries: list[BusinessLoad] = []
    for asset_id, told in (business or {}).items():
        for entry in told if isinstance(told, list) else [told]:
            if isinstance(entry, dict):
                use_case = entry.get("type")
                entries.append(BusinessLoad(asset_id, use_case.lower() if isinstance(use_case, str) else "", _load(entry)))
            elif BUSINESS not in malformed:
                malformed.append(BUSINESS)
    return Usage(_load(app) if app else None, _load(page) if page else None, tuple(entries), tuple(malformed))


def _load(entry: Mapping[str, Any]) -> Load:
    return Load(
        call_pct=_number(entry.get("call_count")),
        cpu_pct=_number(entry.get("total_cputime")),
        time_pct=_number(entry.get("total_time")),
        regain_minutes=_number(entry.get("estimated_time_to_regain_access")) or None,
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None

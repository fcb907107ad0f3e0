"""What an answer's headers tell of usage, by the budgets that a call counts against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from agentmarts.meta_graph.budget import Budget, Reading, Scope

_ASSETS: Mapping[str, Scope] = {"pages": "page", "instagram": "instagram"}


class LoadTold(Protocol):
    """One budget as a header tells of it: percent and minutes, None where it does not."""

    @property
    def call_pct(self) -> float | None: ...
    @property
    def cpu_pct(self) -> float | None: ...
    @property
    def time_pct(self) -> float | None: ...
    @property
    def regain_minutes(self) -> float | None: ...


class BusinessLoadTold(Protocol):
    """One asset and use case of X-Business-Use-Case-Usage."""

    @property
    def asset_id(self) -> str: ...
    @property
    def use_case(self) -> str: ...
    @property
    def load(self) -> LoadTold: ...


class UsageTold(Protocol):
    """The three headers of an answer; None or empty where there was none."""

    @property
    def app(self) -> LoadTold | None: ...
    @property
    def page(self) -> LoadTold | None: ...
    @property
    def business(self) -> Sequence[BusinessLoadTold]: ...


def budget_readings(usage: UsageTold, app_id: str, asset: Budget) -> dict[Budget, Reading]:
    """Readings for `note_usage`. Missing headers say nothing, and nothing is not zero.

    `asset`: what the call was about; X-Page-Usage speaks of it. A use-case header with a single id speaks of it too, whatever the id
    (Meta may name the business instead); one with several ids names its assets itself.
    """
    readings: dict[Budget, Reading] = {}
    if usage.app is not None:
        readings[Budget(app_id, "app", app_id)] = _reading(usage.app)
    if usage.page is not None:
        readings[asset] = _reading(usage.page)
    names_one = len({one.asset_id for one in usage.business}) == 1
    for one in usage.business:
        scope = _ASSETS.get(one.use_case, asset.scope)
        scope_id = asset.scope_id if names_one and scope == asset.scope else one.asset_id
        readings[Budget(app_id, scope, scope_id, one.use_case)] = _reading(one.load)
    return readings


def _reading(load: LoadTold) -> Reading:
    return Reading(_percent(load.call_pct), _percent(load.cpu_pct), _percent(load.time_pct), load.regain_minutes)


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))

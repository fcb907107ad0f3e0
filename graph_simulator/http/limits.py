"""Budgets of calls: per app, user, page and Instagram account; their usage headers; throttles, which calls during them lengthen."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from graph_simulator.http import errors
from graph_simulator.switches import Switches
from graph_simulator.world.instants import DAY, HOUR

Scope = Literal["app", "user", "page", "instagram"]


@dataclass
class Budget:
    """Calls of one asset within a sliding window."""

    scope: Scope
    id: str
    period: int
    """Seconds of the sliding window."""
    calls: deque[tuple[int, int]] = field(default_factory=deque)
    """(instant, cost)"""
    limit: int = 0
    """What the size of the asset allows, as of its last call."""
    forced_limit: int | None = None
    forced_pct: float | None = None
    blocked_until: int = 0
    blocked_code: int = 0

    def used(self, now: int) -> int:
        """Calls that still count."""
        while self.calls and self.calls[0][0] <= now - self.period:
            self.calls.popleft()
        return sum(cost for _, cost in self.calls)

    def pct(self, now: int, limit: int) -> float:
        """How much of the budget is used, in percent."""
        return max(100.0 * self.used(now) / max(1, self.forced_limit or limit), self.forced_pct or 0.0)

    def minutes_to_regain(self, now: int) -> int:
        """Until the throttle ends, rounded up."""
        return max(0, -((now - self.blocked_until) // 60))


class Limits:
    """All budgets of one simulator. `limit`s are given by the caller, who knows engaged users and impressions."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self.budgets: dict[tuple[Scope, str], Budget] = {}

    def budget(self, scope: Scope, id_: str) -> Budget:
        """The budget of an asset; app and user count by the hour, page and Instagram by the day."""
        found = self.budgets.get((scope, id_))
        if found is None:
            found = self.budgets[scope, id_] = Budget(scope, id_, HOUR if scope in {"app", "user"} else DAY)
        return found

    def spend(self, scope: Scope, id_: str, limit: int, cost: int, now: int) -> None:
        """Count a call, or raise the error of the throttle. A throttle that has ended takes the old calls with it."""
        budget = self.budget(scope, id_)
        budget.limit = limit
        if budget.blocked_until > now:
            budget.blocked_until += self._switches.penalty_minutes * 60
            raise errors.throttled(budget.blocked_code)
        if budget.blocked_until:
            budget.blocked_until, budget.forced_pct = 0, None
            budget.calls.clear()
        if budget.pct(now, limit) >= 100:
            self.block(budget, self._code(scope), self._switches.regain_minutes, now)
            raise errors.throttled(budget.blocked_code)
        budget.calls.append((now, cost))

    def block(self, budget: Budget, code: int, minutes: int, now: int) -> None:
        """Throttle a budget from now on."""
        budget.blocked_code, budget.blocked_until = code, now + minutes * 60

    def _code(self, scope: Scope) -> int:
        return {"app": 4, "user": 17, "page": self._switches.page_throttle_code, "instagram": 80002}[scope]

    def headers(self, spent: list[tuple[Scope, str, int]], now: int) -> dict[str, str]:
        """Usage headers of an answer, for the budgets (scope, id, limit) it was counted in."""
        headers: dict[str, str] = {}
        business: dict[str, list[dict[str, Any]]] = {}
        for scope, id_, limit in spent:
            budget = self.budget(scope, id_)
            used = int(budget.pct(now, limit))
            usage: dict[str, Any] = {"call_count": used, "total_cputime": used * 3 // 5, "total_time": used * 4 // 5}
            if scope == "app" and (budget.used(now) >= self._switches.app_usage_after or budget.forced_pct is not None):
                headers["X-App-Usage"] = orjson.dumps(usage).decode()
            if scope in {"page", "instagram"}:
                kind = "pages" if scope == "page" else "instagram"
                regain = budget.minutes_to_regain(now)
                business[id_] = [{"type": kind, **usage, "estimated_time_to_regain_access": regain}]
        if business:
            headers["X-Business-Use-Case-Usage"] = orjson.dumps(business).decode()
        return headers

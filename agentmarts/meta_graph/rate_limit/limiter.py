"""The rate limiter that every call of an account goes through: fed by what answers tell of usage, it spreads calls over the hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast, get_args

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.api.response import GraphResponse, NotSentError
from agentmarts.meta_graph.api.usage import Load, Usage
from agentmarts.meta_graph.rate_limit import budgets as budget
from agentmarts.meta_graph.rate_limit.budgets import Budget, Scope, ThrottleKind, UsageReading
from agentmarts.warehouse.connection import Connection
from agentmarts.warehouse.faults import fault_point

LONGEST_WAIT = timedelta(minutes=5)
"""A run that would have to wait longer at once ends; the next one goes on where it stopped."""
ALL_WAITS = timedelta(minutes=30)
"""So does one that has waited this long in sum: the accounts behind it have stories that end."""


class RefusedError(NotSentError):
    """No call may go out on one of the budgets before `until` (UTC)."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(f"{reason}; next call after {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until
        self.reason = reason


class RateLimiter:
    """Hooks of a GraphClient. `connection` is its own: budgets are committed at once, whatever becomes of the answer."""

    def __init__(
        self, connection: Connection, account: Account, app_id: str, clock: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        self._connection = connection
        self._account = account
        self._app_id = app_id
        self._clock = clock
        self._sleep = sleep
        self._waited = timedelta()

    @property
    def _asset(self) -> Budget:
        scope: Scope = "page" if self._account.platform == "facebook" else "instagram"
        return Budget(self._app_id, scope, self._account.graph_id)

    @property
    def _budgets(self) -> list[Budget]:
        budgets = [Budget(self._app_id, "app", self._app_id), self._asset]
        if self._account.token_kind == "user" and self._account.token_fingerprint:  # noqa: S105 - a kind, no token
            budgets.append(Budget(self._app_id, "user", self._account.token_fingerprint))
        return budgets

    def before_send(self, calls: int) -> None:
        """Wait for the place of a request that counts as so many calls. Raises RefusedError."""
        del calls  # Usage comes back in percent: what a call costs is Meta's secret.
        while True:
            at = self._clock()
            with self._connection.transaction():
                decision = budget.may_send(self._connection, self._account.tenant_id, self._budgets, at)
            if decision.refused_until is not None:
                raise RefusedError(decision.refused_until, decision.reason)
            if decision.send_at is None or decision.send_at <= at:
                fault_point("graph-before-send")
                return
            wait = decision.send_at - at
            if wait > LONGEST_WAIT or self._waited + wait > ALL_WAITS:
                raise RefusedError(decision.send_at, decision.reason)
            self._waited += wait
            self._sleep(wait.total_seconds())

    def on_response(self, response: GraphResponse) -> None:
        """Keep what an answer says of the budgets, and block the one it says is used up."""
        fault_point("graph-after-answer")
        at = response.fetched_at
        readings = budget_readings(response.usage, self._app_id, self._asset)
        with self._connection.transaction():
            if readings:
                budget.note_usage(self._connection, self._account.tenant_id, readings, at)
            fault = response.fault
            if fault is not None and fault.kind in get_args(ThrottleKind):
                blocked = budget.budget_to_block(cast(ThrottleKind, fault.kind), self._budgets)
                budget.block(self._connection, self._account.tenant_id, blocked, at, fault.code, fault.regain_minutes)


# What an answer's headers tell of usage, by the budgets that a call counts against.

_ASSETS: Mapping[str, Scope] = {"pages": "page", "instagram": "instagram"}


def budget_readings(usage: Usage, app_id: str, asset: Budget) -> dict[Budget, UsageReading]:
    """Readings for `note_usage`. Missing headers say nothing, and nothing is not zero.

    `asset`: what the call was about; X-Page-Usage speaks of it. A use-case header with a single id speaks of it too, whatever the id
    (Meta may name the business instead); one with several ids names its assets itself.
    """
    readings: dict[Budget, UsageReading] = {}
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


def _reading(load: Load) -> UsageReading:
    return UsageReading(_percent(load.call_pct), _percent(load.cpu_pct), _percent(load.time_pct), load.regain_minutes)


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))

"""The gate that every call of an account goes through: no call while a budget is blocked, the rest spread over the hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from agentmarts.meta_graph import budget
from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.budget import Budget, Scope
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.usage import Load, Usage
from agentmarts.warehouse.connection import Connection

LONGEST_WAIT = timedelta(minutes=5)
"""A run that would have to wait longer ends; the next one goes on where it stopped."""


class RefusedError(Exception):
    """No call may go out on one of the budgets before `until` (UTC)."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(f"{reason}; next call after {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until
        self.reason = reason


class Gate:
    """Hooks of a GraphClient. `connection` is its own: budgets are committed at once, whatever becomes of the answer."""

    def __init__(
        self, connection: Connection, account: Account, app_id: str, clock: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        self._connection = connection
        self._account = account
        self._app_id = app_id
        self._clock = clock
        self._sleep = sleep
        self.attempts: list[GraphResponse] = []
        """Answers since they were last taken, failed attempts too."""

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
                return
            if decision.send_at - at > LONGEST_WAIT:
                raise RefusedError(decision.send_at, decision.reason)
            self._sleep((decision.send_at - at).total_seconds())

    def on_response(self, response: GraphResponse) -> None:
        """Keep what an answer says of the budgets, and block the one it says is used up."""
        self.attempts.append(response)
        at = response.fetched_at
        readings = usage_readings(response.usage, self._asset)
        with self._connection.transaction():
            if readings:
                budget.note_usage(self._connection, self._account.tenant_id, readings, at)
            if response.fault is not None and response.fault.is_throttle and response.fault.code is not None:
                blocked = budget.budget_to_block(response.fault.code, self._budgets)
                regain = response.fault.regain_minutes
                budget.block(
                    self._connection, self._account.tenant_id, blocked, at, response.fault.code, None if regain is None else int(regain)
                )

    def take_attempts(self) -> list[GraphResponse]:
        """The answers since the last call of this, oldest first."""
        taken, self.attempts = self.attempts, []
        return taken


def usage_readings(usage: Usage, asset: Budget) -> dict[Budget, budget.Usage]:
    """What an answer says of each budget; `asset` is the one of the account that was asked. What is not told is not in it."""
    readings = {}
    if usage.app:
        readings[Budget(asset.app_id, "app", asset.app_id)] = _usage(usage.app)
    if usage.page:
        readings[asset] = _usage(usage.page)
    ids = {one.asset_id for one in usage.business}
    for one in usage.business:
        # One id speaks of the account, whatever it is: Meta may name the business that owns it.
        asset_id = asset.scope_id if len(ids) == 1 else one.asset_id
        readings[Budget(asset.app_id, asset.scope, asset_id, one.use_case)] = _usage(one.load)
    return readings


def _usage(load: Load) -> budget.Usage:
    return budget.Usage(
        call_pct=_percent(load.call_pct),
        cpu_pct=_percent(load.cpu_pct),
        time_pct=_percent(load.time_pct),
        regain_minutes=None if load.regain_minutes is None else int(load.regain_minutes),
        header=asdict(load),
    )


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))

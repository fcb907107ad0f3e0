"""`raw.graph_budgets`: whether a call may go out now, and what its answer says about the next one.

Each function wants a short transaction of its own, committed at once: row locks must not be held while a request is under way, and a
block must outlive whatever becomes of the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from agentmarts.meta_graph.rate_limit.pacing import BudgetState, Decision, decide, next_after_send, regain_time, spacing, stop_until
from agentmarts.meta_graph.store.text import storable_json
from agentmarts.warehouse.connection import Connection

Scope = Literal["app", "user", "page", "instagram"]
ThrottleKind = Literal["throttled_app", "throttled_token", "throttled_asset"]
_STOPPED: Mapping[ThrottleKind, tuple[Scope, ...]] = {
    "throttled_app": ("app",),
    "throttled_token": ("user", "instagram", "page"),
    "throttled_asset": ("instagram", "page", "user"),
}
"""Which of a call's budgets a throttle stops: the first of these that it has."""

_ENSURE = """
insert into raw.graph_budgets (app_id, scope, scope_id, use_case, tenant_id, updated_at)
select app_id, scope, scope_id, use_case, case when scope <> 'app' then %(tenant_id)s::uuid end, %(at)s
from unnest(%(app_id)s::text[], %(scope)s::text[], %(scope_id)s::text[], %(use_case)s::text[]) as b (app_id, scope, scope_id, use_case)
order by app_id collate "C", scope collate "C", scope_id collate "C", use_case collate "C"
on conflict do nothing
"""

# One order everywhere, so that nobody waits for somebody who waits for him.
_LOCK = """
select app_id, scope, scope_id, use_case, greatest(call_pct, cpu_pct, time_pct), used_at, next_send_at, blocked_until
from raw.graph_budgets
where (app_id, scope, scope_id) in (
  select * from unnest(%(app_id)s::text[], %(scope)s::text[], %(scope_id)s::text[]))
order by app_id collate "C", scope collate "C", scope_id collate "C", use_case collate "C"
for update
"""

_RESERVE = """
update raw.graph_budgets set next_send_at = %s, updated_at = %s where (app_id, scope, scope_id, use_case) = (%s, %s, %s, %s)
"""

_NOTE = """
update raw.graph_budgets set
  call_pct = %(call_pct)s, cpu_pct = %(cpu_pct)s, time_pct = %(time_pct)s, used_at = %(at)s, last_usage = %(told)s::jsonb,
  next_send_at = %(next_send_at)s::timestamptz, updated_at = %(at)s,
  blocked_by_code = case when %(until)s::timestamptz > coalesce(blocked_until, '-infinity') then null else blocked_by_code end,
  blocked_until = greatest(blocked_until, %(until)s::timestamptz)
where (app_id, scope, scope_id, use_case) = (%(app_id)s, %(scope)s, %(scope_id)s, %(use_case)s) and coalesce(used_at <= %(at)s, true)
"""

_BLOCK = """
update raw.graph_budgets set
  blocked_by_code = case when %(until)s::timestamptz > coalesce(blocked_until, '-infinity') then %(code)s::integer else blocked_by_code end,
  blocked_until = greatest(blocked_until, %(until)s::timestamptz), updated_at = %(at)s
where (app_id, scope, scope_id, use_case) = (%(app_id)s, %(scope)s, %(scope_id)s, %(use_case)s)
"""


@dataclass(frozen=True, order=True)
class Budget:
    """Key of one of Meta's budgets; `scope_id` is the id of the app, the user, the Page or the Instagram account."""

    app_id: str
    scope: Scope
    scope_id: str
    use_case: str = ""
    """Type of X-Business-Use-Case-Usage; empty for the other counters."""


@dataclass(frozen=True)
class UsageReading:
    """What one header tells of one budget, in percent; None where it does not tell."""

    call_pct: Decimal | None = None
    cpu_pct: Decimal | None = None
    time_pct: Decimal | None = None
    regain_minutes: float | None = None

    @property
    def used_pct(self) -> Decimal | None:
        """The largest of the three; None if none is known."""
        return max((pct for pct in (self.call_pct, self.cpu_pct, self.time_pct) if pct is not None), default=None)


def may_send(connection: Connection, tenant_id: UUID, budgets: Collection[Budget], at: datetime) -> Decision:
    """Whether one call that counts against these budgets may go out at this instant, and if so, book its place.

    Every use case of an asset counts, whatever `use_case` says. A budget that is blocked refuses, whatever the others say; otherwise the
    slowest one paces. Only a permission for now books anything. Locks the rows until the end of the transaction.
    """
    _ensure(connection, tenant_id, budgets, at)
    rows = connection.execute(_LOCK, _keys(budgets)).fetchall()
    states = {Budget(*row[:4]): BudgetState(*row[4:]) for row in rows}
    decisions = [(decide(state, at), budget) for budget, state in states.items()]
    refusals = [(one.refused_until, one.reason, budget) for one, budget in decisions if one.refused_until is not None]
    if refusals:
        until, reason, budget = max(refusals)
        return Decision(refused_until=until, reason=f"{_name(budget)}: {reason}")
    waits = [(one.send_at, one.reason, budget) for one, budget in decisions if one.send_at is not None and one.send_at > at]
    if waits:
        send_at, reason, budget = max(waits)
        return Decision(send_at=send_at, reason=f"{_name(budget)}: {reason}")
    for budget, state in states.items():
        next_send_at = next_after_send(state, at)
        if next_send_at != state.next_send_at:
            connection.execute(_RESERVE, (next_send_at, at, *_key(budget)))
    return Decision(send_at=at)


def note_usage(connection: Connection, tenant_id: UUID, readings: Mapping[Budget, UsageReading], at: datetime) -> None:
    """Keep what the headers of an answer, fetched at this instant, say of these budgets; a budget without a header keeps its last reading.

    From 85 % the budget is stopped until access is regained; a later low reading shortens no block. Readings that arrive after a later
    one change nothing.
    """
    _ensure(connection, tenant_id, readings, at)
    for budget, reading in sorted(readings.items(), key=lambda entry: entry[0]):
        gap = spacing(reading.used_pct)
        told = {name: None if pct is None else float(pct) for name, pct in asdict(reading).items()}
        connection.execute(
            _NOTE,
            {
                **asdict(budget),
                **asdict(reading),
                "told": storable_json(told),
                "at": at,
                "next_send_at": at + gap if gap else None,
                "until": stop_until(reading.used_pct, at, reading.regain_minutes),
            },
        )


def block(
    connection: Connection, tenant_id: UUID, budget: Budget, at: datetime, code: int | None, regain_minutes: float | None = None
) -> datetime:
    """Stop a budget after a throttle seen at this instant, for the announced minutes (unknown: 60); returns the end of this block.

    `code`: Meta's error code, None when it gave none.

    A block is never shortened.
    """
    _ensure(connection, tenant_id, [budget], at)
    until = at + regain_time(regain_minutes)
    connection.execute(_BLOCK, {**asdict(budget), "until": until, "code": code, "at": at})
    return until


def budget_to_block(kind: ThrottleKind, budgets: Collection[Budget]) -> Budget:
    """Which of the budgets of a call a throttle stops: the app, the user of the token (else the asset), or the asset (else the user).

    Raises ValueError for a call that counts against no budget of the kind; the app never stands in for an asset.
    """
    for scope in _STOPPED[kind]:
        for budget in sorted(budgets):
            if budget.scope == scope:
                return budget
    raise ValueError(f"{kind}, but the call counts against no {' or '.join(_STOPPED[kind])}")


def _ensure(connection: Connection, tenant_id: UUID, budgets: Collection[Budget], at: datetime) -> None:
    connection.execute(_ENSURE, {**_keys(budgets), "tenant_id": tenant_id, "at": at})


def _keys(budgets: Collection[Budget]) -> dict[str, Any]:
    return {name: [getattr(one, name) for one in budgets] for name in ("app_id", "scope", "scope_id", "use_case")}


def _key(budget: Budget) -> tuple[str, str, str, str]:
    return budget.app_id, budget.scope, budget.scope_id, budget.use_case


def _name(budget: Budget) -> str:
    return " ".join(part for part in (budget.scope, budget.scope_id, budget.use_case) if part)

"""The SQL function `roi`: what the AI saved. Money is exact (fractions of the tenant's currency)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .conversations import conversations
from .events import Event
from .ladder import Row, durable_ends_at
from .scores import Score, exact
from .tenant import Tenant

COSTS = (
    "avg_human_agent_cost_per_hour",
    "avg_conversation_time_minutes",
    "ai_cost_per_conversation",
    "rework_minutes",
)


@dataclass(frozen=True)
class Costs:
    """r per hour, m minutes, c per conversation, minutes of rework."""

    hourly: Fraction
    minutes: Fraction
    ai: Fraction
    rework_minutes: Fraction

    @property
    def human(self) -> Fraction:
        """A person handling one conversation: m / 60 * r."""
        return self.minutes / 60 * self.hourly

    @property
    def rework(self) -> Fraction:
        """A person repairing one conversation."""
        return self.rework_minutes / 60 * self.hourly


@dataclass(frozen=True)
class Case:
    """One conversation started in the window and what it counts as."""

    costs: Costs
    is_ai_resolved: bool
    is_pending: bool  # an AI resolution whose durability is still open
    is_silent_contained: bool
    is_rework: bool


def roi(
    events: Iterable[Event],
    scores: Iterable[Score],
    tenant: Tenant,
    as_of: datetime,
    date_from: date,
    date_to: date,
    **overrides: float,
) -> Row:
    """The row of roi() for conversations started on local days date_from..date_to, both inclusive."""
    by_id: dict[str, list[Row]] = {}
    for row in conversations(events, scores, tenant, as_of):
        by_id.setdefault(row["conversation_id"], []).append(row)
    cases = [
        case(episodes, costs_on(tenant, episodes[0]["start_date"], overrides), tenant)
        for episodes in by_id.values()
        if date_from <= episodes[0]["start_date"] <= date_to
    ]
    return roi_columns(cases)


def costs_on(tenant: Tenant, start_date: date, overrides: dict[str, float]) -> Costs:
    """Parameters of a conversation's start date; an override replaces them.

    reading: rework_minutes without a value of its own is the avg_conversation_time_minutes in force, override included.
    """
    values: dict[str, Any] = {name: overrides.get(name, tenant.parameter(name, start_date)) for name in COSTS}
    if values["rework_minutes"] is None:
        values["rework_minutes"] = values["avg_conversation_time_minutes"]
    return Costs(*(exact(values[name]) for name in COSTS))


def case(episodes: list[Row], costs: Costs, tenant: Tenant) -> Case:
    """What one conversation counts as.

    reading: B are conversations with an AI resolution whose next episode began within durable_days of it, and whose
    last episode is not (or not yet) an AI resolution.
    reading: `low` leaves out conversations with an AI resolution whose durability is pending; `high` adds conversations
    not in A with an episode that is silent and contained. B and the AI's cost are the same in all three.
    """
    ai = [row for row in episodes if row["is_ai_resolution"]]
    was_reopened = any(row["reopened_at"] is not None and row["reopened_at"] < durable_ends_at(row, tenant) for row in ai)
    return Case(
        costs=costs,
        is_ai_resolved=bool(ai),
        is_pending=any(row["is_durable"] is None for row in ai),
        is_silent_contained=any(row["outcome"] == "silent" and row["is_contained"] for row in episodes),
        is_rework=was_reopened and not episodes[-1]["is_ai_resolution"],
    )


def roi_columns(cases: list[Case]) -> Row:
    """The formulas of the specification over cases.

    reading: parameter_versions is the number of different sets of the four values that were applied.
    """
    zero = Fraction(0)
    ai_cost = sum((c.costs.ai for c in cases), zero)
    avoided = sum((c.costs.human for c in cases if c.is_ai_resolved), zero)
    savings = avoided - sum((c.costs.ai for c in cases if c.is_ai_resolved), zero)
    rework_cost = sum((c.costs.rework for c in cases if c.is_rework), zero)
    low = sum((c.costs.human for c in cases if c.is_ai_resolved and not c.is_pending), zero)
    high = sum((c.costs.human for c in cases if c.is_ai_resolved or c.is_silent_contained), zero)
    net = avoided - ai_cost - rework_cost
    return {
        "total_conversations": len(cases),
        "ai_resolved_conversations": sum(c.is_ai_resolved for c in cases),
        "reworked_conversations": sum(c.is_rework for c in cases),
        "human_agent_cost": sum((c.costs.human for c in cases), zero),
        "ai_cost": ai_cost,
        "savings": savings,
        "roi_percentage": savings / ai_cost * 100 if ai_cost else zero,
        "human_cost_avoided": avoided,
        "rework_cost": rework_cost,
        "net_savings": net,
        "net_savings_low": low - ai_cost - rework_cost,
        "net_savings_high": high - ai_cost - rework_cost,
        "roi_percentage_net": net / ai_cost * 100 if ai_cost else None,
        "parameter_versions": len({c.costs for c in cases}),
    }

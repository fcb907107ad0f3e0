"""Deals: where one stood when the action was taken, and what each later stage says of the action."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import Action, Facts, StageChange

STAGES = ["prospecting", "discovery", "qualification", "evaluation", "negotiation", "closed_won"]
SETBACKS = ("closed_lost", "stalled")


@dataclass(frozen=True)
class Move:
    """A stage reached in the window: its verdict (None: no evidence), its score, and how far it lies from the origin."""

    change: StageChange
    status: str | None
    score: float | None
    stage_delta: int | None


def origin(action: Action, facts: Facts) -> str | None:
    """The stage at creation.

    reading: an action that is not about a deal and of which nobody told a stage has none.
    """
    given: str | None = action.event_data.get("deal_stage_at_creation")
    if given is not None:
        return given
    before = [change for change in changes_of(action, facts) if change.occurred_at <= action.created_at]
    if before:
        return before[-1].stage
    return "prospecting" if action.outcome_type == "deal_progression" else None


def changes_of(action: Action, facts: Facts) -> list[StageChange]:
    """All changes of stage in the action's conversation, in order."""
    if action.conversation_id is None:
        return []
    return sorted((c for c in facts.stage_changes if c.conversation_id == action.conversation_id), key=lambda change: change.order)


def moves(action: Action, facts: Facts) -> list[Move]:
    """What happened to the deal in the window, in order; only for actions that are to move a deal."""
    if action.outcome_type != "deal_progression":
        return []
    start = origin(action, facts)
    return [_judge(start, change) for change in changes_of(action, facts) if action.is_in_window(change.occurred_at)]


def _judge(start: str | None, change: StageChange) -> Move:
    known = start in STAGES and change.stage in STAGES
    delta = STAGES.index(change.stage) - STAGES.index(start) if known and start is not None else None
    if change.stage in SETBACKS:
        return Move(change, "negative", 0.0, delta)
    if delta is None:
        return Move(change, "ambiguous", None, None)
    if delta > 0:
        return Move(change, "positive", min(0.2 * delta, 1.0), delta)
    return Move(change, None, None, delta)

"""All evidence on an action, and which piece of it decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .deals import moves
from .facts import Action, Arrived, Facts


@dataclass(frozen=True)
class Evidence:
    """Something that speaks for or against an action's success."""

    kind: str
    source: Arrived
    status: str
    score: float | None
    stage_delta: int | None = None

    @property
    def order(self) -> tuple[datetime, bytes, str]:
        """reading: of one instant the smaller id; ids may be the same in two streams, then the kind in the order of its name."""
        return *self.source.order, self.kind


def evidence_on(action: Action, facts: Facts) -> list[Evidence]:
    """Everything that counts for this action."""
    found = []
    if action.outcome_type == "email_engagement" and action.conversation_id is not None:
        for reply in facts.replies:
            if reply.conversation_id == action.conversation_id and action.is_in_window(reply.occurred_at):
                found.append(Evidence("reply", reply, "positive", 1.0))
    for move in moves(action, facts):
        if move.status is not None:
            found.append(Evidence("deal_stage", move.change, move.status, move.score, move.stage_delta))
    for signal in facts.signals:
        if signal.action_id == action.action_id:
            if signal.is_human and signal.occurred_at > action.created_at:
                found.append(Evidence("human_label", signal, signal.outcome_status, signal.outcome_score))
            if not signal.is_human and action.is_in_window(signal.occurred_at):
                found.append(Evidence("signal", signal, signal.outcome_status, signal.outcome_score))
    return found


def choose(evidence: Iterable[Evidence]) -> Evidence | None:
    """The piece that decides: the latest human label, else the earliest decisive, else the earliest ambiguous; None without any."""
    evidence = sorted(evidence, key=lambda one: one.order)
    labels = [one for one in evidence if one.kind == "human_label"]
    if labels:
        return labels[-1]
    decisive = [one for one in evidence if one.status in ("positive", "negative")]
    return next(iter(decisive or evidence), None)

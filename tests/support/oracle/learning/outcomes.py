"""The mart `outcomes`."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

from tests.support.oracle.localtime import local_hour, metric_date
from tests.support.oracle.tenant import Tenant

from .choice import Evidence, choose, evidence_on
from .deals import changes_of, moves, origin
from .facts import Action, Facts
from .labels import labels

Row = dict[str, Any]
TWELVE_PLACES = Decimal("1e-12")


def outcomes(facts: Facts, tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.outcomes."""
    chosen = {action.action_id: choose(evidence_on(action, facts)) for action in facts.actions}
    touches = _touches(facts.actions, chosen)
    return [
        {
            "tenant_id": tenant.tenant_id,
            **_as_received(action, tenant),
            **_resolution(action, chosen[action.action_id], as_of),
            **_deal(action, chosen[action.action_id], facts),
            **touches.get(action.action_id, {"touch_position": None, "touch_count": None}),
        }
        for action in facts.actions
    ]


def _as_received(action: Action, tenant: Tenant) -> Row:
    day = metric_date(tenant, action.created_at)
    confidence = min(1.0, max(0.0, action.predicted_confidence))
    # The shortest decimal that names the number, as a person would write it: 0.3 and not .299999999999999989.
    written = Decimal(repr(confidence)).quantize(TWELVE_PLACES, ROUND_HALF_UP)
    return {
        "action_id": action.action_id,
        "conversation_id": action.conversation_id,
        "action_type": action.action_type,
        "outcome_type": action.outcome_type,
        "rep_id": action.rep_id,
        "predicted_confidence": action.predicted_confidence,
        "created_at": action.created_at,
        "metric_date": day,
        "confidence": confidence,
        "is_confidence_clamped": confidence != action.predicted_confidence,
        "bin_index": min(9, floor(written * 10)),
        "window_hours": action.window_hours,
        "is_window_default": action.is_window_default,
        "window_expires_at": action.window_expires_at,
        "window_expires_date": metric_date(tenant, action.window_expires_at),
        "local_hour": local_hour(tenant, action.created_at),
        "local_weekday": day.isoweekday(),
        "channel": action.event_data.get("channel"),
        "persona": action.event_data.get("persona"),
        "escalation_trigger": action.event_data.get("escalation_trigger", "unknown"),
    }


def _resolution(action: Action, decided: Evidence | None, as_of: datetime) -> Row:
    """Status, evidence and labels; without evidence the clock alone decides."""
    expires_at = action.window_expires_at
    is_matured = expires_at <= as_of
    if decided is not None:
        status, resolved_at = decided.status, decided.source.occurred_at
    elif is_matured:
        status, resolved_at = "expired", expires_at
    else:
        status, resolved_at = "pending", None
    source = "human_label" if decided is not None and decided.kind == "human_label" else "automatic"
    lasted = None if resolved_at is None else min(resolved_at, expires_at) - action.created_at
    return {
        "is_matured": is_matured,
        "outcome_status": status,
        "outcome_score": decided.score if decided else None,
        "signal_source": source if decided else None,
        "evidence_kind": decided.kind if decided else None,
        "evidence_event_id": decided.source.event_id if decided else None,
        "resolved_at": resolved_at,
        "detected_at": decided.source.received_at if decided else None,
        "hours_to_resolution": None if lasted is None else lasted / timedelta(hours=1),
        **labels(status, action.outcome_type, is_matured),
    }


def _deal(action: Action, decided: Evidence | None, facts: Facts) -> Row:
    """reading: a stage_delta is known for actions that are to move a deal only."""
    in_window = moves(action, facts)
    delta = in_window[-1].stage_delta if in_window else None
    won = [c for c in changes_of(action, facts) if c.stage == "closed_won" and c.occurred_at > action.created_at]
    return {
        "deal_stage_at_creation": origin(action, facts),
        "stage_delta": decided.stage_delta if decided and decided.kind == "deal_stage" else delta,
        "closed_won_at": won[0].occurred_at if won else None,
    }


def _touches(actions: list[Action], chosen: dict[str, Evidence | None]) -> dict[str, Row]:
    """action_id -> its place among the actions that the same event resolved positive."""
    together: dict[tuple[str, str], list[Action]] = defaultdict(list)
    for action in actions:
        decided = chosen[action.action_id]
        if decided is not None and decided.status == "positive":
            together[decided.kind, decided.source.event_id].append(action)
    return {
        action.action_id: {"touch_position": position, "touch_count": len(group)}
        for group in together.values()
        for position, action in enumerate(sorted(group, key=lambda one: (one.created_at, one.action_id.encode())), start=1)
    }

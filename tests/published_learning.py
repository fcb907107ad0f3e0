"""Learning marts filled by hand, as am_publish: what a publish would have left, without dbt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from agentmarts.warehouse.connection import Connection
from tests.published import zero_row
from tests.serving import AS_OF

LEARNING_MARTS = (
    "outcomes", "outcome_daily", "calibration_bins", "calibration_summary", "calibration_map", "calibration_history",
    "calibration_adjustments", "coaching_patterns", "feedback_entries", "feedback_summary",
)  # fmt: skip
EXPIRED_IS_A_FAILURE = ("email_engagement", "deal_progression")


def action_row(
    connection: Connection,
    tenant_id: UUID,
    action_id: str,
    created_at: datetime,
    *,
    status: str = "pending",
    resolved_after: float | None = None,
    action_type: str = "send_email",
    outcome_type: str = "email_engagement",
    window_hours: int = 24,
    confidence: float = 0.5,
    as_of: datetime = AS_OF,
    timezone: str = "UTC",
    **given: Any,
) -> dict[str, Any]:
    """A row of `outcomes`; `resolved_after` hours, at the end of the window if expired. The headline label follows from the rest."""
    expires_at = created_at + timedelta(hours=window_hours)
    is_matured = expires_at <= as_of
    if status == "expired":
        resolved_at: datetime | None = expires_at
    else:
        resolved_at = None if resolved_after is None else created_at + timedelta(hours=resolved_after)
    decided = {"positive": 1, "negative": 0}.get(status)
    headline = 0 if status == "expired" and outcome_type in EXPIRED_IS_A_FAILURE else decided
    zone = ZoneInfo(timezone)
    return zero_row(
        connection,
        "outcomes",
        tenant_id=tenant_id,
        action_id=action_id,
        action_type=action_type,
        outcome_type=outcome_type,
        predicted_confidence=confidence,
        confidence=confidence,
        bin_index=min(9, int(confidence * 10 + 1e-9)),
        created_at=created_at,
        metric_date=created_at.astimezone(zone).date(),
        window_hours=window_hours,
        window_expires_at=expires_at,
        window_expires_date=expires_at.astimezone(zone).date(),
        is_matured=is_matured,
        outcome_status=status,
        resolved_at=resolved_at,
        label=headline if is_matured else None,
        label_resolved_only=decided,
        label_expired_as_negative=(0 if status == "expired" else decided) if is_matured else None,
        escalation_trigger="unknown",
        **given,
    )


def feedback_row(
    connection: Connection, tenant_id: UUID, feedback_id: str, occurred_at: datetime, *, source: str = "inline", rating: int, **given: Any
) -> dict[str, Any]:
    """A row of `feedback_entries`, current unless told otherwise."""
    return zero_row(
        connection,
        "feedback_entries",
        tenant_id=tenant_id,
        feedback_id=feedback_id,
        occurred_at=occurred_at,
        metric_date=occurred_at.date(),
        source=source,
        rating=rating,
        rating_normalized=(rating + 1) / 2 if source == "inline" else (rating - 1) / 4,
        **{"target_type": "message", "target_id": feedback_id, "revision_number": 1, "is_current": True, **given},
    )

"""Learning marts filled by hand, as am_publish: what a publish would have left, without dbt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from tests.support.marts.published import insert_rows, log_version, zero_row
from tests.support.serving import AS_OF, Customer

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


def publish_learning(settings: Settings, *customers: Customer, version: int = 1) -> None:
    """Rows in every learning mart for each customer, whose slug is part of all their texts, and the log of that publish."""
    with connect(settings, Role.PUBLISH) as connection:
        for customer in customers:
            for mart, rows in _some_of_everything(connection, customer).items():
                insert_rows(connection, mart, rows, version)
        log_version(connection, version, AS_OF, LEARNING_MARTS, [customer.tenant_id for customer in customers])


def _some_of_everything(connection: Connection, customer: Customer) -> dict[str, list[dict[str, Any]]]:
    slug, tenant, day = customer.slug, customer.tenant_id, AS_OF.date() - timedelta(days=8)
    noon = datetime.combine(day, AS_OF.timetz())
    action = {"tenant_id": tenant, "action_type": "send_email"}

    def row(mart: str, **given: Any) -> dict[str, Any]:
        return zero_row(connection, mart, **given)

    outcomes = [
        action_row(
            connection, tenant, f"{slug}-action-{n}", noon, status=status, resolved_after=2, conversation_id=f"{slug}-{day}-{n}",
            rep_id=f"{slug}-rep", persona=f"{slug}-persona",
        )
        for n, status in enumerate(["positive"] * 6 + ["negative"] * 3)
    ]  # fmt: skip
    feedback = [
        feedback_row(
            connection, tenant, f"{slug}-feedback-{n}", noon, rating=1, reviewer_id=f"{slug}-reviewer", comment=f"{slug} says so",
            action_id=f"{slug}-action-{n}",
        )
        for n in range(6)
    ]  # fmt: skip
    pattern = {"segment": f"{slug}-channel", "description": f"{slug} is associated with success", "recommendation": f"More of {slug}"}
    return {
        "outcomes": outcomes,
        "feedback_entries": feedback,
        "outcome_daily": [row("outcome_daily", metric_date=day, outcome_type="email_engagement", actions=9, **action)],
        "calibration_bins": [row("calibration_bins", label_policy="headline", bin_index=n, **action) for n in range(10)],
        "calibration_summary": [
            row("calibration_summary", action_type=name, tenant_id=tenant, label_policy="headline", n=9, brier_score=0.25,
                direction="unclear", status="low_n")
            for name in ("send_email", f"{slug}_type")
        ],
        "calibration_map": [row("calibration_map", p_raw=n / 100, n=9, status="low_n", **action) for n in range(101)],
        "calibration_history": [row("calibration_history", as_of_date=day, n=9, **action)],
        "calibration_adjustments": [
            row("calibration_adjustments", label_policy="headline", reason=f"{slug} is too sure", recommended_by="seed_rule", **action)
        ],
        "coaching_patterns": [
            row("coaching_patterns", tenant_id=tenant, window_days=days, dimension="channel", outcome_type="*", is_actionable=True, rank=1,
                pattern_id=f"{slug}-{days}", pattern_type="channel_preference", n=9, **pattern)
            for days in (30, 90)
        ],
        "feedback_summary": [
            row("feedback_summary", tenant_id=tenant, metric_date=day, source="inline", target_type="message", reviewer_role=f"{slug}-role",
                entries=6)
        ],
    }  # fmt: skip

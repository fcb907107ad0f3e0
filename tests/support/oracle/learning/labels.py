"""What a status is worth under each label policy."""

from __future__ import annotations

EXPIRED_IS_A_FAILURE = ("email_engagement", "deal_progression")


def labels(status: str, outcome_type: str, is_matured: bool) -> dict[str, int | None]:
    """The three label columns."""
    decided = {"positive": 1, "negative": 0}.get(status)
    silence = status == "expired"
    headline = 0 if silence and outcome_type in EXPIRED_IS_A_FAILURE else decided
    as_negative = 0 if silence else decided
    return {
        "label": headline if is_matured else None,
        "label_resolved_only": decided,
        "label_expired_as_negative": as_negative if is_matured else None,
    }

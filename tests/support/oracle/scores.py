"""Quality scores as accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from .events import parse_instant

DIMENSIONS = ("helpfulness", "accuracy", "politeness", "completeness")


@dataclass(frozen=True)
class Score:
    """One attempt to score a conversation; occurred_at in UTC, dimensions 0..1 as exact decimals or None."""

    event_id: str
    conversation_id: str
    occurred_at: datetime
    scorer_kind: str
    scorer: str
    dimensions: tuple[Fraction | None, ...]
    error: str | None

    @property
    def order(self) -> tuple[datetime, bytes]:
        """Later is larger; ids compare bytewise."""
        return self.occurred_at, self.event_id.encode()

    @property
    def overall(self) -> Fraction | None:
        """Mean of the dimensions present, exact.

        reading: an attempt is valid when at least one dimension is present, and failed when none is.
        reading: scores are computed as decimals (0.7 is 7/10), so a mean of exactly 0.70 passes the threshold 0.70.
        """
        present = [value for value in self.dimensions if value is not None]
        return sum(present, Fraction(0)) / len(present) if present else None


def exact(value: Any) -> Fraction:
    """The decimal number as written."""
    return Fraction(str(value))


def accept_scores(payloads: Iterable[dict[str, Any]]) -> list[Score]:
    """Valid payloads in order of arrival -> scores; of one event_id the first wins."""
    accepted: dict[str, Score] = {}
    for payload in payloads:
        values = [payload.get(name) for name in DIMENSIONS]
        score = Score(
            event_id=payload["event_id"],
            conversation_id=payload["conversation_id"],
            occurred_at=parse_instant(payload["occurred_at"]),
            scorer_kind=payload["scorer_kind"],
            scorer=payload["scorer"],
            dimensions=tuple(None if value is None else exact(value) for value in values),
            error=payload.get("error"),
        )
        accepted.setdefault(score.event_id, score)
    return list(accepted.values())

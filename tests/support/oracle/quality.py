"""Quality marts: the latest score of each scorer, and its daily summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, sqrt
from statistics import mean, variance
from typing import Any

from .durations import round_half_up
from .episodes import gather
from .events import Event
from .localtime import metric_date
from .scores import DIMENSIONS, Score
from .tenant import Tenant
from .wilson import rate_columns

Row = dict[str, Any]
KIND_ORDER = {"human": 2, "rule": 1, "judge": 0}
LOW_QUALITY = Fraction(6, 10)
Key = tuple[str, str, str]  # conversation_id, scorer_kind, scorer


@dataclass(frozen=True)
class Scoring:
    """All attempts of one scorer at one conversation; latest: its latest valid one, if any."""

    key: Key
    attempts: list[Score]
    latest: Score | None

    @property
    def failures(self) -> list[Score]:
        """Failed attempts in order."""
        return [score for score in self.attempts if score.overall is None]


@dataclass(frozen=True)
class Headline:
    """The score a conversation is known by; overall exact 0..1, scored_at in UTC."""

    scorer_kind: str
    scorer: str
    overall: Fraction
    scored_at: datetime


def scorings(scores: Iterable[Score], as_of: datetime) -> list[Scoring]:
    """Attempts up to as_of by conversation and scorer, in order of key."""
    by_key: dict[Key, list[Score]] = {}
    for score in sorted(scores, key=lambda s: s.order):
        if score.occurred_at <= as_of:
            by_key.setdefault((score.conversation_id, score.scorer_kind, score.scorer), []).append(score)
    return [
        Scoring(key, attempts, next((s for s in reversed(attempts) if s.overall is not None), None))
        for key, attempts in sorted(by_key.items(), key=lambda item: [part.encode() for part in item[0]])
    ]


def headlines(scores: Iterable[Score], as_of: datetime) -> dict[str, Headline]:
    """conversation_id -> headline: human, else rule, else judge; the latest; of one instant the greatest event_id."""
    best: dict[str, Score] = {}
    for scoring in scorings(scores, as_of):
        score = scoring.latest
        if score is not None:
            rival = best.get(score.conversation_id)
            if rival is None or _headline_order(score) > _headline_order(rival):
                best[score.conversation_id] = score
    return {
        conversation_id: Headline(score.scorer_kind, score.scorer, score.overall, score.occurred_at)
        for conversation_id, score in best.items()
        if score.overall is not None
    }


def _headline_order(score: Score) -> tuple[int, datetime, bytes]:
    return KIND_ORDER[score.scorer_kind], *score.order


def two_places(value: Fraction | None) -> Decimal | None:
    """numeric(3,2), halves away from zero."""
    return None if value is None else Decimal(round_half_up(value * 100)).scaleb(-2)


def conversation_quality_scores(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.conversation_quality_scores.

    reading: all five scores are stored as numeric(3,2), the overall one being rounded from the exact mean; a row needs
    no conversation event; scored_at is the time of the latest valid score, NULL without one; last_error is the latest
    failed attempt's, also when a valid score came later.
    """
    scores = list(scores)
    headline_of = headlines(scores, as_of)
    rows = []
    for scoring in scorings(scores, as_of):
        conversation_id, scorer_kind, scorer = scoring.key
        latest = scoring.latest
        dimensions = latest.dimensions if latest else (None,) * len(DIMENSIONS)
        headline = headline_of.get(conversation_id)
        rows.append(
            {
                "tenant_id": tenant.tenant_id,
                "conversation_id": conversation_id,
                "scorer_kind": scorer_kind,
                "scorer": scorer,
                **{f"{name}_score": two_places(value) for name, value in zip(DIMENSIONS, dimensions, strict=True)},
                "overall_score": two_places(latest.overall) if latest else None,
                "dimensions_scored": sum(value is not None for value in dimensions),
                "scored_at": latest.occurred_at if latest else None,
                "attempts": len(scoring.attempts),
                "failed_attempts": len(scoring.failures),
                "last_error": scoring.failures[-1].error if scoring.failures else None,
                "is_headline": headline is not None and (headline.scorer_kind, headline.scorer) == (scorer_kind, scorer),
            }
        )
    return rows


def quality_daily(events: Iterable[Event], scores: Iterable[Score], tenant: Tenant, as_of: datetime) -> list[Row]:
    """Rows of marts.quality_daily, by local start day of the conversation.

    reading: only days on which a conversation began that the scorer tried; conversations without event have no day.
    """
    start_date = {c.conversation_id: metric_date(tenant, c.events[0].occurred_at) for c in gather(events, as_of)}
    all_scorings = [s for s in scorings(scores, as_of) if s.key[0] in start_date]
    keys = sorted({(start_date[s.key[0]], s.key[1], s.key[2]) for s in all_scorings})
    return [{"tenant_id": tenant.tenant_id, **_day_row(key, all_scorings, start_date)} for key in keys]


def _day_row(key: tuple[date, str, str], all_scorings: list[Scoring], start_date: dict[str, date]) -> Row:
    """reading: attempts and failed count attempts, scored counts conversations with a valid score."""
    day, kind, scorer = key

    def mine(first: date, last: date) -> list[Scoring]:
        return [s for s in all_scorings if s.key[1:] == (kind, scorer) and first <= start_date[s.key[0]] <= last]

    today = mine(day, day)
    valid = [s.latest for s in today if s.latest is not None]
    overall = [score.overall for score in valid if score.overall is not None]
    attempts = sum(len(s.attempts) for s in today)
    failed = sum(len(s.failures) for s in today)
    # reading: the trailing 28 local days end with this day; they are compared with the 28 days before them.
    trailing = mine(day - timedelta(days=27), day)
    recent, before = _overall(trailing), _overall(mine(day - timedelta(days=55), day - timedelta(days=28)))
    change = mean(recent) - mean(before) if recent and before else None
    pairs = _pairs(trailing, all_scorings) if kind == "judge" else []
    return {
        "metric_date": day,
        "scorer_kind": kind,
        "scorer": scorer,
        "attempts": attempts,
        "scored": len(valid),
        "failed": failed,
        **rate_columns("failure", failed, attempts),
        "overall_mean": _mean(overall),
        "overall_se": standard_error(overall),
        **{
            f"{name}_mean": _mean([value for score in valid if (value := score.dimensions[n]) is not None])
            for n, name in enumerate(DIMENSIONS)
        },
        "low_quality": sum(value < LOW_QUALITY for value in overall),
        "overall_mean_28d": _mean(recent),
        "overall_change_28d": None if change is None else float(change),
        "overall_change_28d_z": None if change is None else _z(float(change), recent, before),
        "agreement_n": len(pairs),
        **agreement(pairs),
    }


def _overall(some: list[Scoring]) -> list[Fraction]:
    return [s.latest.overall for s in some if s.latest is not None and s.latest.overall is not None]


def _mean(values: list[Fraction]) -> float | None:
    return float(mean(values)) if values else None


def standard_error(values: list[Fraction]) -> float | None:
    """Sample standard deviation / sqrt(n); None below two values."""
    return sqrt(variance(values) / len(values)) if len(values) >= 2 else None


def _z(change: float, recent: list[Fraction], before: list[Fraction]) -> float | None:
    """reading: change / sqrt(se² + se²); None when a side has fewer than two scores or both have no spread."""
    recent_se, before_se = standard_error(recent), standard_error(before)
    if recent_se is None or before_se is None or recent_se == before_se == 0:
        return None
    return change / sqrt(recent_se**2 + before_se**2)


def _pairs(judged: list[Scoring], all_scorings: list[Scoring]) -> list[tuple[Fraction, Fraction]]:
    """(judge, human) overall scores; reading: of several human scorers the latest score counts, ties by event_id."""
    human: dict[str, Score] = {}
    for scoring in all_scorings:
        if scoring.key[1] == "human" and scoring.latest is not None:
            rival = human.get(scoring.key[0])
            if rival is None or scoring.latest.order > rival.order:
                human[scoring.key[0]] = scoring.latest
    pairs = []
    for scoring in judged:
        judge_overall = scoring.latest.overall if scoring.latest else None
        human_overall = human[scoring.key[0]].overall if scoring.key[0] in human else None
        if judge_overall is not None and human_overall is not None:
            pairs.append((judge_overall, human_overall))
    return pairs


def agreement(pairs: list[tuple[Fraction, Fraction]]) -> Row:
    """weighted_kappa, mae and bias (judge - human) of pairs (judge, human); NULL without pairs.

    Written with counts: sum(w O) / sum(w E), where E = row total * column total / n.
    """
    if not pairs:
        return {"weighted_kappa": None, "mae": None, "bias": None}
    n = len(pairs)
    binned = [(_bin(judge), _bin(human)) for judge, human in pairs]
    observed = sum((i - j) ** 2 for i, j in binned)
    expected = Fraction(sum((i - j) ** 2 for i, _ in binned for _, j in binned), n)
    return {
        "weighted_kappa": float(1 - observed / expected) if expected else None,
        "mae": float(sum((abs(j - h) for j, h in pairs), Fraction(0)) / n),
        "bias": float(sum((j - h for j, h in pairs), Fraction(0)) / n),
    }


def _bin(overall: Fraction) -> int:
    return min(4, floor(5 * overall))

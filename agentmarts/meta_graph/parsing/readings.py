"""Numbers as an answer gives them, and the observations they make: one per fact, with its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from agentmarts.meta_graph.model import FINAL_AFTER, PROVISIONAL_FOR, Observation, ObservedState, Question, Unreadable

FACEBOOK_SHIFT = -1
"""The shift of platforms that stamp the end of a day."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of an answer and what it is about. `value` None: Meta named the fact and gave no number."""

    metric: str
    period: str
    value: Decimal | None
    dimensions: tuple[tuple[str, str], ...] = ()
    """(name, value), sorted by name."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    raw_end_time: str | None = None
    """Set if `window_end` is a stamp of Meta."""
    is_filled: bool = False
    """A 0 that the answer does not write, as only keys that are not 0 come."""

    @property
    def fact(self) -> tuple[str, str, tuple[tuple[str, str], ...], datetime, datetime]:
        """What the number is about, within one question; sorts."""
        return self.metric, self.period, self.dimensions, self.window_start or _EARLIEST, self.window_end or _EARLIEST


def observations_of(
    readings: Iterable[Reading], question: Question, observed_at: datetime
) -> tuple[tuple[Observation, ...], tuple[Unreadable, ...]]:
    """One observation per fact, in the order of the facts. The same number twice is one; two numbers for one fact are none, but unreadable.

    A number counts more than a filled 0, and that more than no number.
    """
    by_fact: dict[tuple[object, ...], list[Reading]] = defaultdict(list)
    for reading in readings:
        by_fact[reading.fact].append(reading)
    observations: list[Observation] = []
    conflicts: list[Unreadable] = []
    for _, same in sorted(by_fact.items(), key=lambda item: item[1][0].fact):
        candidates = _most_telling(same)
        if len({reading.value for reading in candidates}) == 1:
            observations.append(_observation(min(candidates, key=lambda one: one.raw_end_time or ""), question, observed_at))
        else:
            conflicts.append(_conflict(candidates))
    return tuple(observations), tuple(conflicts)


def _most_telling(readings: Sequence[Reading]) -> list[Reading]:
    written = [one for one in readings if one.value is not None and not one.is_filled]
    filled = [one for one in readings if one.is_filled]
    return written or filled or list(readings)


def _conflict(readings: Sequence[Reading]) -> Unreadable:
    first = readings[0]
    values = [str(value) for value in sorted({one.value for one in readings if one.value is not None})]
    about = " ".join([first.period, *(f"{name}={value}" for name, value in first.dimensions), first.raw_end_time or ""]).strip()
    return Unreadable(first.metric, f"the answer gives different numbers for the same fact ({about})", values)


def _observation(reading: Reading, question: Question, observed_at: datetime) -> Observation:
    return Observation(
        group_name=question.group.name,
        platform=question.group.platform,
        object_type=question.object_type,
        object_id=question.object_id,
        metric=reading.metric,
        period=reading.period,
        value=reading.value,
        state=_state(reading, question, observed_at),
        is_final=reading.window_end is None or observed_at - reading.window_end >= FINAL_AFTER,
        observed_at=observed_at,
        media_product=question.media_product,
        dim_key="|".join(name for name, _ in reading.dimensions),
        dim_value="|".join(value for _, value in reading.dimensions),
        window_start=reading.window_start,
        window_end=reading.window_end,
        raw_end_time=reading.raw_end_time,
        sample_slot=question.sample_slot,
    )


def _state(reading: Reading, question: Question, observed_at: datetime) -> ObservedState:
    if reading.value is None:
        return "empty"
    if reading.value or reading.window_end is None:
        return "ok"
    closed_at = reading.window_end
    if reading.raw_end_time is not None and question.group.day_shift != FACEBOOK_SHIFT:
        # The stamp may be the day itself: then it closes up to a day later. Still before FINAL_AFTER, so that no final 0 is provisional.
        closed_at += timedelta(days=1)
    return "zero_provisional" if observed_at - closed_at < PROVISIONAL_FOR else "ok"


# Samples that Meta keeps back because too few people saw the object: unknown, with a state that says why.


def too_few(question: Question, observed_at: datetime) -> tuple[Observation, ...]:
    """One observation without a value for each metric of a sample that was refused as `below_threshold`."""
    return tuple(
        Observation(
            group_name=question.group.name,
            platform=question.group.platform,
            object_type=question.object_type,
            object_id=question.object_id,
            metric=metric,
            period=question.group.period,
            value=None,
            state="below_threshold",
            is_final=True,
            observed_at=observed_at,
            media_product=question.media_product,
            sample_slot=question.sample_slot,
        )
        for metric in question.metrics
    )

"""One entry of `data`, in each of the shapes that Meta gives it: a series, a lifetime value, a total, splits, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from agentmarts.meta_graph.catalogue import Catalogue, Metric
from agentmarts.meta_graph.fragments import fragment_of, shown
from agentmarts.meta_graph.observations import Question, Unreadable
from agentmarts.meta_graph.parse_values import NotReadableError, dimension_of, instant_of, number_of
from agentmarts.meta_graph.readings import Reading

Part = Reading | Unreadable
DICTIONARY_KEY = "key"
"""Name of the dimension that the keys of a dictionary are when no breakdown was asked for."""
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What all numbers of one entry share."""

    question: Question
    metric: str
    period: str
    row: Metric | None
    """Its row of the catalogue."""
    known_keys: frozenset[str]
    """Keys of its dictionaries that came earlier."""

    @property
    def breakdowns(self) -> frozenset[str]:
        """Names that may stand beside a value as dimensions."""
        return asked_breakdowns(self.question) | (self.row.breakdowns if self.row else frozenset())

    @property
    def is_zero_if_unwritten(self) -> bool:
        """Whether a dictionary leaves out keys only when they are 0: counts do; of a distribution just the largest keys come."""
        return self.row is not None and self.row.unit == "count" and self.row.semantics != "distribution"

    def refused(self, error: NotReadableError, part: object) -> Unreadable:
        return Unreadable(self.metric, str(error), fragment_of(part))


@dataclass(frozen=True, slots=True)
class _When:
    window_start: datetime | None = None
    window_end: datetime | None = None
    raw_end_time: str | None = None


def asked_breakdowns(question: Question) -> frozenset[str]:
    """Names of the dimensions that the group asks for."""
    return frozenset(re.findall(r"[^|,\s]+", question.group.breakdown or ""))


def read_entry(
    question: Question, metric: str, period: str, body: Mapping[str, Any], catalogue: Catalogue, known_keys: frozenset[str]
) -> Iterator[Part]:
    """All numbers of an entry, and its parts that are none. Nothing comes of an entry that says nothing.

    `values` and `total_value` may stand side by side. Never raises.
    """
    row = catalogue.metric(question.group.platform, question.group.object, metric, period)
    entry = Entry(question, metric, period, row, known_keys)
    values, total = body.get("values"), body.get("total_value")
    if isinstance(values, list):
        for point in values:
            yield from _read_point(entry, point)
    elif values is not None:
        yield entry.refused(NotReadableError(f"`values` is {shown(values)}, not a list"), values)
    if isinstance(total, dict):
        yield from _read_total(entry, total)
    elif total is not None:
        yield entry.refused(NotReadableError(f"`total_value` is {shown(total)}, not an object"), total)


def _read_point(entry: Entry, point: object) -> Iterator[Part]:
    if not isinstance(point, dict):
        yield entry.refused(NotReadableError(f"{shown(point)} in `values` is not an object"), point)
    elif point:
        try:
            when = _time_of(entry, point.get("end_time"))
            yield from _read_value(entry, point.get("value"), _beside(entry, point, {"value", "end_time"}), when)
        except NotReadableError as error:
            yield entry.refused(error, point)


def _read_total(entry: Entry, total: dict[str, Any]) -> Iterator[Part]:
    breakdowns = total.get("breakdowns")
    if "value" in total:
        try:
            yield from _read_value(entry, total["value"], _beside(entry, total, {"value", "breakdowns"}), _asked_time(entry.question))
        except NotReadableError as error:
            yield entry.refused(error, total)
    if isinstance(breakdowns, list):
        for breakdown in breakdowns:
            yield from _read_breakdown(entry, breakdown)
    elif breakdowns is not None:
        yield entry.refused(NotReadableError(f"`breakdowns` is {shown(breakdowns)}, not a list"), breakdowns)


def _read_breakdown(entry: Entry, breakdown: object) -> Iterator[Part]:
    names = breakdown.get("dimension_keys") if isinstance(breakdown, dict) else None
    results = breakdown.get("results") if isinstance(breakdown, dict) else None
    if not isinstance(names, list) or not isinstance(results, list | None):
        yield entry.refused(NotReadableError("a breakdown has no list of `dimension_keys` or `results`"), breakdown)
        return
    for result in results or ():
        try:
            if not isinstance(result, dict):
                raise NotReadableError(f"{shown(result)} in `results` is not an object")
            yield from _read_value(entry, result.get("value"), _paired(names, result.get("dimension_values")), _asked_time(entry.question))
        except NotReadableError as error:
            yield entry.refused(error, {"dimension_keys": names, "result": result})


def _read_value(entry: Entry, value: object, dimensions: dict[str, str], when: _When) -> Iterator[Part]:
    """A number, null, or a dictionary of numbers. Raises NotReadableError for anything else."""
    if not isinstance(value, dict):
        yield _reading(entry, None if value is None else number_of(value), dimensions, when)
        return
    name = _name_of_keys(entry, dimensions)
    written: set[str] = set()
    for key, number in value.items():
        try:
            dimension = dimension_of(key)
            written.add(dimension)
            yield _reading(entry, None if number is None else number_of(number), {**dimensions, name: dimension}, when)
        except NotReadableError as error:
            yield entry.refused(error, {key: number})
    filled = {key.lower() for key in entry.known_keys} - written if entry.is_zero_if_unwritten and name == DICTIONARY_KEY else set()
    for key in filled:
        yield _reading(entry, _ZERO, {**dimensions, name: key}, when, is_filled=True)
    if not value and not filled:
        yield _reading(entry, None, dimensions, when)


def _name_of_keys(entry: Entry, dimensions: Mapping[str, str]) -> str:
    """A dictionary that answers one asked breakdown is keyed by it."""
    asked = asked_breakdowns(entry.question)
    return next(iter(asked)) if len(asked) == 1 and not dimensions else DICTIONARY_KEY


def _time_of(entry: Entry, stamp: object) -> _When:
    """When a point of `values` holds: its stamp, or what was asked."""
    end = None if stamp is None else instant_of(stamp)
    raw = str(stamp) if end else None
    if entry.question.sample_slot:
        return _When(raw_end_time=raw)
    if end is not None:
        return _When(window_end=end, raw_end_time=raw)
    if entry.period == "lifetime":
        return _When()
    if entry.question.group.metric_type == "total_value":
        return _asked_time(entry.question)
    raise NotReadableError("a point of a series has no `end_time`")


def _asked_time(question: Question) -> _When:
    return _When() if question.sample_slot else _When(question.window_start, question.window_end)


def _beside(entry: Entry, point: Mapping[str, Any], own: set[str]) -> dict[str, str]:
    """Dimensions that stand beside a value. A field that is none might be one tomorrow: its value is no longer the whole."""
    beside = point.keys() - own
    if unknown := sorted(beside - entry.breakdowns):
        raise NotReadableError(f"beside the value stands {shown(unknown[0])}, which is no breakdown of this metric")
    return {name: dimension_of(point[name]) for name in beside}


def _paired(names: list[Any], values: object) -> dict[str, str]:
    if not isinstance(values, list) or not names or len(names) != len(values):
        raise NotReadableError("a result has not one value for each of the `dimension_keys`")
    pairs = {dimension_of(name): dimension_of(value) for name, value in zip(names, values, strict=True)}
    if len(pairs) != len(names):
        raise NotReadableError("the `dimension_keys` name a dimension twice")
    return pairs


def _reading(entry: Entry, value: Decimal | None, dimensions: Mapping[str, str], when: _When, *, is_filled: bool = False) -> Reading:
    values = dimensions.values() if len(dimensions) > 1 else ()
    if any("|" in text for text in (*dimensions, *values)):
        raise NotReadableError("a dimension holds the character | that joins dimensions")
    return Reading(
        metric=entry.metric,
        period=entry.period,
        value=value,
        dimensions=tuple(sorted(dimensions.items())),
        window_start=when.window_start,
        window_end=when.window_end,
        raw_end_time=when.raw_end_time,
        is_filled=is_filled,
    )

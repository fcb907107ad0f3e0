"""An answer of an `insights` edge, as observations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from agentmarts.meta_graph.catalogue import Catalogue, Metric
from agentmarts.meta_graph.model import Parsed, Question, Unreadable
from agentmarts.meta_graph.parsing.readings import Reading, observations_of
from agentmarts.meta_graph.parsing.values import NotReadableError, dimension_of, fragment_of, instant_of, number_of, shown

ALL_METRICS = "*"
"""Stands for the metric where a whole answer, or a nameless entry of it, is unreadable."""
NODE = "node"
"""Period of metrics that are fields of the object itself."""
PERIODS = frozenset({"day", "week", "days_28", "month", "lifetime", "total_over_range"})
NOTHING_KNOWN: Mapping[str, frozenset[str]] = {}


def parse_insights(
    question: Question, body: Any, catalogue: Catalogue, observed_at: datetime, known_keys: Mapping[str, frozenset[str]] = NOTHING_KNOWN
) -> Parsed:
    """What the body of an `insights` answer (JSON, parsed) says to a question. Pure; raises for no body whatsoever.

    `observed_at`: with a zone, when the answer came. `known_keys`: by metric, keys of its dictionaries seen earlier; those of counts that
    do not come now are 0.

    Asked metrics without any number or null: `missing`. For a sample and for a window that has one figure (`total_value`) they also
    get an observation without value. A series gets none for the days it leaves out: nobody knows their stamps. Asked metrics that are
    neither `answered` nor `missing` came, but all of it is unreadable. Node fields among the metrics are left to parse_node.
    """
    asked = frozenset(insight_metrics(question, catalogue))
    parts = list(_parts(question, asked, body, catalogue, known_keys))
    readings = [part for part in parts if isinstance(part, Reading)]
    unreadable = [part for part in parts if isinstance(part, Unreadable)]
    answered = asked & {reading.metric for reading in readings}
    heard = answered | {part.metric for part in unreadable}
    missing = asked - heard if isinstance(_data(body), list) else frozenset[str]()
    return parsed(question, [*readings, *_empties(question, missing)], unreadable, answered, missing, observed_at)


def parsed(
    question: Question,
    readings: Iterable[Reading],
    unreadable: Iterable[Unreadable],
    answered: frozenset[str],
    missing: frozenset[str],
    observed_at: datetime,
) -> Parsed:
    """Readings and unreadable parts as the outcome of a question, in an order that does not depend on the order of the answer."""
    observations, conflicts = observations_of(readings, question, observed_at)
    refused = sorted((*unreadable, *conflicts), key=lambda part: (part.metric, part.reason, repr(part.fragment)))
    return Parsed(observations, answered, missing, tuple(refused))


def insight_metrics(question: Question, catalogue: Catalogue) -> tuple[str, ...]:
    """Metrics of a question that its `insights` answer."""
    return tuple(metric for metric in question.metrics if not is_node_field(question, metric, catalogue))


def is_node_field(question: Question, metric: str, catalogue: Catalogue) -> bool:
    """Whether the metric is a field of the object itself."""
    return catalogue.metric(question.group.platform, question.group.object, metric, NODE) is not None


def _parts(
    question: Question, asked: frozenset[str], body: Any, catalogue: Catalogue, known_keys: Mapping[str, frozenset[str]]
) -> Iterator[Part]:
    data = _data(body)
    if not isinstance(data, list):
        yield Unreadable(ALL_METRICS, "the answer has no list `data`", fragment_of(body))
        return
    for entry in data:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(name, str):
            yield Unreadable(ALL_METRICS, "an entry of `data` is not an object with the name of a metric", fragment_of(entry))
        elif name not in asked:
            yield Unreadable(str(fragment_of(name)), "the answer holds a metric that was not asked for", fragment_of(entry))
        elif reason := _wrong_period(question, period := entry.get("period", question.group.period)):
            yield Unreadable(name, reason, fragment_of(entry))
        else:
            yield from read_entry(question, name, str(period), entry, catalogue, known_keys.get(name, frozenset()))


def _data(body: Any) -> Any:
    return body.get("data") if isinstance(body, dict) else None


def _wrong_period(question: Question, period: object) -> str | None:
    if not isinstance(period, str) or period not in PERIODS:
        return f"{shown(period)} is not a period"
    if question.group.period not in {"", period}:
        return f"the period asked for is {question.group.period}, the answer has {period}"
    return None


def _empties(question: Question, missing: Iterable[str]) -> Iterator[Reading]:
    """No value where exactly one was asked for: its fact is known without an answer."""
    has_one_figure = bool(question.sample_slot) or question.group.metric_type == "total_value"
    if has_one_figure and question.group.period:
        start, end = (None, None) if question.sample_slot else (question.window_start, question.window_end)
        for metric in missing:
            yield Reading(metric, question.group.period, None, (), start, end)


# One entry of `data`, in each of the shapes that Meta gives it: a series, a lifetime value, a total, splits, or nothing.

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

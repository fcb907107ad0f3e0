"""An answer of an `insights` edge, as observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.fragments import fragment_of, shown
from agentmarts.meta_graph.observations import Parsed, Question, Unreadable
from agentmarts.meta_graph.parse_entries import Part, read_entry
from agentmarts.meta_graph.readings import Reading, observations_of

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

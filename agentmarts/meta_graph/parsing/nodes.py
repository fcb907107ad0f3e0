"""Fields of a page, a user, a post or a medium that are metrics, and items of lists that carry both fields and insights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.model import Parsed, Question, Unreadable
from agentmarts.meta_graph.parsing.insights import ALL_METRICS, NODE, NOTHING_KNOWN, insight_metrics, is_node_field, parse_insights, parsed
from agentmarts.meta_graph.parsing.readings import Reading
from agentmarts.meta_graph.parsing.values import NotReadableError, fragment_of, number_of, shown

ZERO_IF_LEFT_OUT = frozenset({"shares.count"})
"""Fields that Meta leaves out of an answered object when they are 0. Any other that is left out is unknown, e.g. hidden by the owner."""


def parse_node(question: Question, body: Any, catalogue: Catalogue, observed_at: datetime) -> Parsed:
    """Values of the node fields among the metrics of a question, from an object (JSON, parsed). Pure; raises for no body whatsoever.

    `shares.count` is the field `count` of `shares`. A field that is left out is `missing` and observed without value; fields that are no
    metric are not looked at.
    """
    metrics = [metric for metric in question.metrics if is_node_field(question, metric, catalogue)]
    if not isinstance(body, dict) or "error" in body:
        return Parsed(unreadable=(Unreadable(ALL_METRICS, "the answer is not an object with fields", fragment_of(body)),))
    readings: list[Reading] = []
    unreadable: list[Unreadable] = []
    left_out: set[str] = set()
    for metric in metrics:
        try:
            value, is_there = _field(body, metric)
        except NotReadableError as error:
            unreadable.append(Unreadable(metric, str(error), fragment_of(body.get(metric.split(".", maxsplit=1)[0]))))
            continue
        readings.append(Reading(metric, NODE, value))
        if not is_there:
            left_out.add(metric)
    answered = frozenset(reading.metric for reading in readings) - left_out
    return parsed(question, readings, unreadable, answered, frozenset(left_out), observed_at)


def parse_item(
    question: Question, item: Any, catalogue: Catalogue, observed_at: datetime, known_keys: Mapping[str, frozenset[str]] = NOTHING_KNOWN
) -> Parsed:
    """What an item of a list says to a question about its object: fields of its own and the `insights` nested in it.

    An item without `insights` has none to give: their metrics are missing. Further as parse_insights and parse_node.
    """
    outcomes: list[Parsed] = []
    if len(insight_metrics(question, catalogue)) < len(question.metrics) or not isinstance(item, dict):
        outcomes.append(parse_node(question, item, catalogue, observed_at))
    if insight_metrics(question, catalogue) and isinstance(item, dict):
        insights = {"data": []} if item.get("insights") is None else item["insights"]
        outcomes.append(parse_insights(question, insights, catalogue, observed_at, known_keys))
    return Parsed(
        tuple(observation for one in outcomes for observation in one.observations),
        frozenset[str]().union(*(one.answered for one in outcomes)),
        frozenset[str]().union(*(one.missing for one in outcomes)),
        tuple(part for one in outcomes for part in one.unreadable),
    )


def _field(body: Mapping[str, Any], metric: str) -> tuple[Decimal | None, bool]:
    """Value of a field, and whether the answer says it. Raises NotReadableError."""
    outer, _, inner = metric.partition(".")
    if outer not in body:
        is_zero = metric in ZERO_IF_LEFT_OUT and "id" in body
        return (Decimal(0) if is_zero else None), is_zero
    value = body[outer]
    for name in inner.split(".") if inner else ():
        if value is None:
            break
        if not isinstance(value, dict):
            raise NotReadableError(f"`{outer}` is {shown(value)}, not an object")
        if name not in value:
            return None, False
        value = value[name]
    return (None if value is None else number_of(value)), True

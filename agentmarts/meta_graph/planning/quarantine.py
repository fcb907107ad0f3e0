"""Metrics that Meta refused lately or in this run, and which questions may not ask for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from agentmarts.meta_graph.catalogue import CallGroup
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Item, Question


class Quarantined(NamedTuple):
    """A metric that is not asked for now."""

    object_type: str
    media_product: str | None
    """None: of any."""
    metric: str
    period: str
    """As the call group sends it; empty: it sends none."""
    group_name: str = ""
    """Set if only this call group was refused: its breakdown or its media, while others may well ask."""


def is_quarantined(group: CallGroup, media_product: str | None, metric: str, quarantined: Collection[Quarantined]) -> bool:
    """Whether a group leaves a metric out, of one media product or of all."""
    if not quarantined:
        return False
    # Stories are media of a kind of their own in the ledger.
    kinds = (group.object, "story") if group.cadence == "story" else (group.object,)
    return any(
        Quarantined(kind, product, metric, group.period, name) in quarantined
        for kind in kinds
        for product in {media_product, None}
        for name in ("", group.name)
    )


# Metrics that a run has found deprecated: what was planned before need not be refused as well.


class DeprecatedMetrics:
    """Those of one run, and why each is deprecated."""

    def __init__(self) -> None:
        self._faults: dict[Quarantined, Fault] = {}

    def add(self, metric: Quarantined, fault: Fault) -> None:
        """Leave a metric out of all that is asked from now on."""
        self._faults[metric] = fault

    def without_deprecated(self, item: Item) -> Item:
        """The item without its deprecated metrics."""
        question = item.question
        metrics = tuple(metric for metric in question.metrics if not self._is_deprecated(question, metric))
        return item if metrics == question.metrics else replace(item, question=replace(question, metrics=metrics))

    def why(self, question: Question) -> Fault:
        """Why a question's first metric is deprecated; it must be."""
        refusals = (
            fault
            for one, fault in self._faults.items()
            if is_quarantined(question.group, question.media_product, question.metrics[0], [one])
        )
        return next(refusals)

    def _is_deprecated(self, question: Question, metric: str) -> bool:
        return is_quarantined(question.group, question.media_product, metric, self._faults)

"""Metrics that a run has found dead: what was planned before need not be refused as well."""

from __future__ import annotations

from dataclasses import replace

from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.observations import Question
from agentmarts.meta_graph.plans import Item
from agentmarts.meta_graph.quarantined import Quarantined, is_quarantined


class DeadMetrics:
    """Those of one run, and why each is dead."""

    def __init__(self) -> None:
        self._faults: dict[Quarantined, Fault] = {}

    def add(self, metric: Quarantined, fault: Fault) -> None:
        """Leave a metric out of all that is asked from now on."""
        self._faults[metric] = fault

    def living(self, item: Item) -> Item:
        """The item without its dead metrics."""
        question = item.question
        metrics = tuple(metric for metric in question.metrics if not self._is_dead(question, metric))
        return item if metrics == question.metrics else replace(item, question=replace(question, metrics=metrics))

    def why(self, question: Question) -> Fault:
        """Why a question's first metric is dead; it must be."""
        refusals = (
            fault
            for one, fault in self._faults.items()
            if is_quarantined(question.group, question.media_product, question.metrics[0], [one])
        )
        return next(refusals)

    def _is_dead(self, question: Question, metric: str) -> bool:
        return is_quarantined(question.group, question.media_product, metric, self._faults)

"""Asking for several metrics so that one Meta refuses does not cost the others: what is refused is found, the rest is asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agentmarts.meta_graph.collecting.session import RunState, StoppedError
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item
from agentmarts.meta_graph.planning.requests import item_request


class Send(Protocol):
    """Sends one request for these metrics and keeps its answer; returns the fault if there was none."""

    def __call__(self, metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None: ...


@dataclass
class Verdicts:
    """How an item of work ended. Metrics that are in neither were answered."""

    refused: dict[str, Fault] = field(default_factory=dict)
    """Metrics that Meta will not answer, and why."""
    unasked: tuple[str, ...] = ()
    """Metrics that got no answer because something else is wrong now."""
    stopped_by: Fault | None = None
    """What that is: the item must be sent again later."""
    refused_by: Fault | None = None
    """Why all of it was refused, also of a list that brings no metrics."""


class _StoppedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


def ask_all(metrics: Sequence[str], send: Send) -> Verdicts:
    """Ask for all metrics in as few requests as their faults allow. One deprecated of n costs 2·⌈log₂ n⌉ more if Meta names none, else 1.

    Returns at once on a throttle, an invalid token or anything else that is not about these metrics.
    """
    asking = _Asking(send)
    try:
        asking.ask(tuple(metrics))
    except _StoppedError as stop:
        return Verdicts(asking.refused, tuple(m for m in metrics if m not in asking.settled), stop.fault)
    return Verdicts(asking.refused)


class _Asking:
    def __init__(self, send: Send) -> None:
        self._send = send
        self.refused: dict[str, Fault] = {}
        self.settled: set[str] = set()

    def ask(self, metrics: tuple[str, ...]) -> None:
        fault = self._sent(metrics)
        if fault is None:
            return
        blamed = fault.blamed(metrics)
        match fault.policy.then:
            case "drop_blamed" if blamed:
                self._refuse(blamed, fault)
                self.ask_rest(metrics, blamed)
            case "drop_blamed":
                self._refuse(deprecated_among(metrics, lambda some: self._accepts(some, fault)), fault)
            case "refuse_all":
                self._refuse(metrics, fault)
            case "as_total" if blamed:
                self._ask_as_total(blamed)
                self.ask_rest(metrics, blamed)
            case "singly":
                self._ask_singly(metrics, fault)
            case "halve" if len(metrics) > 1:
                self.ask(metrics[: len(metrics) // 2])
                self.ask(metrics[len(metrics) // 2 :])
            case _:
                raise _StoppedError(fault)

    def ask_rest(self, metrics: tuple[str, ...], blamed: Sequence[str]) -> None:
        rest = tuple(metric for metric in metrics if metric not in blamed)
        if rest:
            self.ask(rest)

    def _accepts(self, some: Sequence[str], expected: Fault) -> bool:
        fault = self._sent(some)
        if fault is not None and fault.kind != expected.kind:
            raise _StoppedError(fault)
        return fault is None

    def _ask_as_total(self, metrics: tuple[str, ...]) -> None:
        fault = self._sent(metrics, metric_type="total_value")
        if fault is not None:
            raise _StoppedError(fault)

    def _ask_singly(self, metrics: tuple[str, ...], fault: Fault) -> None:
        if len(metrics) == 1:
            self._refuse(metrics, fault)
            return
        for metric in metrics:
            self.ask((metric,))

    def _sent(self, metrics: Sequence[str], metric_type: str | None = None) -> Fault | None:
        fault = self._send(metrics, metric_type=metric_type)
        if fault is None:
            self.settled.update(metrics)
        return fault

    def _refuse(self, metrics: Sequence[str], fault: Fault) -> None:
        self.refused.update(dict.fromkeys(metrics, fault))
        self.settled.update(metrics)


# Finding the metrics that make Meta refuse a whole request without saying which.


def deprecated_among(rejected: Sequence[str], accepts: Callable[[Sequence[str]], bool]) -> list[str]:
    """The deprecated metrics of a list that was rejected because of at least one of them, in its order.

    `accepts` asks for some of them and tells whether they were answered; every other metric is in exactly one list that was. One
    deprecated of n costs at most 2·⌈log₂ n⌉ requests: what remains when its other half was answered need not be asked whole to know that
    it is rejected.
    """
    if len(rejected) == 1:
        return list(rejected)
    first, second = rejected[: len(rejected) // 2], rejected[len(rejected) // 2 :]
    if accepts(first):
        return deprecated_among(second, accepts)
    deprecated = deprecated_among(first, accepts)
    return deprecated if accepts(second) else deprecated + deprecated_among(second, accepts)


# Which metrics of a refused item are deprecated: Meta names them, or they are found by asking for halves.


def deprecated_of(run: RunState, call: Call, item: Item, fault: Fault) -> list[str]:
    """The deprecated metrics of an item that was refused for them. Raises StoppedError when an answer is about something else."""
    metrics = item.question.metrics
    return list(fault.blamed(metrics)) or deprecated_among(metrics, lambda some: _is_accepted(run, call, item, some, fault))


def _is_accepted(run: RunState, call: Call, item: Item, metrics: Sequence[str], expected: Fault) -> bool:
    """Whether Meta answers these metrics. The answer itself is not kept: whoever searches asks for it once more."""
    session = run.session
    exchange = session.get(*item_request(call, item, metrics))
    with session.work.transaction():
        session.writer.store_responses(item.plan_key, call.edge, exchange.attempts)
    fault = exchange.answer.fault
    if fault is not None and fault.kind != expected.kind:
        raise StoppedError(fault)
    return fault is None

"""Asking Meta: each answer is stored with what it brings in one transaction, and what Meta refuses costs the rest nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from pydantic import SecretStr

from agentmarts.meta_graph.api.requests import Params
from agentmarts.meta_graph.api.response import Exchange, GraphResponse
from agentmarts.meta_graph.collecting.session import Session
from agentmarts.meta_graph.fault import Fault

Metrics = tuple[str, ...]


class Answer(NamedTuple):
    """The last attempt at one thing, good or bad, and its row in raw.graph_responses."""

    response: GraphResponse
    response_id: UUID


Keep = Callable[[Mapping[int, Answer]], None]
"""Writes what answers bring, by the place of what was asked (0 where it was one thing); inside the transaction that stores them."""


def store_exchange(session: Session, exchange: Exchange, plan_keys: Sequence[str], edge: str, keep: Keep) -> None:
    """Store all attempts of a call and, in the same transaction, what `keep` makes of the answers.

    `plan_keys`: one for each thing that was asked, in their order. What was never sent has no answer. Raises RefusedError once all is
    stored if something of the call may not be sent now.
    """
    with session.work.transaction():
        answers = {}
        for place, plan_key in enumerate(plan_keys):
            attempts = exchange.of_item(place)
            response_id = session.writer.store_responses(plan_key, edge, attempts)
            if response_id is not None:
                answers[place] = Answer(attempts[-1], response_id)
        keep(answers)
    exchange.raise_if_refused()


def ask_one(
    session: Session, path: str, params: Params, plan_key: str, edge: str, keep: Callable[[Answer], None], token: SecretStr | None = None
) -> Fault | None:
    """Send one GET; `keep` gets its answer unless another attempt was due and may not be sent. Returns its fault. Raises RefusedError."""
    exchange = session.get(path, params, token)

    def keep_answer(answers: Mapping[int, Answer]) -> None:
        if exchange.refused is None:
            keep(answers[0])

    store_exchange(session, exchange, [plan_key], edge, keep_answer)
    return exchange.answer.fault


# What is done about a fault: one decision for an item of its own, for an item among fifty and for a list.


class Part(NamedTuple):
    """Metrics that are asked for together. `metric_type`: instead of what the plan says."""

    metrics: Metrics
    metric_type: str | None = None


@dataclass(frozen=True)
class Split:
    """Ask for each part by itself."""

    parts: tuple[Part, ...]
    has_refused: bool = False
    """Whether at least one part is refused for the same fault: where all others are answered, the last need not be asked to know it."""


@dataclass(frozen=True)
class Drop:
    """These metrics are refused; ask for the rest."""

    metrics: Metrics


@dataclass(frozen=True)
class Refuse:
    """All metrics are refused."""


@dataclass(frozen=True)
class Stop:
    """Nothing else of the item makes sense to ask now: it is due again."""


Step = Split | Drop | Refuse | Stop


def next_step(metrics: Metrics, fault: Fault) -> Step:
    """What to do with metrics whose request failed (the table of `fault.py`, and whether Meta said which metric it means)."""
    blamed = fault.blamed(metrics)
    rest = tuple(metric for metric in metrics if metric not in blamed)
    half = len(metrics) // 2
    halves = (Part(metrics[:half]), Part(metrics[half:]))
    step: Step
    match fault.policy.then:
        case "drop_blamed" if blamed:
            step = Drop(blamed)
        case "drop_blamed" if half:
            step = Split(halves, has_refused=True)
        case "as_total" if blamed:
            step = Split((Part(blamed, "total_value"), *([Part(rest)] if rest else [])))
        case "singly" if half:
            step = Split(tuple(Part((metric,)) for metric in metrics))
        case "halve" if half:
            step = Split(halves)
        case "drop_blamed" | "singly" | "refuse_all":
            step = Refuse()
        case _:
            step = Stop()
    return step


class Send(Protocol):
    """Sends one request for these metrics and keeps its answer; returns the fault if there was none."""

    def __call__(self, metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None: ...


@dataclass
class Verdicts:
    """How an item of work ended. Metrics that are in neither were answered."""

    refused: dict[str, Fault] = field(default_factory=dict)
    """Metrics that Meta will not answer, and why."""
    unasked: Metrics = ()
    """Metrics that got no answer because something else is wrong now."""
    stopped_by: Fault | None = None
    """What that is: the item must be sent again later."""
    refused_by: Fault | None = None
    """Why all of it was refused, also of a list that brings no metrics."""


def ask_all(metrics: Metrics, send: Send) -> Verdicts:
    """Ask for all metrics in as few requests as their faults allow. One deprecated of n costs 2·⌈log₂ n⌉ more if Meta names none, else 1.

    Returns at once on a throttle, an invalid token or anything else that is not about these metrics.
    """
    asking = _Asking(send)
    return asking.verdicts(metrics, lambda: asking.ask(Part(metrics)))


def ask_parts(metrics: Metrics, fault: Fault, send: Send) -> Verdicts:
    """As `ask_all`, for metrics whose request has failed already."""
    asking = _Asking(send)
    return asking.verdicts(metrics, lambda: asking.go_on(Part(metrics), fault))


class _StoppedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


class _Asking:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._refused: dict[str, Fault] = {}
        self._answered: set[str] = set()

    def verdicts(self, metrics: Metrics, ask: Callable[[], object]) -> Verdicts:
        try:
            ask()
        except _StoppedError as stop:
            unasked = tuple(metric for metric in metrics if metric not in self._answered and metric not in self._refused)
            return Verdicts(self._refused, unasked, stop.fault)
        return Verdicts(self._refused)

    def ask(self, part: Part) -> bool:
        """Whether all of it was answered as it was asked."""
        fault = self._send(part.metrics, metric_type=part.metric_type)
        if fault is not None:
            self.go_on(part, fault)
            return False
        self._answered.update(part.metrics)
        return True

    def go_on(self, part: Part, fault: Fault) -> None:
        step = next_step(part.metrics, fault) if part.metric_type is None else Stop()
        match step:
            case Split(parts, has_refused):
                *others, last = parts
                answered = [self.ask(one) for one in others]
                if has_refused and all(answered):
                    self.go_on(last, fault)
                else:
                    self.ask(last)
            case Drop(blamed):
                self._refused.update(dict.fromkeys(blamed, fault))
                if rest := tuple(metric for metric in part.metrics if metric not in blamed):
                    self.ask(Part(rest, part.metric_type))
            case Refuse():
                self._refused.update(dict.fromkeys(part.metrics, fault))
            case Stop():
                raise _StoppedError(fault)

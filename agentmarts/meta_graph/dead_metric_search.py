"""Which metrics of a refused item are dead: Meta names them, or they are found by asking for halves."""

from __future__ import annotations

from collections.abc import Sequence

from agentmarts.meta_graph.bisection import dead_among
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.item_request import item_request
from agentmarts.meta_graph.plans import Call, Item
from agentmarts.meta_graph.run_state import RunState
from agentmarts.meta_graph.session import StoppedError


def dead_of(run: RunState, call: Call, item: Item, fault: Fault) -> list[str]:
    """The dead metrics of an item that was refused for them. Raises StoppedError when an answer is about something else."""
    metrics = item.question.metrics
    return list(fault.blamed(metrics)) or dead_among(metrics, lambda some: _is_accepted(run, call, item, some, fault))


def _is_accepted(run: RunState, call: Call, item: Item, metrics: Sequence[str], expected: Fault) -> bool:
    """Whether Meta answers these metrics. The answer itself is not kept: whoever searches asks for it once more."""
    session = run.session
    response = run.get(*item_request(call, item, metrics))
    with session.work.transaction():
        session.keeper.keep_responses(item.plan_key, call.edge, session.gate.take_attempts())
    if response.fault is not None and response.fault.kind != expected.kind:
        raise StoppedError(response.fault)
    return response.fault is None

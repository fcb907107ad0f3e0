"""A call to one object: one request, or several where some of its metrics are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agentmarts.meta_graph.asking import ask_all
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.item_endings import answered_row, conclude
from agentmarts.meta_graph.item_request import item_request
from agentmarts.meta_graph.ledger import LedgerRow
from agentmarts.meta_graph.observations import LedgerState, Parsed, Question
from agentmarts.meta_graph.parse_nodes import parse_node
from agentmarts.meta_graph.parser import parse_insights
from agentmarts.meta_graph.plans import Call, Item
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.run_state import RunState


def ask_single(run: RunState, call: Call, item: Item) -> None:
    """Ask for an item of shape `node` or `insights` and keep what is answered. Raises StoppedError, RefusedError."""
    session = run.session
    wanted = item.question.metrics
    is_whole = False

    def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        nonlocal is_whole
        response = run.get(*item_request(call, item, metrics, metric_type))
        responses = session.gate.take_attempts()
        with session.work.transaction():
            response_id = session.keeper.keep_responses(item.plan_key, call.edge, responses)
            if response.fault is None and response_id is not None:
                is_whole = set(metrics) == set(wanted)
                question = replace(item.question, metrics=tuple(metrics))
                parsed = _parsed(run, call, question, response)
                session.keeper.keep_values(question, parsed, response_id, response.fetched_at)
                rows = _metric_rows(run, call, item, question, parsed, response)
                if is_whole:
                    rows.append(answered_row(run, call, item, parsed, response))
                session.keeper.enter(rows)
        return response.fault

    verdicts = ask_all(wanted, send)
    if not is_whole:
        conclude(run, call, item, verdicts)


def _parsed(run: RunState, call: Call, question: Question, response: GraphResponse) -> Parsed:
    catalogue = run.session.catalogue
    if call.shape == "node":
        return parse_node(question, response.body, catalogue, response.fetched_at)
    known = run.known_keys([question.object_id]).get(question.object_id, {})
    parsed = parse_insights(question, response.body, catalogue, response.fetched_at, known)
    run.note_keys(parsed)
    return parsed


def _metric_rows(run: RunState, call: Call, item: Item, question: Question, parsed: Parsed, response: GraphResponse) -> list[LedgerRow]:
    """A row per metric of an account."""
    rows: list[LedgerRow] = []
    for metric in question.metrics:
        state = _state(metric, parsed)
        answered = int(metric in parsed.answered)
        rows.append(run.session.keeper.row(call, item, metric, state, response.fetched_at, answered=answered))
    return rows


def _state(metric: str, parsed: Parsed) -> LedgerState:
    """How one metric of an answer ended; `error` if all of it was unreadable."""
    states = {one.state for one in parsed.observations if one.metric == metric}
    if metric in parsed.missing or not states:
        return "empty" if metric in parsed.missing else "error"
    return "ok" if "ok" in states else "zero_provisional" if "zero_provisional" in states else "empty"

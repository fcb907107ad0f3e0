"""A call for the insights or fields of one object, or of up to 50 objects in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentmarts.meta_graph.api.requests import GraphRequest
from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.collecting.asking import Answer, Drop, Split, ask_all, ask_one, next_step, store_exchange
from agentmarts.meta_graph.collecting.outcomes import (
    answered_row,
    conclude,
    conclude_fault,
    record_refused,
    refused_among,
    with_metrics_left,
)
from agentmarts.meta_graph.collecting.session import RunState
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, LedgerState, Parsed, Question
from agentmarts.meta_graph.parsing.insights import parse_insights
from agentmarts.meta_graph.parsing.nodes import parse_node
from agentmarts.meta_graph.parsing.readings import too_few
from agentmarts.meta_graph.planning.requests import item_request
from agentmarts.meta_graph.store.ledger import LedgerRow


def ask_single(run: RunState, call: Call, item: Item) -> None:
    """Ask for an item of shape `node` or `insights` and keep what is answered. Raises StoppedError, RefusedError."""
    session = run.session
    wanted = item.question.metrics
    is_whole = False

    def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        def keep(answer: Answer) -> None:
            nonlocal is_whole
            response, response_id = answer
            if response.fault is not None:
                return
            is_whole = set(metrics) == set(wanted)
            question = replace(item.question, metrics=tuple(metrics))
            parsed = _parsed(run, call, question, response)
            session.writer.store_values(question, parsed, response_id, response.fetched_at)
            rows = _metric_rows(run, call, item, question, parsed, response)
            if is_whole:
                rows.append(answered_row(run, call, item, parsed, response))
            session.writer.record(rows)

        return ask_one(session, *item_request(call, item, metrics, metric_type), item.plan_key, call.edge, keep)

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
        rows.append(run.session.writer.row(call, item, metric, state, response.fetched_at, answered=answered))
    return rows


def _state(metric: str, parsed: Parsed) -> LedgerState:
    """How one metric of an answer ended; `error` if all of it was unreadable."""
    states = {one.state for one in parsed.observations if one.metric == metric}
    if metric in parsed.missing or not states:
        return "empty" if metric in parsed.missing else "error"
    return "ok" if "ok" in states else "zero_provisional" if "zero_provisional" in states else "empty"


# Up to 50 objects in one request.


def ask_batch(run: RunState, call: Call, items: Sequence[Item]) -> None:
    """Send them together; those that fail for some of their metrics once more, without these. Raises StoppedError, RefusedError.

    A sample comes in one answer, so that its metrics are of one instant: it is never asked for in parts.
    """
    session = run.session
    pending = list(items)
    while pending:
        troubled: list[tuple[Item, Fault]] = []

        def keep(answers: Mapping[int, Answer], sent: Sequence[Item] = pending, troubled: list[tuple[Item, Fault]] = troubled) -> None:
            keys = run.known_keys([item.question.object_id for item in sent])
            for place, answer in answers.items():
                item = sent[place]
                _keep_sample(run, call, item, answer, keys.get(item.question.object_id, {}))
                if answer.response.fault is not None:
                    troubled.append((item, answer.response.fault))

        exchange = session.batch([GraphRequest(*item_request(call, item, item.question.metrics)) for item in pending])
        store_exchange(session, exchange, [item.plan_key for item in pending], call.edge, keep)
        pending = _once_more(run, call, troubled)


def _keep_sample(run: RunState, call: Call, item: Item, answer: Answer, known: Mapping[str, frozenset[str]]) -> None:
    (response, response_id), writer, question = answer, run.session.writer, item.question
    at = response.fetched_at
    if response.fault is None:
        parsed = parse_insights(question, response.body, run.session.catalogue, at, known)
        run.note_keys(parsed)
        writer.store_values(question, parsed, response_id, at)
        writer.record([answered_row(run, call, item, parsed, response)])
    elif response.fault.kind == "below_threshold":
        writer.store_values(question, Parsed(too_few(question, at)), response_id, at)


def _once_more(run: RunState, call: Call, troubled: Sequence[tuple[Item, Fault]]) -> list[Item]:
    """Items that fare better without the metrics that Meta refuses; the others end here.

    Where Meta names no metric, one item is searched by halves and tells for all.
    """
    again: list[Item] = []
    searched: tuple[Item, Fault] | None = None
    has_named = False
    for item, fault in troubled:
        match next_step(item.question.metrics, fault):
            case Drop(metrics) if len(item.question.metrics) > 1:
                has_named = True
                if run.deprecated.without_deprecated(item) == item:  # no answer to another item said so already
                    record_refused(run, call, item, metrics, fault)
            case Split(has_refused=True):
                searched = searched or (item, fault)
            case _:
                conclude_fault(run, call, item, fault)
                continue
        again.append(item)
    if searched and not has_named and not refused_among(run, call, *searched):
        return []
    return with_metrics_left(run, call, again, [run.deprecated.without_deprecated(item) for item in again])

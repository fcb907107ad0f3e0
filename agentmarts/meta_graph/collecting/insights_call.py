"""A call for the insights or fields of one object, or of up to 50 objects in one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agentmarts.meta_graph.api.requests import GraphRequest
from agentmarts.meta_graph.api.response import Exchange, GraphResponse
from agentmarts.meta_graph.collecting.asking import ask_all, deprecated_of
from agentmarts.meta_graph.collecting.outcomes import answered_row, conclude, conclude_fault, record_refused, with_metrics_left
from agentmarts.meta_graph.collecting.session import RunState, StoppedError
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
        nonlocal is_whole
        exchange = session.get(*item_request(call, item, metrics, metric_type))
        with session.work.transaction():
            response_id = session.writer.store_responses(item.plan_key, call.edge, exchange.attempts)
            if exchange.refused is None and exchange.answer.fault is None and response_id is not None:
                response = exchange.answer
                is_whole = set(metrics) == set(wanted)
                question = replace(item.question, metrics=tuple(metrics))
                parsed = _parsed(run, call, question, response)
                session.writer.store_values(question, parsed, response_id, response.fetched_at)
                rows = _metric_rows(run, call, item, question, parsed, response)
                if is_whole:
                    rows.append(answered_row(run, call, item, parsed, response))
                session.writer.record(rows)
        return exchange.answer.fault

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
    """Send them together; those that fail for a deprecated metric once more, without it. Raises StoppedError, RefusedError."""
    session = run.session
    pending = list(items)
    while pending:
        requests = [GraphRequest(*item_request(call, item, item.question.metrics)) for item in pending]
        exchange = session.batch(requests)
        troubled = _store(run, call, pending, exchange)
        exchange.raise_if_refused()  # on sending some items again: the others have their answers
        again = [(item, fault) for item, fault in troubled if fault.policy.then == "drop_blamed" and len(item.question.metrics) > 1]
        for item, fault in troubled:
            if (item, fault) not in again:
                conclude_fault(run, call, item, fault)
        pending = _without_deprecated(run, call, again)


def _store(run: RunState, call: Call, items: Sequence[Item], exchange: Exchange) -> list[tuple[Item, Fault]]:
    """Keep what was answered; returns the items that were not, and why."""
    writer = run.session.writer
    troubled: list[tuple[Item, Fault]] = []
    with run.session.work.transaction():
        keys = run.known_keys([item.question.object_id for item in items])
        for index, item in enumerate(items):
            own = exchange.of_item(index)
            response_id = writer.store_responses(item.plan_key, call.edge, own)
            if response_id is None:
                continue
            answer = own[-1]
            if answer.fault is not None:
                troubled.append((item, answer.fault))
                if answer.fault.kind == "below_threshold":
                    kept_back = Parsed(too_few(item.question, answer.fetched_at))
                    writer.store_values(item.question, kept_back, response_id, answer.fetched_at)
                continue
            known = keys.get(item.question.object_id, {})
            parsed = parse_insights(item.question, answer.body, run.session.catalogue, answer.fetched_at, known)
            run.note_keys(parsed)
            writer.store_values(item.question, parsed, response_id, answer.fetched_at)
            writer.record([answered_row(run, call, item, parsed, answer)])
    return troubled


def _without_deprecated(run: RunState, call: Call, refused: Sequence[tuple[Item, Fault]]) -> list[Item]:
    """Refused items, ready to be sent without the metrics that Meta blames; if it names none, one item is asked by halves."""
    named = {item.plan_key: fault.blamed(item.question.metrics) for item, fault in refused}
    for item, fault in refused if any(named.values()) else refused[:1]:
        if run.deprecated.without_deprecated(item) != item:
            continue  # the answer to another item said so already
        try:
            deprecated = named[item.plan_key] or deprecated_of(run, call, item, fault)
        except StoppedError as stop:
            conclude_fault(run, call, item, stop.fault)
            return []
        record_refused(run, call, item, deprecated, fault)
    before = [item for item, _ in refused]
    return with_metrics_left(run, call, before, [run.deprecated.without_deprecated(item) for item in before])

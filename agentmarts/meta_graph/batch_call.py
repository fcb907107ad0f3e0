"""A call to up to 50 objects in one request."""

from __future__ import annotations

from collections.abc import Sequence

from agentmarts.meta_graph.asking import REFUSES_SOME
from agentmarts.meta_graph.dead_metric_search import dead_of
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.gate import RefusedError
from agentmarts.meta_graph.item_endings import answered_row, bury_metrics, conclude_fault, without_lifeless
from agentmarts.meta_graph.item_request import item_request
from agentmarts.meta_graph.observations import Parsed
from agentmarts.meta_graph.outgoing import GraphRequest
from agentmarts.meta_graph.parser import parse_insights
from agentmarts.meta_graph.plans import Call, Item
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.run_state import RunState
from agentmarts.meta_graph.session import StoppedError
from agentmarts.meta_graph.too_few import too_few


def ask_batch(run: RunState, call: Call, items: Sequence[Item]) -> None:
    """Send them together; those that fail for a dead metric are sent together once more, without it. Raises StoppedError, RefusedError."""
    session = run.session
    pending = list(items)
    while pending:
        requests = [GraphRequest(*item_request(call, item, item.question.metrics)) for item in pending]
        refused: RefusedError | None = None
        try:
            session.client.batch(requests, session.token, session.account.api_version)
        except RefusedError as error:  # on sending some items again: the others have their answers
            refused = error
        troubled = _keep(run, call, pending, session.gate.take_attempts())
        if refused is not None:
            raise refused
        again = [(item, fault) for item, fault in troubled if fault.kind in REFUSES_SOME and len(item.question.metrics) > 1]
        for item, fault in troubled:
            if (item, fault) not in again:
                conclude_fault(run, call, item, fault)
        pending = _without_dead(run, call, again)


def _keep(run: RunState, call: Call, items: Sequence[Item], attempts: Sequence[GraphResponse]) -> list[tuple[Item, Fault]]:
    """Keep what was answered; returns the items that were not, and why."""
    keeper = run.session.keeper
    troubled: list[tuple[Item, Fault]] = []
    with run.session.work.transaction():
        keys = run.known_keys([item.question.object_id for item in items])
        for index, item in enumerate(items):
            own = [one for one in attempts if one.batch_index == index]
            response_id = keeper.keep_responses(item.plan_key, call.edge, own)
            if response_id is None:
                continue
            answer = own[-1]
            if answer.fault is not None:
                troubled.append((item, answer.fault))
                if answer.fault.kind == "below_threshold":
                    kept_back = Parsed(too_few(item.question, answer.fetched_at))
                    keeper.keep_values(item.question, kept_back, response_id, answer.fetched_at)
                continue
            known = keys.get(item.question.object_id, {})
            parsed = parse_insights(item.question, answer.body, run.session.catalogue, answer.fetched_at, known)
            run.note_keys(parsed)
            keeper.keep_values(item.question, parsed, response_id, answer.fetched_at)
            keeper.enter([answered_row(run, call, item, parsed, answer)])
    return troubled


def _without_dead(run: RunState, call: Call, refused: Sequence[tuple[Item, Fault]]) -> list[Item]:
    """Refused items, ready to be sent without the metrics that Meta blames; if it names none, one item is asked by halves."""
    named = {item.plan_key: fault.blamed(item.question.metrics) for item, fault in refused}
    for item, fault in refused if any(named.values()) else refused[:1]:
        if run.dead.living(item) != item:
            continue  # the answer to another item said so already
        try:
            dead = named[item.plan_key] or dead_of(run, call, item, fault)
        except StoppedError as stop:
            conclude_fault(run, call, item, stop.fault)
            return []
        bury_metrics(run, call, item, dead, fault)
    before = [item for item, _ in refused]
    return without_lifeless(run, call, before, [run.dead.living(item) for item in before])

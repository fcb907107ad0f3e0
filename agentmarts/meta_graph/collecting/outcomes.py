"""How an item of work ends: the ledger rows that say so, and what the run remembers of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.collecting.asking import Verdicts, ask_one, ask_parts
from agentmarts.meta_graph.collecting.session import MissingObject, RunState, StoppedError
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, LedgerState, Parsed
from agentmarts.meta_graph.planning.requests import item_request
from agentmarts.meta_graph.store import ledger
from agentmarts.meta_graph.store.ledger import WHOLE, LedgerRow


def answered_row(run: RunState, call: Call, item: Item, parsed: Parsed, response: GraphResponse) -> LedgerRow:
    """The row of an item that was answered whole."""
    return run.session.writer.row(
        call,
        item,
        WHOLE,
        "ok" if parsed.answered else "empty",
        response.fetched_at,
        asked=len(item.question.metrics),
        answered=len(parsed.answered),
    )


def conclude(run: RunState, call: Call, item: Item, verdicts: Verdicts) -> None:
    """Enter what was refused and how the item ended; raises StoppedError where nothing else would fare better."""
    writer, at = run.session.writer, run.session.clock()
    wanted, fault = item.question.metrics, verdicts.stopped_by
    rows = [_refusal(run, call, item, metric, why, at) for metric, why in verdicts.refused.items()]
    if fault is None:
        answered = len(wanted) - len(verdicts.refused)
        worst = next(iter(verdicts.refused.values()), verdicts.refused_by)
        state = "ok" if answered or worst is None else worst.policy.state
        rows.append(writer.row(call, item, WHOLE, state, at, asked=len(wanted), answered=answered, fault=worst))
    else:
        rows.append(_open_row(run, call, item, fault, at))
    with run.session.work.transaction():
        writer.record(rows)
    if fault is not None:
        _note_failure(run, call, item, fault)


def conclude_fault(run: RunState, call: Call, item: Item, fault: Fault) -> None:
    """End an item of which one answer says all. Raises StoppedError."""
    if fault.policy.refuses:
        verdicts = Verdicts(dict.fromkeys(item.question.metrics, fault), refused_by=fault)
    else:
        verdicts = Verdicts(unasked=item.question.metrics, stopped_by=fault)
    conclude(run, call, item, verdicts)


def record_refused(run: RunState, call: Call, item: Item, metrics: Iterable[str], fault: Fault) -> None:
    """Enter metrics of an item as deprecated: nothing else of the run asks for them."""
    with run.session.work.transaction():
        run.session.writer.record([_refusal(run, call, item, metric, fault, run.session.clock()) for metric in metrics])


def refused_among(run: RunState, call: Call, item: Item, fault: Fault) -> bool:
    """Find the metrics for which all of an item was refused, and enter them. False: something else is wrong now, and the item ended of it.

    Answers on the way are not kept: an item that comes in one answer is asked for once more. Raises StoppedError, RefusedError.
    """

    def send(metrics: Sequence[str], *, metric_type: str | None = None) -> Fault | None:
        request = item_request(call, item, metrics, metric_type)
        return ask_one(run.session, *request, item.plan_key, call.edge, lambda answer: None)

    verdicts = ask_parts(item.question.metrics, fault, send)
    if verdicts.stopped_by is not None:
        conclude_fault(run, call, item, verdicts.stopped_by)
        return False
    for metric, why in verdicts.refused.items():
        record_refused(run, call, item, [metric], why)
    return True


def with_metrics_left(run: RunState, call: Call, planned: Sequence[Item], remaining: Sequence[Item]) -> list[Item]:
    """Samples that have a metric left. The others end here: a request without a metric would be refused as our mistake.

    A window, unlike a sample, stays due: it can be asked for when its metrics live again.
    """
    emptied = [
        (item, run.deprecated.why(before.question))
        for before, item in zip(planned, remaining, strict=True)
        if before.question.metrics and not item.question.metrics
    ]
    if emptied:
        writer = run.session.writer
        with run.session.work.transaction():
            at = run.session.clock()
            writer.record([writer.row(call, item, WHOLE, why.policy.state, at, asked=0, fault=why) for item, why in emptied])
    return [item for item in remaining if item.question.metrics]


def _open_row(run: RunState, call: Call, item: Item, fault: Fault, at: datetime) -> LedgerRow:
    """The row of an item that is due again: even one that a new token heals."""
    policy = fault.policy
    state: LedgerState = "throttled" if policy.blocks else "error"
    return run.session.writer.row(
        call,
        item,
        WHOLE,
        state,
        at,
        asked=len(item.question.metrics),
        fault=fault,
        retry_after=None if policy.refuses else policy.left_alone_until(at),
        of_object=policy.of_object and not policy.refuses,
    )


def _note_failure(run: RunState, call: Call, item: Item, fault: Fault) -> None:
    if fault.policy.stops:
        raise StoppedError(fault)
    if fault.kind == "missing_object" and item.graph_object is not None:
        run.missing.append(MissingObject(call, item, fault))
        return
    run.failures.append(f"{call.group.name} {item.question.object_id or call.edge}: {fault.message}")


def _refusal(run: RunState, call: Call, item: Item, metric: str, fault: Fault, at: datetime) -> LedgerRow:
    """Why a metric has no answer. A deprecated one is left alone for a week, a medium older than its account's business side for ever."""
    policy = fault.policy
    row = run.session.writer.row(
        call, item, metric, policy.state, at, fault=fault, retry_after=policy.left_alone_until(at), of_object=policy.of_object
    )
    if policy.retry_after is not None and not policy.of_object:
        run.deprecated.add(ledger.quarantine_of(row), fault)
    return row

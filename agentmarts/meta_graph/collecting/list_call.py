"""A call to a list, page by page: objects, the samples it brings along, and which objects are gone for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from agentmarts.meta_graph.api.paging import Page, pages
from agentmarts.meta_graph.collecting.asking import Answer, Drop, Refuse, Split, ask_one, next_step, store_exchange
from agentmarts.meta_graph.collecting.outcomes import answered_row, conclude_fault, record_refused, refused_among
from agentmarts.meta_graph.collecting.session import RunState
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, GraphObject, Item, LedgerState, Parsed
from agentmarts.meta_graph.parsing.nodes import parse_item
from agentmarts.meta_graph.parsing.objects import Listed, parse_objects
from agentmarts.meta_graph.planning.planner import Known, sample_key, sample_slot
from agentmarts.meta_graph.planning.requests import item_request, node_request
from agentmarts.meta_graph.store.ledger import WHOLE, LedgerRow
from agentmarts.meta_graph.store.objects import DELETED_AFTER, missing_since, store_objects


def read_list(run: RunState, call: Call, item: Item, known: Known) -> None:
    """Read a list; while it is refused for some of its metrics, again without them. Raises StoppedError, RefusedError.

    What an earlier reading has shown keeps the sample it had then.
    """
    seen: set[str] = set()
    while (fault := _read_pages(run, call, item, known, seen)) is not None:
        match next_step(item.question.metrics, fault):
            case Drop(metrics):
                record_refused(run, call, item, metrics, fault)
            case Split(has_refused=True):
                if not refused_among(run, call, item, fault):
                    return
            case Refuse() if item.question.metrics and fault.policy.then == "drop_blamed":
                record_refused(run, call, item, item.question.metrics, fault)
            case _:
                break
        asked, item = item, run.deprecated.without_deprecated(item)
        if item == asked:
            break
    if fault is not None:
        conclude_fault(run, call, item, fault)


def _read_pages(run: RunState, call: Call, item: Item, known: Known, seen: set[str]) -> Fault | None:
    """Keep a list and the samples it brings of objects not `seen` before; returns the fault that ended it."""
    session = run.session
    path, params = item_request(call, item, item.question.metrics)
    for page in pages(session.client, path, params, session.token, session.account.api_version):

        def keep(answers: Mapping[int, Answer], page: Page = page) -> None:
            if page.end not in ("refused", "failed"):
                _keep_page(run, call, item, known, page, answers[0].response_id, seen)

        store_exchange(session, page.exchange, [item.plan_key], call.edge, keep)
        if page.end == "failed":
            return page.response.fault
    return None


def _keep_page(run: RunState, call: Call, item: Item, known: Known, page: Page, response_id: UUID, seen: set[str]) -> None:
    session, writer, account = run.session, run.session.writer, run.session.account
    at = page.response.fetched_at
    listing = parse_objects(call.edge, page.response.body)
    new = [one for one in listing.listed if one.object.object_id not in seen]
    seen.update(one.object.object_id for one in new)
    store_objects(session.work, account.tenant_id, account.account_id, [one.object for one in new], at)
    writer.store_values(item.question, Parsed(unreadable=listing.unreadable), response_id, at)
    rows = _keep_samples(run, call, item, known, page, new, response_id) if item.question.metrics else []
    if page.end:
        is_complete = page.end == "complete"
        if not is_complete:
            run.failures.append(f"{call.group.name} {call.edge}: Meta's pages lead nowhere")
        state: LedgerState = "ok" if is_complete else "error"
        rows.append(writer.row(call, item, WHOLE, state, at, answered=int(is_complete), response_id=response_id))
    writer.record(rows)


def _keep_samples(
    run: RunState, call: Call, item: Item, known: Known, page: Page, listed: Sequence[Listed], response_id: UUID
) -> list[LedgerRow]:
    """Keep the samples of a page's new objects; returns a row for each."""
    session, at = run.session, page.response.fetched_at
    rows: list[LedgerRow] = []
    keys = run.known_keys([one.object.object_id for one in listed])
    for one in listed:
        sample = _sample(call, item, known, one.object, at)
        if sample is None:
            continue
        parsed = parse_item(sample.question, one.item, session.catalogue, at, keys.get(one.object.object_id, {}))
        run.note_keys(parsed)
        session.writer.store_values(sample.question, parsed, response_id, at)
        rows.append(answered_row(run, call, sample, parsed, page.response))
    return rows


def _sample(call: Call, item: Item, known: Known, listed: GraphObject, at: datetime) -> Item | None:
    """What a listed object's sample is about; None if this slot has one."""
    slot = sample_slot(known, call.group, listed, at)
    key = sample_key(known, call.group, listed, slot)
    if key in known.settled:
        return None
    question = replace(
        item.question, object_type=listed.object_type, object_id=listed.object_id, media_product=listed.media_product, sample_slot=slot
    )
    return Item(key, item.path, item.params, question, listed)


# Posts and media that are gone: marked as deleted when Meta has said for days that it does not have them.


def mark_deleted(run: RunState) -> None:
    """Mark the run's missing objects as deleted whose time is up. Raises RefusedError.

    A throttle may say the same of all that is asked, so the account itself must be answered now.
    """
    if not run.missing:
        return
    session, account = run.session, run.session.account
    at = session.clock()
    with session.work.transaction():
        since = missing_since(session.work, account.tenant_id, account.account_id, run.missing_ids)
    overdue = [one for one in run.missing if at - since.get(one.object_id, at) >= DELETED_AFTER]
    if not overdue:
        return

    def keep(answer: Answer) -> None:
        if answer.response.fault is not None:
            return
        gone = [replace(one.item.graph_object, is_deleted=True) for one in overdue if one.item.graph_object]
        store_objects(session.work, account.tenant_id, account.account_id, gone, at)
        rows = [session.writer.row(one.call, one.item, WHOLE, "deleted", at, fault=one.fault, of_object=True) for one in overdue]
        session.writer.record(rows)

    fault = ask_one(session, *node_request(account.graph_id, ["id"]), overdue[0].item.plan_key, "node", keep)
    if fault is not None:
        run.failures.append(f"{account.platform} {account.graph_id}: {fault.message}")

"""Posts and media that are gone: marked as deleted when Meta has said for days that it does not have them."""

from __future__ import annotations

from dataclasses import replace

from agentmarts.meta_graph.ledger import WHOLE
from agentmarts.meta_graph.missing_objects import DELETED_AFTER, missing_since
from agentmarts.meta_graph.requests import node_request
from agentmarts.meta_graph.run_state import RunState
from agentmarts.meta_graph.store_objects import store_objects


def bury_deleted(run: RunState) -> None:
    """Mark the run's missing objects as deleted whose time is up. Raises RefusedError.

    A throttle may say the same of all that is asked, so the account itself must be answered now.
    """
    if not run.missing:
        return
    session, account = run.session, run.session.account
    at = session.clock()
    with session.work.transaction():
        since = missing_since(session.work, account.tenant_id, account.account_id, run.missing_ids)
    dead = [one for one in run.missing if at - since.get(one.object_id, at) >= DELETED_AFTER]
    if not dead:
        return
    session.asking = (dead[0].item.plan_key, "node")
    witness = run.get(*node_request(account.graph_id, ["id"]))
    with session.work.transaction():
        session.keeper.keep_responses(*session.asking, session.gate.take_attempts())
        if witness.fault is None:
            gone = [replace(one.item.graph_object, is_deleted=True) for one in dead if one.item.graph_object]
            store_objects(session.work, account.tenant_id, account.account_id, gone, at)
            rows = [session.keeper.row(one.call, one.item, WHOLE, "deleted", at, fault=one.fault, of_object=True) for one in dead]
            session.keeper.enter(rows)
    if witness.fault is not None:
        run.failures.append(f"{account.platform} {account.graph_id}: {witness.fault.message}")

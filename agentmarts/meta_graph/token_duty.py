"""Asks once per local day of the tenant what Meta knows of an account's token: so trouble shows before data is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from agentmarts.meta_graph.accounts import note_token_state
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.ledger import WHOLE
from agentmarts.meta_graph.observations import LedgerState, Question
from agentmarts.meta_graph.plan_key import plan_key
from agentmarts.meta_graph.plans import Call, Item, Urgency
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.secrets import fingerprint
from agentmarts.meta_graph.session import Session, StoppedError, duty_group
from agentmarts.meta_graph.slots import day_slot
from agentmarts.meta_graph.token_reading import read_token

GROUP = "token"
PATH = "/debug_token"


@dataclass(frozen=True)
class TokenDuty:
    """`/debug_token`, with the app's own token. A token that was exchanged is looked at on the same day.

    What it finds wrong stops nothing: the next call tells for sure, and costs no more than believing this one.
    """

    app_token: SecretStr

    def __call__(self, session: Session) -> Sequence[str]:
        """Ask if it is due and note what came; returns what is wrong with the token. Raises StoppedError when the app is throttled."""
        account, token = session.account, session.token
        if account.login_kind == "instagram_login":
            return ()  # graph.instagram.com knows no such edge: the token's first call tells
        slot = day_slot(session.clock(), session.timezone)
        key = plan_key(account.account_id, GROUP, slot, [fingerprint(token)])
        if session.is_settled(key):
            return ()
        group = duty_group(account, GROUP, "debug_token", [GROUP])
        item = Item(key, PATH, {}, Question(group, group.object, account.graph_id, group.metrics, sample_slot=slot))
        call = Call(group, group.edge, "node", Urgency.LISTS, (item,))
        answer = session.get(key, group.edge, PATH, {"input_token": token}, self.app_token)
        attempts, at = session.gate.take_attempts(), session.clock()
        if answer.fault is not None:
            return _refused(session, call, item, attempts, answer.fault, at)
        reading = read_token(account, answer.body, session.catalogue, at)
        if reading.state == "unknown":
            return _refused(session, call, item, attempts, Fault("unrecognised", reading.problems[0]), at)
        is_good = reading.state in ("ok", "expiring")
        fault = None if is_good else Fault("not_permitted", "; ".join(reading.problems), reading.error_code, reading.error_subcode)
        with session.work.transaction():
            response_id = session.keeper.keep_responses(key, group.edge, attempts)
            note_token_state(
                session.work,
                account,
                state=reading.state,
                checked_at=at,
                fingerprint=fingerprint(token),
                scopes=reading.scopes,
                expires_at=reading.expires_at,
                data_access_expires_at=reading.data_access_expires_at,
            )
            state: LedgerState = "ok" if is_good else "not_permitted"
            row = session.keeper.row(call, item, WHOLE, state, at, answered=int(is_good), fault=fault, response_id=response_id)
            session.keeper.enter([row])
        return reading.problems


def _refused(session: Session, call: Call, item: Item, attempts: Sequence[GraphResponse], fault: Fault, at: datetime) -> Sequence[str]:
    """The token is as unknown as before. 190 speaks of the app's own token, so it ends nothing here."""
    with session.work.transaction():
        session.keeper.keep_responses(item.plan_key, call.edge, attempts)
        state: LedgerState = "throttled" if fault.is_throttle else "error"
        session.keeper.enter([session.keeper.row(call, item, WHOLE, state, at, fault=fault)])
    if fault.is_throttle or fault.stops_app:
        raise StoppedError(fault)
    return (f"Meta does not tell about the token: {fault.message}",)

"""Asks Meta once per local day of the tenant what it knows of an account's token, so that trouble shows before data is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from agentmarts.meta_graph.accounts import Account, TokenState, note_token_state
from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.api.secrets import fingerprint
from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.collecting.session import Session, StoppedError, check_group
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, LedgerState, Question, Urgency
from agentmarts.meta_graph.planning.slots import day_slot, plan_key
from agentmarts.meta_graph.store.ledger import WHOLE

GROUP = "token"
PATH = "/debug_token"


@dataclass(frozen=True)
class TokenCheck:
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
        group = check_group(account, GROUP, "debug_token", [GROUP])
        item = Item(key, PATH, {}, Question(group, group.object, account.graph_id, group.metrics, sample_slot=slot))
        call = Call(group, group.edge, "node", Urgency.LISTS, (item,))
        exchange = session.get(PATH, {"input_token": token}, self.app_token)
        attempts, at = exchange.attempts, session.clock()
        if exchange.refused is not None:
            with session.work.transaction():
                session.writer.store_responses(key, group.edge, attempts)
        answer = exchange.answer
        if answer.fault is not None:
            return _refused(session, call, item, attempts, answer.fault, at)
        reading = read_token(account, answer.body, session.catalogue, at)
        if reading.state == "unknown":
            return _refused(session, call, item, attempts, Fault("unrecognised", reading.problems[0]), at)
        is_good = reading.state in ("ok", "expiring")
        fault = None if is_good else Fault("not_permitted", "; ".join(reading.problems), reading.error_code, reading.error_subcode)
        with session.work.transaction():
            response_id = session.writer.store_responses(key, group.edge, attempts)
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
            row = session.writer.row(call, item, WHOLE, state, at, answered=int(is_good), fault=fault, response_id=response_id)
            session.writer.record([row])
        return reading.problems


def _refused(session: Session, call: Call, item: Item, attempts: Sequence[GraphResponse], fault: Fault, at: datetime) -> Sequence[str]:
    """The token is as unknown as before. 190 speaks of the app's own token, so it ends nothing here."""
    with session.work.transaction():
        session.writer.store_responses(item.plan_key, call.edge, attempts)
        state: LedgerState = "throttled" if fault.policy.blocks else "error"
        session.writer.record([session.writer.row(call, item, WHOLE, state, at, fault=fault)])
    if fault.policy.blocks or fault.policy.then == "stop_app":
        raise StoppedError(fault)
    return (f"Meta does not tell about the token: {fault.message}",)


# What `/debug_token` says of an account's token: valid or not, until when, with which permissions for which accounts.

EXPIRES_SOON = timedelta(days=14)


@dataclass(frozen=True)
class TokenReading:
    """Instants are UTC; None: never, or not told."""

    state: TokenState
    problems: tuple[str, ...]
    """What stops the collection, or soon will, each with what to do."""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    error_code: int | None = None
    error_subcode: int | None = None
    """Why Meta takes it for invalid: 190 with 463 for expired, 492 for a role that is gone, …"""


def needed_permissions(catalogue: Catalogue, platform: str) -> frozenset[str]:
    """Permissions that the call groups of a platform need."""
    return frozenset(group.permission for group in catalogue.groups if group.platform == platform)


def read_token(account: Account, body: Any, catalogue: Catalogue, at: datetime) -> TokenReading:
    """Read the answer of `/debug_token` at an instant. `invalid` counts more than `missing_scope`, and that more than `expiring`."""
    data = _mapping(_mapping(body).get("data"))
    if not isinstance(data.get("is_valid"), bool):
        return TokenReading("unknown", ("Meta's answer about the token cannot be read",))
    listed = data.get("scopes")
    scopes = tuple(sorted(scope for scope in listed if isinstance(scope, str))) if isinstance(listed, list) else ()
    expires_at, access_ends_at = _instant(data.get("expires_at")), _instant(data.get("data_access_expires_at"))
    needed = needed_permissions(catalogue, account.platform)
    missing, elsewhere = sorted(needed - set(scopes)), _granted_elsewhere(account, data) & needed & set(scopes)
    problems: list[str] = []
    state: TokenState = "ok"
    ends = [one for one in (expires_at, access_ends_at) if one is not None]
    if ends and min(ends) - at < EXPIRES_SOON:
        state = "expiring"
        problems.append(f"the token works until {min(ends):%Y-%m-%d %H:%M} UTC only: renew it")
    if missing:
        state = "missing_scope"
        problems.append(f"the token lacks {', '.join(missing)}: grant them and make a new token")
    if elsewhere:
        state = "missing_scope"
        where = f"{account.platform} account {account.graph_id}"
        problems.append(f"the token has {', '.join(sorted(elsewhere))} for other accounts, not for {where}: grant it there too")
    error = _mapping(data.get("error"))
    if not data["is_valid"]:
        state = "invalid"
        reason = f" ({error['message']})" if isinstance(error.get("message"), str) else ""
        problems.insert(0, f"Meta says the token is not valid{reason}: make a new one")
    code, subcode = _integer(error.get("code")), _integer(error.get("subcode"))
    return TokenReading(state, tuple(problems), scopes, expires_at, access_ends_at, code, subcode)


def _granted_elsewhere(account: Account, data: Mapping[str, Any]) -> frozenset[str]:
    """Permissions that were granted for some accounts without this one. Meta names no accounts where all are meant."""
    mine = {account.graph_id, account.parent_graph_id}
    granular = data.get("granular_scopes")
    found = set()
    for one in granular if isinstance(granular, list) else ():
        scope, targets = _mapping(one).get("scope"), _mapping(one).get("target_ids")
        if isinstance(scope, str) and isinstance(targets, list) and targets and not mine & {str(target) for target in targets}:
            found.add(scope)
    return frozenset(found)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _instant(seconds: Any) -> datetime | None:
    """Meta writes 0 for never."""
    whole = _integer(seconds)
    return datetime.fromtimestamp(whole, UTC) if whole is not None and whole > 0 else None

"""Asks Meta once per local day of the tenant what it knows of an account's token, so that trouble shows before data is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from pydantic import SecretStr

from agentmarts.meta_graph.accounts import Account, TokenState, note_token_state
from agentmarts.meta_graph.api.secrets import fingerprint
from agentmarts.meta_graph.catalogue import Catalogue
from agentmarts.meta_graph.collecting.asking import Answer, ask_one
from agentmarts.meta_graph.collecting.session import Session, StoppedError, check_group
from agentmarts.meta_graph.fault import Fault, FaultKind
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
        reading: TokenReading | None = None

        def keep(answer: Answer) -> None:
            nonlocal reading
            fault, at = answer.response.fault, session.clock()
            if fault is None:
                reading = read_token(account, answer.response.body, session.catalogue, at)
                fault = _fault_of(reading)
            state: LedgerState = "ok" if fault is None else "throttled" if fault.policy.blocks else "error"
            if reading is not None and reading.state != "unknown":
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
                state = "ok" if fault is None else "not_permitted"
            answered = int(state == "ok")
            row = session.writer.row(call, item, WHOLE, state, at, answered=answered, fault=fault, response_id=answer.response_id)
            session.writer.record([row])

        fault = ask_one(session, PATH, {"input_token": token}, key, group.edge, keep, self.app_token)
        if fault is not None and (fault.policy.blocks or fault.policy.then == "stop_app"):
            raise StoppedError(fault)  # 190 speaks of the app's own token, so it ends nothing here
        if fault is not None or reading is None or reading.state == "unknown":
            why = fault.message if fault else reading.problems[0] if reading else "nothing"
            return (f"Meta does not tell about the token: {why}",)
        return reading.problems


def _fault_of(reading: TokenReading) -> Fault | None:
    if reading.state in ("ok", "expiring"):
        return None
    kind: FaultKind = "unrecognised" if reading.state == "unknown" else "not_permitted"
    return Fault(kind, "; ".join(reading.problems), reading.error_code, reading.error_subcode)


# What `/debug_token` says of an account's token: valid or not, until when, with which permissions for which accounts.

EXPIRES_SOON = timedelta(days=14)
UNREADABLE = "Meta's answer about the token cannot be read"


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


class _GranularScope(msgspec.Struct):
    scope: str = ""
    target_ids: list[str | int] | None = None


class _TokenError(msgspec.Struct):
    message: str | None = None
    code: int | None = None
    subcode: int | None = None


class _TokenData(msgspec.Struct):
    """`data` of the answer. Where a field is not what Meta documents nothing is concluded: no scope we could not read is missing."""

    is_valid: bool
    scopes: list[str] = []
    expires_at: int = 0
    """Seconds since 1970; 0: never."""
    data_access_expires_at: int = 0
    granular_scopes: list[_GranularScope] = []
    error: _TokenError | str | None = None


class _DebugToken(msgspec.Struct):
    data: _TokenData


def read_token(account: Account, body: Any, catalogue: Catalogue, at: datetime) -> TokenReading:
    """Read the answer of `/debug_token` at an instant. `invalid` counts more than `missing_scope`, and that more than `expiring`."""
    try:
        data = msgspec.convert(body, _DebugToken).data
    except msgspec.ValidationError as reason:
        return TokenReading("unknown", (f"{UNREADABLE}: {reason}",))
    scopes = tuple(sorted(data.scopes))
    expires_at, access_ends_at = _instant(data.expires_at), _instant(data.data_access_expires_at)
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
    error = data.error if isinstance(data.error, _TokenError) else _TokenError()
    if not data.is_valid:
        state = "invalid"
        why = f" ({error.message})" if error.message else ""
        problems.insert(0, f"Meta says the token is not valid{why}: make a new one")
    return TokenReading(state, tuple(problems), scopes, expires_at, access_ends_at, error.code, error.subcode)


def _granted_elsewhere(account: Account, data: _TokenData) -> frozenset[str]:
    """Permissions that were granted for some accounts without this one. Meta names no accounts where all are meant."""
    mine = {account.graph_id, account.parent_graph_id}
    return frozenset(one.scope for one in data.granular_scopes if one.target_ids and not mine & {str(target) for target in one.target_ids})


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None

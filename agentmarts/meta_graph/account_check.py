"""Whether an account can be collected: is its token valid, for how long, and does it have every permission that is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agentmarts.meta_graph.accounts import Account, TokenState, note_token_state
from agentmarts.meta_graph.catalogue import ApiVersion, Catalogue
from agentmarts.meta_graph.client import GraphClient
from agentmarts.meta_graph.secrets import GraphSecretError, app_of, fingerprint, token_of
from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Role, connect

EXPIRES_SOON = timedelta(days=14)
VERSION_ENDS_SOON = timedelta(days=180)


@dataclass(frozen=True)
class AccountCheck:
    """What is known of an account's token now. Instants are UTC; None: never, or not told."""

    account: Account
    state: TokenState
    problems: tuple[str, ...]
    """What stops the collection, or soon will, each with what to do."""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None


def check_account(settings: Settings, account: Account, catalogue: Catalogue, clock: Callable[[], datetime] = now) -> AccountCheck:
    """Ask Meta about the token (`/debug_token`) and the account itself, and note the token's state. Raises GraphSecretError for the app."""
    app = app_of(settings)
    try:
        token = token_of(account.token_ref)
    except GraphSecretError as error:
        return AccountCheck(account, "unknown", (str(error),))
    with GraphClient.from_settings(settings, clock=clock) as client:
        about = client.get("/debug_token", {"input_token": token}, app.token, account.api_version)
        itself = client.get(f"/{account.graph_id}", {"fields": "id,name"}, token, account.api_version)
    if about.fault is not None:
        return AccountCheck(account, "unknown", (f"Meta does not tell about the token: {about.fault.message}",))
    check = _read(account, about.body, catalogue, clock())
    if itself.fault is not None:
        problem = f"the token does not reach {account.platform} account {account.graph_id}: {itself.fault.message}"
        check = AccountCheck(account, check.state, (*check.problems, problem), check.scopes, check.expires_at, check.data_access_expires_at)
    with connect(settings, Role.INGEST) as connection:
        note_token_state(
            connection,
            account,
            state=check.state,
            checked_at=clock(),
            fingerprint=fingerprint(token),
            scopes=check.scopes,
            expires_at=check.expires_at,
            data_access_expires_at=check.data_access_expires_at,
        )
    return check


def needed_permissions(catalogue: Catalogue, platform: str) -> frozenset[str]:
    """Permissions that the call groups of a platform need."""
    return frozenset(group.permission for group in catalogue.groups if group.platform == platform)


def version_problem(versions: Sequence[ApiVersion], name: str, at: datetime) -> str | None:
    """What is wrong with a pinned version: unknown, ended, or ending within 180 days. A dead version does not fail, another one answers."""
    known = {one.name: one for one in versions}
    if name not in known:
        return f"{name} is no known version: there are {', '.join(known)}"
    ends_on = known[name].ends_on
    if ends_on is None or at.date() < ends_on - VERSION_ENDS_SOON:
        return None
    if at.date() >= ends_on:
        return f"{name} ended on {ends_on}; Meta answers with another version: pin a newer one"
    return f"{name} ends on {ends_on}: pin a newer one"


def _read(account: Account, body: Any, catalogue: Catalogue, at: datetime) -> AccountCheck:
    data = body.get("data") if isinstance(body, dict) else None
    data = data if isinstance(data, dict) else {}
    scopes = tuple(sorted(scope for scope in data.get("scopes") or () if isinstance(scope, str)))
    expires_at, access_ends_at = _instant(data.get("expires_at")), _instant(data.get("data_access_expires_at"))
    missing = sorted(needed_permissions(catalogue, account.platform) - set(scopes))
    problems: list[str] = []
    state: TokenState = "ok"
    ends = [one for one in (expires_at, access_ends_at) if one is not None]
    if ends and min(ends) - at < EXPIRES_SOON:
        state = "expiring"
        problems.append(f"the token works until {min(ends):%Y-%m-%d %H:%M} UTC only: renew it")
    if missing:
        state = "missing_scope"
        problems.append(f"the token lacks {', '.join(missing)}: grant them and make a new token")
    if data.get("is_valid") is not True:
        state = "invalid"
        reason = data.get("error", {}).get("message") if isinstance(data.get("error"), dict) else None
        problems.insert(0, f"Meta says the token is not valid{f' ({reason})' if isinstance(reason, str) else ''}: make a new one")
    if version := version_problem(catalogue.api_versions, account.api_version, at):
        problems.append(version)
    return AccountCheck(account, state, tuple(problems), scopes, expires_at, access_ends_at)


def _instant(seconds: Any) -> datetime | None:
    """Meta writes 0 for never."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    return datetime.fromtimestamp(seconds, UTC)

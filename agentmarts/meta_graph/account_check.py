"""Whether an account can be collected: is its token valid, for how long, and does it have every permission that is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentmarts.meta_graph.accounts import Account, TokenState, note_token_state
from agentmarts.meta_graph.catalogue import ApiVersion, Catalogue
from agentmarts.meta_graph.client import GraphClient
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.meta_graph.secrets import GraphSecretError, app_of, fingerprint, token_of
from agentmarts.meta_graph.token_reading import TokenReading, read_token
from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Role, connect

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
    """Ask Meta about the token (`/debug_token`) and the account itself, and note the token's state. Raises GraphSecretError for the app.

    Of a token by Instagram Login nobody tells scopes and end: whether it reaches its account is all that is known.
    """
    app = app_of(settings)
    try:
        token = token_of(account.token_ref)
    except GraphSecretError as error:
        return AccountCheck(account, "unknown", (str(error),))
    by_facebook = account.login_kind == "facebook_login"
    about: GraphResponse | None = None
    with GraphClient.from_settings(settings, account.login_kind, clock=clock) as client:
        if by_facebook:  # graph.instagram.com has no such edge
            about = client.get("/debug_token", {"input_token": token}, app.token, account.api_version)
        itself = client.get(f"/{account.graph_id}", {"fields": "id,name"}, token, account.api_version)
    if about is not None and about.fault is not None:
        return AccountCheck(account, "unknown", (f"Meta does not tell about the token: {about.fault.message}",))
    reading = read_token(account, about.body, catalogue, clock()) if about is not None else _by_its_call(itself)
    problems = list(reading.problems)
    if version := version_problem(catalogue.api_versions, account.api_version, clock()):
        problems.append(version)
    if itself.fault is not None:
        problems.append(f"the token does not reach {account.platform} account {account.graph_id}: {itself.fault.message}")
    check = AccountCheck(account, reading.state, tuple(problems), reading.scopes, reading.expires_at, reading.data_access_expires_at)
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


def _by_its_call(itself: GraphResponse) -> TokenReading:
    """What a call with the token shows of it, where Meta tells no more."""
    if itself.fault is None:
        return TokenReading("ok", ())
    return TokenReading("invalid" if itself.fault.kind == "token_invalid" else "unknown", ())

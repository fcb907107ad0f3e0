"""Whether accounts can be collected, and what of their collection a person should look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from agentmarts.meta_graph.accounts import Account, TokenState, note_token_state
from agentmarts.meta_graph.api.client import GraphClient
from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.api.secrets import GraphSecretError, app_of, fingerprint, token_of
from agentmarts.meta_graph.catalogue import ApiVersion, Catalogue
from agentmarts.meta_graph.collecting.token_check import TokenReading, read_token
from agentmarts.meta_graph.store.ledger import IN_QUARANTINE
from agentmarts.settings import Settings, now
from agentmarts.warehouse.connection import Connection, Role, connect

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
            about = client.get("/debug_token", {"input_token": token}, app.token, account.api_version).answer
        itself = client.get(f"/{account.graph_id}", {"fields": "id,name"}, token, account.api_version).answer
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


# What of the collection a person should look at: metrics that are left out, versions that end or are not served, tokens that end.

LOOKED_BACK = timedelta(days=2)
"""How old an answer may be that tells which version serves an account."""

# As the planner leaves it out; what failed for another reason is due again, and no refusal of the metric.
_LEFT_OUT = f"""
select a.platform, a.graph_id, q.object_type, q.media_product, q.metric, q.group_name,
  max(q.state) as state, max(q.error_code) as error_code,
  min(q.finished_at) as since, nullif(max(q.retry_after), 'infinity') as until
from raw.collection_ledger q
join raw.graph_accounts a on a.tenant_id = q.tenant_id and a.account_id = q.account_id
where a.is_active and q.state <> 'error' and {IN_QUARANTINE}
group by a.platform, a.graph_id, q.object_type, q.media_product, q.metric, q.group_name
order by a.platform, a.graph_id, q.group_name, q.metric
"""  # noqa: S608 - constants

_SERVED = """
select distinct a.platform, a.graph_id, r.requested_version as pinned, r.served_version as served
from raw.graph_responses r
join raw.graph_accounts a on a.tenant_id = r.tenant_id and a.account_id = r.account_id
where a.is_active and r.fetched_at > %(since)s and r.requested_version = a.api_version and r.served_version <> r.requested_version
order by 1, 2
"""


@dataclass(frozen=True)
class LeftOut:
    """A metric that is not asked for now, because Meta refused it. Instants are UTC; `until` None: never again."""

    platform: str
    graph_id: str
    object_type: str
    media_product: str | None
    metric: str
    group_name: str
    state: str
    error_code: int | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class OtherVersion:
    """An account that another version of the API answers than the one it asks."""

    platform: str
    graph_id: str
    pinned: str
    served: str


def left_out(connection: Connection, at: datetime) -> list[LeftOut]:
    """Metrics of active accounts that are in quarantine at an instant. Metric `*`: all of the call group."""
    with connection.cursor(row_factory=class_row(LeftOut)) as cursor:
        return cursor.execute(_LEFT_OUT, {"at": at}).fetchall()


def other_versions(connection: Connection, at: datetime) -> list[OtherVersion]:
    """Active accounts whose pinned version did not answer in the last two days: Meta replaces a dead one without a word."""
    with connection.cursor(row_factory=class_row(OtherVersion)) as cursor:
        return cursor.execute(_SERVED, {"since": at - LOOKED_BACK}).fetchall()


def ending_versions(accounts: Iterable[Account], versions: Iterable[ApiVersion], at: datetime) -> list[tuple[Account, str]]:
    """Accounts whose pinned version ended or ends within 180 days, with what to do."""
    known = tuple(versions)
    found = ((one, version_problem(known, one.api_version, at)) for one in accounts)
    return [(one, problem) for one, problem in found if problem]


def ending_tokens(accounts: Iterable[Account]) -> list[Account]:
    """Accounts whose token is invalid, ends soon or lacks a permission, as far as was noted."""
    return [one for one in accounts if one.token_state not in ("ok", "unknown")]

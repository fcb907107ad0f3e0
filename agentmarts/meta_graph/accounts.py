"""The accounts that are collected: rows of `raw.graph_accounts`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from agentmarts.warehouse.connection import Connection

Platform = Literal["facebook", "instagram"]
LoginKind = Literal["facebook_login", "instagram_login"]
TokenKind = Literal["page", "system_user", "user"]
TokenState = Literal["ok", "expiring", "invalid", "missing_scope", "unknown"]
DayBoundary = Literal["utc", "account", "pacific"]
DayRuleSource = Literal["default", "calibrated", "manual"]

_TOKEN_REF = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_COLUMNS = """
tenant_id, account_id, platform, graph_id, parent_graph_id, display_name, login_kind, api_version, token_ref, token_kind, token_fingerprint,
token_state, token_scopes, token_expires_at, data_access_expires_at, token_checked_at, ig_day_shift, ig_day_boundary, day_rule_source,
collect_from, is_active, updated_at
"""

_ADD = f"""
insert into raw.graph_accounts
  (tenant_id, account_id, platform, graph_id, parent_graph_id, display_name, login_kind, api_version, token_ref, token_kind, ig_day_shift,
   ig_day_boundary, collect_from, updated_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (tenant_id, platform, graph_id) do nothing
returning {_COLUMNS}
"""  # noqa: S608 - constants

_LIST = f"""
select {_COLUMNS} from raw.graph_accounts
where (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s) and (is_active or not %(active_only)s)
order by tenant_id, platform, graph_id
"""  # noqa: S608 - constants

_NOTE_CHECK = """
update raw.graph_accounts
set token_state = %s, token_fingerprint = %s, token_scopes = %s, token_expires_at = %s, data_access_expires_at = %s, token_checked_at = %s,
    updated_at = %s
where tenant_id = %s and account_id = %s
"""

_NOTE_ANSWER = """
update raw.graph_accounts set token_state = %(state)s, updated_at = %(at)s
where tenant_id = %(tenant_id)s and account_id = %(account_id)s
  and case %(state)s when 'invalid' then token_state <> 'invalid' else token_state = 'invalid' end
"""

# What facts mean changes with the rule: ingest_xid says so to whoever computes from them.
_SET_DAY_RULE = """
update raw.graph_accounts
set ig_day_shift = %(shift)s, ig_day_boundary = %(boundary)s, day_rule_source = %(source)s, updated_at = %(at)s,
    ingest_xid = case when (ig_day_shift, ig_day_boundary) = (%(shift)s, %(boundary)s) then ingest_xid else pg_current_xact_id() end
where tenant_id = %(tenant_id)s and account_id = %(account_id)s and platform = 'instagram'
  and (day_rule_source <> 'manual' or %(source)s = 'manual')
  and (ig_day_shift, ig_day_boundary, day_rule_source) is distinct from (%(shift)s, %(boundary)s, %(source)s)
"""

_SET_ACTIVE = """
update raw.graph_accounts set is_active = %(active)s, updated_at = %(at)s, ingest_xid = pg_current_xact_id()
where tenant_id = %(tenant_id)s and account_id = %(account_id)s and is_active <> %(active)s
"""


class AccountError(ValueError):
    """An account that makes no sense or is there already; the message says what would be right, and never repeats a secret."""


@dataclass(frozen=True)
class Account:
    """A Facebook Page or an Instagram professional account. Instants are UTC."""

    tenant_id: UUID
    account_id: UUID
    platform: Platform
    graph_id: str
    parent_graph_id: str | None
    display_name: str | None
    login_kind: LoginKind
    api_version: str
    token_ref: str
    """Name under which the secret store keeps the token."""
    token_kind: TokenKind
    token_fingerprint: str | None
    token_state: TokenState
    token_scopes: Sequence[str] | None
    token_expires_at: datetime | None
    data_access_expires_at: datetime | None
    token_checked_at: datetime | None
    ig_day_shift: int | None
    """Days from the UTC date of a series' stamp to the day it stands for; None for Facebook."""
    ig_day_boundary: DayBoundary | None
    day_rule_source: DayRuleSource
    collect_from: date | None
    is_active: bool
    updated_at: datetime


def add_account(
    connection: Connection,
    *,
    tenant_id: UUID,
    platform: Platform,
    graph_id: str,
    login_kind: LoginKind,
    token_ref: str,
    token_kind: TokenKind,
    at: datetime,
    parent_graph_id: str | None = None,
    display_name: str | None = None,
    api_version: str = "v25.0",
    collect_from: date | None = None,
    account_id: UUID | None = None,
) -> Account:
    """Connect an account, inside the caller's transaction. Instagram begins with the default day rule (shift 0, UTC).

    Raises AccountError when the tenant has this account already, when there is no such tenant, or when `token_ref` is not the name of a
    secret, psycopg.errors.CheckViolation for other values that the table refuses.
    """
    if not _TOKEN_REF.fullmatch(token_ref):
        raise AccountError(
            f"token_ref has {len(token_ref)} characters and is no name: give the name of the secret, as in acme_page, never the token"
        )
    shift, boundary = (0, "utc") if platform == "instagram" else (None, None)
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        try:
            with connection.transaction():
                added = cursor.execute(
                    _ADD,
                    (
                        tenant_id, account_id or uuid4(), platform, graph_id, parent_graph_id, display_name, login_kind, api_version,
                        token_ref, token_kind, shift, boundary, collect_from, at,
                    ),
                ).fetchone()  # fmt: skip
        except psycopg.errors.ForeignKeyViolation:
            raise AccountError(f"there is no tenant {tenant_id}") from None
    if added is None:
        raise AccountError(f"the tenant has the {platform} account {graph_id} already")
    return added


def list_accounts(connection: Connection, tenant_id: UUID | None = None, *, active_only: bool = True) -> list[Account]:
    """Accounts of one tenant, or of all, by tenant, platform and graph_id."""
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(_LIST, {"tenant_id": tenant_id, "active_only": active_only}).fetchall()


def note_token_state(
    connection: Connection,
    account: Account,
    *,
    state: TokenState,
    checked_at: datetime,
    fingerprint: str | None = None,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
    data_access_expires_at: datetime | None = None,
) -> None:
    """Keep what the last check of the account's token said. No fact changes its meaning, so `ingest_xid` stays.

    `fingerprint`: beginning of the token's SHA-256, at most 64 characters. Expiry None: never (Meta writes 0).
    """
    connection.execute(
        _NOTE_CHECK,
        (
            state, fingerprint, list(scopes) if scopes is not None else None, expires_at, data_access_expires_at, checked_at, checked_at,
            account.tenant_id, account.account_id,
        ),
    )  # fmt: skip


def note_token_answer(connection: Connection, account: Account, *, is_valid: bool, at: datetime) -> None:
    """Keep what a call with the token showed: that it is invalid, or is so no more. What the last check said of it else stays."""
    values = {"state": "ok" if is_valid else "invalid", "at": at, "tenant_id": account.tenant_id, "account_id": account.account_id}
    connection.execute(_NOTE_ANSWER, values)


def set_day_rule(
    connection: Connection, account: Account, *, shift: Literal[0, -1], boundary: DayBoundary, source: DayRuleSource, at: datetime
) -> bool:
    """Set where days of an Instagram account begin and what its stamps stand for; returns whether anything changed.

    A rule set by a person (`manual`) gives way only to another one. Facebook has no such rule: False.
    """
    values = {"shift": shift, "boundary": boundary, "source": source, "at": at}
    return connection.execute(_SET_DAY_RULE, {**values, "tenant_id": account.tenant_id, "account_id": account.account_id}).rowcount > 0


def set_active(connection: Connection, account: Account, *, active: bool, at: datetime) -> bool:
    """Whether the account is collected from now on; returns whether that is a change. What was collected stays."""
    values = {"active": active, "at": at, "tenant_id": account.tenant_id, "account_id": account.account_id}
    return connection.execute(_SET_ACTIVE, values).rowcount > 0

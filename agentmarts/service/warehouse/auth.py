"""Who asks: API keys, their scopes and their tenant."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from agentmarts.service.http.problems import Problem, ProblemKind, query_problem
from agentmarts.service.http.rate_limit import RateLimit
from agentmarts.service.warehouse.database import Statement, TenantDatabase
from agentmarts.settings import Limits, now
from agentmarts.tenancy.api_keys import parse_key, secret_hash

TENANT_HEADER = "x-tenant-id"
TENANT_PARAMETERS = ("tenant_id", "tenant", "store_id")
REMEMBERED_KEYS = 10_000
LAST_USED_SECONDS = 60


@dataclass(frozen=True)
class Caller:
    """A request's key and the one tenant it is for."""

    key_id: str
    key_name: str
    tenant_id: UUID
    tenant_ids: tuple[UUID, ...]
    scopes: frozenset[str]


@dataclass(frozen=True)
class _StoredKey:
    name: str
    secret_sha256: bytes
    tenant_ids: tuple[UUID, ...]
    scopes: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None


class KeyRing:
    """Keys as stored, remembered for a few seconds, and when each was last used."""

    def __init__(self, database: TenantDatabase, limits: Limits) -> None:
        self._database = database
        self._seconds = limits.key_cache_seconds
        self._known: OrderedDict[str, tuple[float, _StoredKey]] = OrderedDict()
        self._failures = RateLimit(limits.failed_logins_per_minute / 60, limits.failed_logins_per_minute)
        self._used: dict[str, datetime] = {}

    async def verify(self, key: str, address: str) -> tuple[str, _StoredKey]:
        """Id and row of a valid key.

        Raises Problem 401 for a key that is malformed, unknown, wrong, expired or revoked, without telling which; 429 once an address
        has failed too often. A key already known keeps working from that address: others behind it must not be locked out.
        """
        parsed = parse_key(key)
        if parsed is not None:
            stored = await self._stored(parsed[0], address)
            if stored is not None and hmac.compare_digest(stored.secret_sha256, secret_hash(parsed[1])) and _is_valid(stored):
                self._used[parsed[0]] = now()
                return parsed[0], stored
        decision = self._failures.take(address)
        if not decision.allowed:
            raise _too_many_failures(decision.retry_after)
        raise unauthenticated("The key is not valid.")

    async def _stored(self, key_id: str, address: str) -> _StoredKey | None:
        entry = self._known.get(key_id)
        if entry is not None and time.monotonic() - entry[0] < self._seconds:
            return entry[1]
        if entry is None and not (looked := self._failures.take(address, cost=0)).allowed:
            raise _too_many_failures(looked.retry_after)
        rows = await self._database.own(
            Statement(
                "select name, secret_sha256, tenant_ids, scopes, expires_at, revoked_at from ops.api_keys where key_id = %s", (key_id,)
            )
        )
        if not rows:
            self._known.pop(key_id, None)
            return None
        name, secret_sha256, tenant_ids, scopes, expires_at, revoked_at = rows[0]
        stored = _StoredKey(name, bytes(secret_sha256), tuple(tenant_ids), frozenset(scopes), expires_at, revoked_at)
        self._known[key_id] = (time.monotonic(), stored)
        if len(self._known) > REMEMBERED_KEYS:
            self._known.popitem(last=False)
        return stored

    async def note_use(self) -> None:
        """Write last_used_at of the keys used since the last call."""
        used, self._used = self._used, {}
        if used:
            await self._database.own(
                Statement(
                    "update ops.api_keys k set last_used_at = u.at from unnest(%s::text[], %s::timestamptz[]) as u (key_id, at)"
                    " where k.key_id = u.key_id and (k.last_used_at is null or k.last_used_at < u.at)",
                    (list(used), list(used.values())),
                )
            )

    async def note_use_every_minute(self) -> None:
        """Run for ever; a missed note is no loss."""
        while True:
            await asyncio.sleep(LAST_USED_SECONDS)
            try:
                await self.note_use()
            except Problem:
                continue


def _is_valid(stored: _StoredKey) -> bool:
    return stored.revoked_at is None and (stored.expires_at is None or stored.expires_at > now())


def unauthenticated(detail: str) -> Problem:
    """401, saying how to authenticate."""
    return Problem(ProblemKind.UNAUTHENTICATED, detail, headers={"WWW-Authenticate": "Bearer"})


def _too_many_failures(seconds: int) -> Problem:
    return Problem(ProblemKind.RATE_LIMITED, "Too many failed logins from this address.", headers={"Retry-After": str(seconds)})


class ScopedKey(HTTPBearer):
    """A dependency that yields the caller, who must hold a scope; takes one request from the key's rate limit.

    It is the security scheme itself, not a dependency of one: each step of injection costs as much as all of this.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(scheme_name="ApiKey", description="An API key: `Authorization: Bearer am_live_…`")
        self.scope = scope

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        service = request.app.state.service
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise unauthenticated("The request carries no API key.")
        address = request.client.host if request.client else "unknown"
        key_id, stored = await service.keys.verify(key.strip(), address)
        _take_token(request, service.rate_limit, key_id)
        if self.scope not in stored.scopes:
            raise Problem(ProblemKind.FORBIDDEN, f"The key lacks the scope {self.scope}.")
        return Caller(key_id, stored.name, _tenant(request, stored.tenant_ids), stored.tenant_ids, stored.scopes)


Reader = Annotated[Caller, Security(ScopedKey("read"))]
Writer = Annotated[Caller, Security(ScopedKey("write"))]


def _take_token(request: Request, rate_limit: RateLimit, key_id: str) -> None:
    decision = rate_limit.take(key_id)
    headers: dict[str, str] = request.scope["answer_headers"]
    headers["RateLimit-Policy"] = rate_limit.policy
    headers["RateLimit"] = f'"default";r={decision.remaining};t={decision.retry_after or 1}'
    if not decision.allowed:
        raise Problem(
            ProblemKind.RATE_LIMITED,
            f"A key may make {rate_limit.per_second:g} requests a second.",
            headers={"Retry-After": str(decision.retry_after)},
        )


def _tenant(request: Request, tenant_ids: Sequence[UUID]) -> UUID:
    """The tenant a request is for: that of its key. With several the header says which; nothing else in a request may choose."""
    named = request.headers.get(TENANT_HEADER)
    if named is not None:
        return _own_tenant(named, tenant_ids)
    query = request.scope["query_string"]
    if any(name.encode() in query for name in TENANT_PARAMETERS):
        for name, value in parse_qsl(query.decode("latin-1")):
            # `tenant_id=eq.…` is a filter of a mart: it finds nothing of others.
            if name in TENANT_PARAMETERS and _as_uuid(value) is not None:
                _own_tenant(value, tenant_ids)
                raise query_problem(name, "the tenant is that of the key and is never named in the address")
    if len(tenant_ids) == 1:
        return tenant_ids[0]
    raise Problem(ProblemKind.TENANT_REQUIRED, f"The key has {len(tenant_ids)} tenants: name one in the header X-Tenant-Id.")


def _own_tenant(named: str, tenant_ids: Sequence[UUID]) -> UUID:
    tenant = _as_uuid(named)
    if tenant is None or tenant not in tenant_ids:
        raise Problem(ProblemKind.FORBIDDEN, "The key has no such tenant.")
    return tenant


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""JSON answers about marts: `{"data", "page"?, "meta"}`, their ETag, and the 304 that spares all the rest."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from fastapi import Request
from starlette.responses import Response

from agentmarts.service.warehouse.auth import Caller
from agentmarts.service.warehouse.database import Row, Statement, TenantDatabase
from agentmarts.service.warehouse.freshness import Freshness, FreshnessReader, newest, read_freshness

VARY = "Authorization, Cookie, Accept, Accept-Encoding"
CACHE_CONTROL = "private, max-age=0, must-revalidate"
LARGEST_CACHED = 256 * 1024


class BodyCache:
    """Bodies (without `meta`) by tenant and address, each with the version it shows; least recently used go first.

    Nothing expires by time: an entry is used only for the version that the log has just confirmed.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity = capacity_bytes
        self._size = 0
        self._entries: OrderedDict[tuple[UUID, str], tuple[int, bytes, dict[str, str]]] = OrderedDict()

    def holds(self, tenant_id: UUID, address: str) -> bool:
        """Whether there is an entry, of whatever version."""
        return (tenant_id, address) in self._entries

    def get(self, tenant_id: UUID, address: str, version: int) -> tuple[bytes, dict[str, str]] | None:
        """Body and extra headers of this very version."""
        entry = self._entries.get((tenant_id, address))
        if entry is None or entry[0] != version:
            return None
        self._entries.move_to_end((tenant_id, address))
        return entry[1], entry[2]

    def put(self, tenant_id: UUID, address: str, version: int, body: bytes, headers: dict[str, str]) -> None:
        """Remember a body; large ones are not worth the room."""
        if len(body) > LARGEST_CACHED:
            return
        old = self._entries.pop((tenant_id, address), None)
        self._size += len(body) - (len(old[1]) if old else 0)
        self._entries[tenant_id, address] = (version, body, headers)
        while self._size > self._capacity:
            self._size -= len(self._entries.popitem(last=False)[1][1])


@dataclass(frozen=True)
class Body:
    """JSON of `data` and, for lists, of `page`."""

    data: bytes
    page: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


Render = Callable[[Freshness, list[list[Row]]], Body]


def whole_body(_fresh: Freshness, rows: list[list[Row]]) -> Body:
    """The first column of the first row is all of `data`, as JSON text."""
    return Body(rows[0][0][0].encode())


class Answers:
    """Makes the answers of one process; `bodies` is what it remembers of them."""

    def __init__(self, database: TenantDatabase, freshness: FreshnessReader, bodies: BodyCache) -> None:
        self._database, self._freshness, self._bodies = database, freshness, bodies

    async def of(self, request: Request, caller: Caller, marts: Sequence[str], statements: Sequence[Statement], render: Render) -> Response:
        """Answer a GET on these marts: 304 if the client has this version, a remembered body if we do, else a read.

        `render` makes the body from the rows of `statements` and the freshness of the same snapshot. It and the statements must follow
        from the address and the tenant alone.
        """
        address = f"{request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
        wanted = request.headers.get("if-none-match")
        if wanted is not None or self._bodies.holds(caller.tenant_id, address):
            fresh = await self._freshness.of(caller.tenant_id, marts)
            tag = entity_tag(fresh, caller.tenant_id, address, "json")
            if wanted is not None and matches(wanted, tag):
                return Response(status_code=304, headers=conditional_headers(fresh, tag))
            remembered = self._bodies.get(caller.tenant_id, address, fresh.version)
            if remembered is not None:
                return _json(fresh, tag, *remembered)
        fresh_rows, *rows = await self._database.read(caller.tenant_id, newest(caller.tenant_id, marts), *statements)
        fresh = read_freshness(fresh_rows)
        body = render(fresh, rows)
        text = b'{"data":' + body.data + (b',"page":' + body.page if body.page is not None else b"")
        headers = dict(body.headers)
        self._bodies.put(caller.tenant_id, address, fresh.version, text, headers)
        return _json(fresh, entity_tag(fresh, caller.tenant_id, address, "json"), text, headers)


def entity_tag(fresh: Freshness, tenant_id: UUID, address: str, media: str) -> str:
    """Weak: freshness may move while the rows stand."""
    digest = hashlib.sha256(f"{tenant_id}\n{media}\n{address}".encode()).hexdigest()[:16]
    return f'W/"{fresh.version}-{digest}"'


def matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison (RFC 9110 13.1.2)."""
    opaque = tag.removeprefix("W/")
    return if_none_match.strip() == "*" or any(part.strip().removeprefix("W/") == opaque for part in if_none_match.split(","))


def conditional_headers(fresh: Freshness, tag: str) -> dict[str, str]:
    """Headers that 200 and 304 share."""
    return {"ETag": tag, "Cache-Control": CACHE_CONTROL, "Vary": VARY, **fresh.headers()}


def _json(fresh: Freshness, tag: str, text: bytes, extra: dict[str, str]) -> Response:
    content = text + b',"meta":' + orjson.dumps(fresh.meta()) + b"}"
    return Response(content, 200, {**conditional_headers(fresh, tag), **extra}, "application/json")

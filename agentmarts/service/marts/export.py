"""Whole marts as files: streamed from COPY in one snapshot, with constant memory and no limit of rows.

A file that breaks off shows it: csv lacks its final chunk (and `X-Total-Count` tells how many rows there should be), json does not parse.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import TYPE_CHECKING

import orjson
from fastapi import Request
from psycopg import sql
from psycopg.abc import Buffer
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agentmarts.service.http.answers import conditional_headers, entity_tag, matches
from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.service.marts.query import MartQuery, count_statement, json_columns, read_count, rows_statement
from agentmarts.service.warehouse.auth import Caller
from agentmarts.service.warehouse.catalogue import Column, Family
from agentmarts.service.warehouse.database import Statement
from agentmarts.service.warehouse.freshness import newest, read_freshness

if TYPE_CHECKING:
    from agentmarts.service.state import Service

CHUNK_BYTES = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a text that begins so for a formula (NUL, the twelfth, cannot be in a PostgreSQL text)."""


class ExportFormat(StrEnum):
    """File formats of exports."""

    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSON: "application/json"}


async def export_answer(
    service: Service, request: Request, caller: Caller, query: MartQuery, media: ExportFormat, file_name: str
) -> Response:
    """A response that streams all rows of the query, or 304. Raises Problem 503 when too many exports run already."""
    marts = (query.mart.name,)
    address = f"{request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        fresh = await service.freshness.of(caller.tenant_id, marts)
        tag = entity_tag(fresh, caller.tenant_id, address, media)
        if matches(wanted, tag):
            return Response(status_code=304, headers=conditional_headers(fresh, tag))
    if service.exports_free <= 0:
        raise Problem(ProblemKind.OVERLOADED, "All places for exports are taken.", headers={"Retry-After": "10"})
    return _Export(service, caller, query, media, address, file_name)


class _Export(Response):
    """Opens the transaction when it is sent, so that headers, count and rows come from one snapshot."""

    def __init__(self, service: Service, caller: Caller, query: MartQuery, media: ExportFormat, address: str, file_name: str) -> None:
        super().__init__(media_type=MEDIA_TYPES[media])
        self._service = service
        self._caller = caller
        self._query = query
        self._media = media
        self._address = address
        self._file_name = file_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tenant = self._caller.tenant_id
        count = count_statement(self._query)
        before = [newest(tenant, [self._query.mart.name]), *([count] if count else [])]
        self._service.exports_free -= 1
        try:
            async with self._service.database.copy_out(tenant, before, copy_statement(self._query, self._media)) as (rows, lines):
                fresh = read_freshness(rows[0])
                tag = entity_tag(fresh, tenant, self._address, self._media)
                headers = {
                    **conditional_headers(fresh, tag),
                    "Content-Type": MEDIA_TYPES[self._media],
                    "Content-Disposition": f'attachment; filename="{self._file_name}"',
                }
                if count:
                    headers["X-Total-Count"] = str(read_count(self._query, rows[1]))
                raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
                await send({"type": "http.response.start", "status": 200, "headers": raw})
                meta = orjson.dumps(fresh.meta())
                chunks = _csv(lines, self._query.with_bom) if self._media is ExportFormat.CSV else _json(lines, meta)
                await _send_while_wanted(chunks, receive, send)
        finally:
            self._service.exports_free += 1


async def _send_while_wanted(chunks: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_disconnected(receive))
    try:
        async for chunk in chunks:
            if gone.done():
                return  # nobody listens; leaving the transaction stops the COPY
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _csv(lines: AsyncIterator[Buffer], with_bom: bool) -> AsyncIterator[bytes]:
    """RFC 4180: lines end with CR LF; line feeds inside values stay as they are."""
    buffer = bytearray(BYTE_ORDER_MARK if with_bom else b"")
    async for line in lines:
        buffer += line
        buffer[-1:] = b"\r\n"
        if len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


async def _json(lines: AsyncIterator[Buffer], meta: bytes) -> AsyncIterator[bytes]:
    buffer = bytearray(b'{"data":[')
    separator = b"\n"
    async for line in lines:
        buffer += separator
        buffer += line
        del buffer[-1:]
        separator = b",\n"
        if len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + b'\n],"meta":' + meta + b"}"


def copy_statement(query: MartQuery, media: ExportFormat) -> Statement:
    """COPY … TO STDOUT of the query's rows, one line each."""
    if media is ExportFormat.CSV:
        rows, params = rows_statement(query, [_csv_value(column, query.escape_formulas) for column in query.select], alias_rows=False)
        return Statement(sql.SQL("copy ({}) to stdout (format csv, header)").format(rows), params)
    rows, params = rows_statement(query, json_columns(query), alias_rows=True)
    # JSON text holds no control characters, so with these no value is ever quoted: lines are the JSON as it is.
    return Statement(sql.SQL("copy ({}) to stdout (format csv, delimiter e'\\x02', quote e'\\x01')").format(rows), params)


def _csv_value(column: Column, escape_formulas: bool) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.family is Family.TEXT and escape_formulas:
        starts = sql.SQL(", ").join(sql.Literal(start) for start in FORMULA_STARTS)
        return sql.SQL("case when left({0}, 1) in ({1}) then '''' || {0} else {0} end as {0}").format(name, starts)
    if column.family is Family.TIMESTAMP:
        return sql.SQL("replace(replace({0}::text, ' ', 'T'), '+00', 'Z') as {0}").format(name)
    if column.family is Family.BOOLEAN:
        return sql.SQL("{0}::text as {0}").format(name)
    return name

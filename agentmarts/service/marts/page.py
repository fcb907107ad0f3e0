"""A page of rows of a mart as JSON, with the cursor that leads to the next one."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Request
from psycopg import DataError
from starlette.responses import Response

from agentmarts.service.http.answers import Body
from agentmarts.service.http.cursor import Cursor, cursor_scope
from agentmarts.service.http.problems import Problem, ProblemKind, query_problem
from agentmarts.service.marts.query import DEFAULT_LIMIT, MartQuery, count_statement, page_statement, read_count
from agentmarts.service.state import Service
from agentmarts.service.warehouse.auth import Caller
from agentmarts.service.warehouse.database import Row
from agentmarts.service.warehouse.freshness import Freshness


async def answer_page(service: Service, request: Request, caller: Caller, query: MartQuery) -> Response:
    """The page a query asks for. Raises Problem 400 for a cursor of another key or query, 409 for one of another version."""
    scope = cursor_scope(caller.key_id, str(caller.tenant_id), query.question)
    cursor = service.cursors.decode(query.cursor, scope, len(query.order)) if query.cursor is not None else None
    count = count_statement(query)
    statements = [page_statement(query, cursor), *([count] if count else [])]

    def render(fresh: Freshness, rows: list[list[Row]]) -> Body:
        if cursor is not None and cursor.version != fresh.version and not query.allow_moving:
            raise query_problem("cursor", f"it is of version {cursor.version}, the mart is at {fresh.version}", ProblemKind.STALE_CURSOR)
        data, has_more, last = rows[0][0]
        page: dict[str, Any] = {"next": None, "limit": query.limit or DEFAULT_LIMIT}
        headers: list[tuple[str, str]] = []
        if has_more:
            page["next"] = service.cursors.encode(Cursor(fresh.version, orjson.loads(last)), scope)
            address = request.url.include_query_params(cursor=page["next"])
            headers.append(("Link", f'<{address.path}?{address.query}>; rel="next"'))
        if count:
            page["count"] = read_count(query, rows[1])
            headers.append(("X-Total-Count", str(page["count"])))
        return Body(data.encode(), orjson.dumps(page), tuple(headers))

    try:
        return await service.answers.of(request, caller, [query.mart.name], statements, render)
    except DataError as error:
        raise Problem(ProblemKind.INVALID_REQUEST, "A value does not fit the type of its column.") from error

"""GET /v1/marts and /v1/marts/{mart}: every published table through the same door."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from agentmarts.service.http.answers import Body
from agentmarts.service.http.openapi import CATALOGUE_DOC, ROWS_DOC
from agentmarts.service.http.problems import Problem, ProblemKind, query_problem
from agentmarts.service.marts.export import ExportFormat, export_answer
from agentmarts.service.marts.page import answer_page
from agentmarts.service.marts.query import parse_mart_query
from agentmarts.service.state import Service, service_of
from agentmarts.service.warehouse.auth import Reader
from agentmarts.service.warehouse.catalogue import ServedMart

router = APIRouter(prefix="/v1/marts", tags=["marts"])

OFFERED = "json and csv"


@router.get("", summary="List the marts", **CATALOGUE_DOC)
async def list_marts(request: Request, caller: Reader) -> Response:
    """Every mart with grain, key and columns (type, unit, formula, description), as the warehouse itself describes them."""
    service = service_of(request)
    if request.scope["query_string"]:
        raise query_problem("", "this address takes no parameters")
    catalogue = await service.catalogue.get()
    data = orjson.dumps([mart.described() for mart in catalogue.values()])
    return await service.answers.of(request, caller, ["metric_definitions"], [], lambda _fresh, _rows: Body(data))


@router.get("/{mart}", summary="Rows of a mart", **ROWS_DOC)
async def read_mart(mart: str, request: Request, caller: Reader) -> Response:
    """Rows of the key's tenant: filtered, ordered and paged, as JSON or (suffix `.csv` or `Accept: text/csv`) as a file of all rows."""
    service = service_of(request)
    found, media = await _mart_and_format(service, mart, request.headers.get("accept"))
    query = parse_mart_query(found, request.scope["query_string"])
    if media is ExportFormat.CSV:
        if query.cursor is not None:
            raise query_problem("cursor", "a file holds all rows; use limit, or pages of JSON")
        return await export_answer(service, request, caller, query, media, f"{found.name}.csv")
    return await answer_page(service, request, caller, query)


async def _mart_and_format(service: Service, path: str, accept: str | None) -> tuple[ServedMart, ExportFormat]:
    name, dot, suffix = path.partition(".")
    mart = (await service.catalogue.get()).get(name)
    if mart is None:
        raise Problem(ProblemKind.NOT_FOUND, f"There is no mart {name[:100]!r}: /v1/marts lists them.")
    if dot:
        try:
            return mart, ExportFormat(suffix)
        except ValueError:
            raise _not_offered() from None
    return mart, accepted_format(accept)


def accepted_format(accept: str | None) -> ExportFormat:
    """The offered format the client likes best (RFC 9110 12.5.1); JSON when it is all the same. Raises Problem 406."""
    best, chosen = 0.0, None
    for media, names in (
        (ExportFormat.JSON, ("application/json", "application/*", "*/*")),
        (ExportFormat.CSV, ("text/csv", "text/*", "*/*")),
    ):
        quality = _quality(accept, names)
        if quality > best:
            best, chosen = quality, media
    if chosen is None:
        raise _not_offered()
    return chosen


def _quality(accept: str | None, names: tuple[str, ...]) -> float:
    """Quality of the most specific range that covers a format; `names` go from specific to general."""
    if accept is None or not accept.strip():
        return 1.0
    ranges: dict[str, float] = {}
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            ranges[media_range] = float(weight)
        except ValueError:
            ranges[media_range] = 0.0
    return next((ranges[name] for name in names if name in ranges), 0.0)


def _not_offered() -> Problem:
    return Problem(ProblemKind.NOT_ACCEPTABLE, f"Rows come as {OFFERED}.")

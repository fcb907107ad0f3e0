"""What OpenAPI says of the endpoints beyond their signatures. Answers are made by PostgreSQL, so their shape is written down here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from agentmarts.service.http.problems import MEDIA_TYPE, ProblemKind

Doc = dict[str, Any]

META_EXAMPLE = {
    "version": 42,
    "as_of": "2025-06-20T09:59:30Z",
    "published_at": "2025-06-20T09:59:41Z",
    "data_through": "2025-06-20T09:59:29.514203Z",
    "stale": False,
    "stale_reason": None,
}

META_SCHEMA: Doc = {
    "type": "object",
    "required": list(META_EXAMPLE),
    "properties": {
        "version": {"type": "integer", "description": "Newest publish of what was read; 0 before the first."},
        "as_of": {"type": ["string", "null"], "format": "date-time", "description": "Nothing after this instant exists in the data."},
        "published_at": {"type": ["string", "null"], "format": "date-time"},
        "data_through": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "All that was accepted before it is in the data.",
        },
        "stale": {"type": "boolean"},
        "stale_reason": {"type": ["string", "null"]},
    },
}

PROBLEM_SCHEMA: Doc = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Address of the page that explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "instance": {"type": "string", "description": "The request id, as in X-Request-Id."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the request."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def problem_docs(*statuses: int) -> dict[int | str, Doc]:
    """Documentation of these error answers."""
    kinds = {kind.value.status: kind.value for kind in reversed(ProblemKind)}
    return {
        status: {
            "description": "; ".join(kind.value.title for kind in ProblemKind if kind.value.status == status),
            "content": {
                MEDIA_TYPE: {
                    "schema": PROBLEM_SCHEMA,
                    "example": {
                        "type": f"/problems/{kinds[status].slug}",
                        "title": kinds[status].title,
                        "status": status,
                        "detail": kinds[status].meaning,
                        "instance": "urn:request:6f1c2a9be0d34c11",
                    },
                }
            },
        }
        for status in statuses
    }


def json_doc(description: str, data_schema: Doc, data_example: Any, page: Doc | None = None) -> Doc:
    """Documentation of a 200 answer in the common shape."""
    properties: Doc = {"data": data_schema, "meta": META_SCHEMA}
    example: Doc = {"data": data_example, "meta": META_EXAMPLE}
    if page is not None:
        properties["page"] = page["schema"]
        example["page"] = page["example"]
    schema = {"type": "object", "required": [name for name in ("data", "page", "meta") if name in properties], "properties": properties}
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


_TYPES = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string"))


def shape_of(example: Any) -> Doc:
    """The schema that an example shows: its keys and their types, any of which but an object or list may be null."""
    if isinstance(example, dict):
        return {"type": "object", "properties": {name: shape_of(value) for name, value in example.items()}}
    if isinstance(example, list):
        # Of what may be null the first known one tells the type.
        known = next((item for item in example if item is not None), None)
        return {"type": "array", "items": shape_of(known)} if example else {"type": "array"}
    return next(({"type": [name, "null"]} for kind, name in _TYPES if isinstance(example, kind)), {})


READ_PROBLEMS = problem_docs(400, 401, 403, 429, 500, 503)
NOT_MODIFIED: dict[int | str, Doc] = {304: {"description": "The version named in If-None-Match is still the newest."}}


def read_doc(ok: Doc, *more: int) -> Doc:
    """Keyword arguments of a route that reads."""
    return {"responses": {200: ok, **NOT_MODIFIED, **READ_PROBLEMS, **problem_docs(*more)}}


CATALOGUE_DOC = read_doc(
    json_doc(
        "The marts.",
        {"type": "array", "items": {"type": "object"}},
        [
            {
                "mart": "daily_metrics",
                "description": "One row per tenant and local day.",
                "grain": "tenant, local day",
                "key": ["tenant_id", "metric_date"],
                "href": "/v1/marts/daily_metrics",
                "columns": [
                    {
                        "name": "resolution_rate",
                        "type": "double precision",
                        "nullable": True,
                        "unit": "rate",
                        "description": "Share of the day's episodes that were resolved.",
                        "formula": "resolved_cohort / episodes_started",
                        "provisional": True,
                    }
                ],
            }
        ],
    )
)


def _parameter(name: str, schema: Doc, description: str, example: Any = None) -> Doc:
    parameter: Doc = {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
    return parameter if example is None else {**parameter, "example": example}


ROW_PARAMETERS = [
    {
        "name": "filters",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": True,
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        "description": "Any column as `column=op.value`; repeated means and. With eq, neq, gt, gte, lt, lte, in.(a,b), is.null, "
        "is.true, is.false, like and ilike (`*` stands for any text); `not.` may stand before each.",
        "example": {"metric_date": "gte.2025-06-01"},
    },
    _parameter("select", {"type": "string"}, "Columns, with commas between; default all.", "metric_date,total_conversations"),
    _parameter("order", {"type": "string"}, "Columns with .asc or .desc; the key follows by itself; NULLs come last.", "metric_date.desc"),
    _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}, "Rows per page; of a file: rows in all."),
    _parameter("cursor", {"type": "string"}, "`page.next` of the page before."),
    _parameter("allow_moving", {"type": "boolean", "default": False}, "Go on with a cursor though the mart was published again."),
    _parameter("count", {"enum": ["none", "planned", "exact"], "default": "none"}, "Number of all rows, estimated or counted."),
    _parameter("distinct", {"type": "boolean", "default": False}, "Leave out repeated rows of the selected columns."),
    _parameter("bigint", {"enum": ["number", "string"], "default": "number"}, "How 64-bit integers are written."),
    _parameter("bom", {"enum": ["0", "1"], "default": "0"}, "csv: begin with a byte order mark, for Excel."),
    _parameter(
        "formula_escape",
        {"enum": ["on", "off"], "default": "on"},
        "csv: put ' before a text that a spreadsheet would take for a formula.",
    ),
]

PAGE_DOC: Doc = {
    "schema": {
        "type": "object",
        "properties": {
            "next": {"type": ["string", "null"], "description": "Cursor of the next page; null at the end."},
            "limit": {"type": "integer"},
            "count": {"type": "integer"},
        },
    },
    "example": {"next": None, "limit": 100},
}

_rows_ok = json_doc(
    "A page of rows; the columns are those of the catalogue.",
    {"type": "array", "items": {"type": "object"}},
    [{"metric_date": "2025-06-19", "total_conversations": 128}],
    PAGE_DOC,
)
_rows_ok["content"]["text/csv"] = {"schema": {"type": "string"}, "example": "metric_date,total_conversations\r\n2025-06-19,128\r\n"}

ROWS_DOC: Doc = {**read_doc(_rows_ok, 404, 406, 409), "openapi_extra": {"parameters": ROW_PARAMETERS}}


def without_framework_errors(app: FastAPI) -> Callable[[], Doc]:
    """The description without the framework's own 422, which no client ever gets: parameters that do not fit are a 400 problem."""
    described = app.openapi

    def openapi() -> Doc:
        if app.openapi_schema is None:
            document = described()
            for operations in document["paths"].values():
                for operation in operations.values():
                    if "HTTPValidationError" in str(operation["responses"].get("422")):
                        del operation["responses"]["422"]
            for name in ("HTTPValidationError", "ValidationError"):
                document.get("components", {}).get("schemas", {}).pop(name, None)
            app.openapi_schema = document
        return app.openapi_schema

    return openapi

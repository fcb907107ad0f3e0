"""POST /v1/events: events of any stream, each answered for by itself, all durable before the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
import orjson
from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

from agentmarts.service.events.writer import Delivery
from agentmarts.service.http.body import read_body
from agentmarts.service.http.idempotency import IdempotencyKey, StoredAnswer, idempotent_request
from agentmarts.service.http.openapi import Doc, problem_docs
from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.service.state import service_of
from agentmarts.service.warehouse.auth import Writer
from agentmarts.streams.contract.json_text import array_elements
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.streams.contract.rejection import Reason, shown
from agentmarts.streams.store.loader import ItemResult

router = APIRouter(prefix="/v1", tags=["events"])

LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
JSON = ("application/json", "text/json")


class _Envelope(msgspec.Struct):
    events: list[msgspec.Raw]


def split_items(body: bytes, content_type: str | None) -> list[bytes]:
    """The single events of a body, each as sent: lines of NDJSON, or items of a JSON array or of `{"events": […]}`.

    Without a content type the first byte decides. Raises Problem 400 when the envelope cannot be read, 415 for another content type.
    """
    media = (content_type or "").partition(";")[0].strip().lower()
    if media in LINES:
        return _lines(body)
    if media not in JSON and media not in ("", "application/octet-stream"):
        raise Problem(ProblemKind.UNSUPPORTED_BODY, "Send application/json or application/x-ndjson.")
    try:
        if body.lstrip()[:1] == b"[":
            return [bytes(item) for item in msgspec.json.decode(body, type=list[msgspec.Raw])]
        return [bytes(item) for item in msgspec.json.decode(body, type=_Envelope).events]
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        # An item that is no JSON refuses itself, not its neighbours.
        if (items := array_elements(body, b"events")) is not None:
            return items
        if media in JSON:
            detail = "Send a JSON array of events or an object with the array `events`; or NDJSON as application/x-ndjson."
            raise Problem(ProblemKind.INVALID_REQUEST, detail) from error
        return _lines(body)


def _lines(body: bytes) -> list[bytes]:
    return [line for line in body.split(b"\n") if line.strip()]


def _known_stream(name: str) -> str:
    if name not in STREAMS:
        raise ValueError(f"{shown(name)} is no stream, choose one of {', '.join(STREAMS)}")
    return name


class EventParameters(BaseModel):
    """Parameters of the address."""

    model_config = ConfigDict(extra="forbid")

    stream: Annotated[str, AfterValidator(_known_stream)] | None = Field(
        None, description=f"Stream of events that name none: {', '.join(STREAMS)}.", examples=["conversation_events"]
    )
    results: Literal["all", "errors"] = Field("all", description="Whether to list every event or only those quarantined.")


EVENT_EXAMPLE = {
    "stream": "conversation_events",
    "event_id": "01977f6e-6c1b-7cc2-9d6b-6f2f2ab1f0a1",
    "conversation_id": "c-1042",
    "event_type": "message_received",
    "occurred_at": "2025-06-20T09:58:41Z",
    "text": "Where is my order?",
}
_EVENTS_SCHEMA: Doc = {"type": "array", "maxItems": 10_000, "items": {"type": "object"}}
EVENTS_DOC: dict[str, Any] = {
    "responses": {
        200: {
            "description": "All events are stored: in the warehouse or, with a reason, in quarantine. When none was accepted the status is "
            "422, with the same results.",
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": ["accepted", "duplicates", "quarantined", "results"]},
                    "example": {
                        "accepted": 1,
                        "duplicates": 0,
                        "quarantined": 1,
                        "results": [
                            {"index": 0, "event_id": "01977f6e-6c1b-7cc2-9d6b-6f2f2ab1f0a1", "status": "accepted"},
                            {
                                "index": 1,
                                "event_id": None,
                                "status": "quarantined",
                                "reason": "missing_field",
                                "detail": "conversation_id is missing",
                            },
                        ],
                    },
                }
            },
        },
        **problem_docs(400, 401, 403, 408, 409, 413, 415, 422, 429, 500, 503, 507),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"oneOf": [_EVENTS_SCHEMA, {"type": "object", "properties": {"events": _EVENTS_SCHEMA}}]},
                    "example": [EVENT_EXAMPLE],
                },
                "application/x-ndjson": {"schema": {"type": "string"}, "example": orjson.dumps(EVENT_EXAMPLE).decode() + "\n"},
            },
        }
    },
}


@router.post("/events", summary="Send events", **EVENTS_DOC)
async def post_events(
    request: Request,
    caller: Writer,
    parameters: Annotated[EventParameters, Query()],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Store events of the key's tenant: a JSON array, `{"events": […]}` or NDJSON, also gzipped; at most 10,000 and 10 MB inflated.

    The answer comes after the commit. An event sent before is a duplicate and changes nothing; one that is refused stands in quarantine
    with the reason. Sending the same request again is always safe.
    """
    service = service_of(request)
    limits = service.limits
    body = await read_body(request, limits.ingest_body_bytes, limits.body_seconds)
    items = split_items(body, request.headers.get("content-type"))
    if len(items) > limits.ingest_items:
        raise Problem(ProblemKind.BODY_TOO_LARGE, f"At most {limits.ingest_items} events in a request.")
    repeat = idempotent_request(caller.tenant_id, request.url.path, idempotency_key, request.scope["query_string"], body)
    answer = partial(answer_for_each, only_errors=parameters.results == "errors")
    delivery = Delivery(items, "POST /v1/events", answer, parameters.stream)
    return await asyncio.to_thread(service.events.write, caller, delivery, repeat)


def answer_for_each(results: Sequence[ItemResult], only_errors: bool) -> StoredAnswer:
    """What became of each event. Raises Problem 403 when all of them are a foreign tenant's."""
    if results and all(result.reason == Reason.TENANT_MISMATCH for result in results):
        raise Problem(ProblemKind.FORBIDDEN, "All events name a tenant that the key has not.")
    counts = {"accepted": 0, "duplicate": 0, "quarantined": 0}
    listed: list[dict[str, Any]] = []
    for result in results:
        counts[result.status] += 1
        if only_errors and result.status != "quarantined":
            continue
        item: dict[str, Any] = {"index": result.index, "event_id": result.event_id, "status": result.status}
        if result.reason is not None:
            item |= {"reason": result.reason, "detail": result.detail}
        listed.append(item)
    body = {"accepted": counts["accepted"], "duplicates": counts["duplicate"], "quarantined": counts["quarantined"], "results": listed}
    if results and counts["quarantined"] == len(results):
        kind = ProblemKind.NOTHING_ACCEPTED.value
        reasons = ", ".join(sorted({str(result.reason) for result in results}))
        problem = {
            "type": f"/problems/{kind.slug}",
            "title": kind.title,
            "status": kind.status,
            "detail": f"All {len(results)}: {reasons}.",
        }
        return StoredAnswer(kind.status, orjson.dumps(problem | body).decode())
    return StoredAnswer(200, orjson.dumps(body).decode())

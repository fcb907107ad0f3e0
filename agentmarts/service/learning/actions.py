"""POST /v1/learning/…: an action, an opinion of it, and a person's word on what came of it. All three are events of the streams."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import uuid4

import orjson
from annotated_types import MaxLen
from fastapi import APIRouter, Request
from pydantic import AliasChoices, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from agentmarts.service.events.writer import Delivery
from agentmarts.service.http.body import JsonBody, body_doc, invalid_body, read_json
from agentmarts.service.http.idempotency import IdempotencyKey, StoredAnswer, idempotent_request
from agentmarts.service.http.openapi import Doc, problem_docs
from agentmarts.service.http.parameters import NoParameters
from agentmarts.service.http.problems import FieldError, Problem, ProblemKind, pointer
from agentmarts.service.state import service_of
from agentmarts.service.warehouse.auth import Caller, Writer
from agentmarts.service.warehouse.freshness import rfc3339
from agentmarts.settings import now
from agentmarts.streams.contract.models import IDENTIFIER_LENGTH, Identifier, OptionalIdentifier, Proportion, WindowHours
from agentmarts.streams.contract.rejection import Reason
from agentmarts.streams.store.loader import ItemResult
from agentmarts.warehouse.connection import Connection

router = APIRouter()

COMMENT_LENGTH = 1000
SCALES = {"inline": (-1, 1), "dashboard": (1, 5)}
OF_THE_KEY = "api_key"
"""Role of the reviewer when the body names none: the key speaks for itself."""


def _whole(value: object) -> object:
    # JSON knows one kind of number: 4.0 is 4.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Comment = Annotated[str | None, MaxLen(COMMENT_LENGTH)]


class ActionBody(JsonBody):
    """An action and what the agent expected of it."""

    action_type: Identifier = Field(description="What was done, such as send_email.")
    outcome_type: Identifier = Field(
        description="What success means: email_engagement, deal_progression, meeting_outcome, escalation_result, or a type of your own."
    )
    predicted_confidence: float = Field(description="Probability of success as predicted; outside 0..1 it is clamped and marked.")
    conversation_id: OptionalIdentifier = Field(None, description="Replies and deal stages of this conversation are evidence.")
    rep_id: OptionalIdentifier = Field(None, description="The representative for whom the agent acted.")
    window_hours: WindowHours | None = Field(None, description="Hours in which evidence counts; default that of outcome_type.")
    occurred_at: str | None = Field(None, description="When, RFC 3339; default now.", json_schema_extra={"format": "date-time"})
    channel: OptionalIdentifier = None
    persona: OptionalIdentifier = None
    escalation_trigger: OptionalIdentifier = None
    deal_stage_at_creation: OptionalIdentifier = None


class FeedbackBody(JsonBody):
    """What somebody thinks of a message, a decision or a conversation."""

    source: Literal["inline", "dashboard"] = Field(description="Which scale: inline -1, 0, 1; dashboard 1 to 5.")
    rating: Annotated[int, BeforeValidator(_whole)] = Field(description="On the scale of its source.")
    target_type: Literal["message", "decision", "conversation"]
    target_id: Identifier
    conversation_id: OptionalIdentifier = Field(
        None, validation_alias=AliasChoices("conversation_id", "conversation_state_id"), description="Alias: conversation_state_id."
    )
    action_id: OptionalIdentifier = Field(None, description="The action it is about: what coverage is measured by.")
    comment: Comment = None
    reviewer_id: OptionalIdentifier = Field(
        None, description="Who rates: of several ratings of one reviewer for one target the latest counts. Default the name of the key."
    )
    reviewer_role: OptionalIdentifier = Field(None, description="Default api_key when reviewer_id is left out, else none.")

    @field_validator("rating")
    @classmethod
    def _is_on_its_scale(cls, rating: int, info: ValidationInfo) -> int:
        low, high = SCALES.get(info.data.get("source", ""), (rating, rating))
        if not low <= rating <= high:
            raise PydanticCustomError("scale", "a rating of source {source} is {low} to {high}", {**info.data, "low": low, "high": high})
        return rating


class ResolveBody(JsonBody):
    """A person's word on what came of an action."""

    outcome_status: Literal["positive", "negative", "ambiguous"]
    outcome_score: Proportion | None = Field(None, description="How good it was, 0 to 1.")
    comment: Comment = None


def _write_doc(status: int, description: str, example: Doc, body: Doc, *more: int) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in example}
    schema = {"type": "object", "required": ["data"], "properties": {"data": {"type": "object", "properties": properties}}}
    answer = {"description": description, "content": {"application/json": {"schema": schema, "example": {"data": example}}}}
    return {
        "status_code": status,
        "responses": {status: answer, **problem_docs(400, 401, 403, 408, 409, 413, 415, 422, 429, 500, 503, 507, *more)},
        "openapi_extra": body,
    }


ACTION_EXAMPLE: Doc = {
    "action_type": "send_email",
    "outcome_type": "email_engagement",
    "predicted_confidence": 0.72,
    "conversation_id": "c-1042",
    "rep_id": "rep-7",
    "channel": "email",
}
FEEDBACK_EXAMPLE: Doc = {
    "source": "inline",
    "rating": -1,
    "target_type": "message",
    "target_id": "m-881",
    "conversation_id": "c-1042",
    "action_id": "6f0c1b5e-6d1f-4a52-9a55-1c1a3f6f8a10",
    "comment": "Answered another question.",
    "reviewer_id": "u-17",
    "reviewer_role": "rep",
}
RESOLVE_EXAMPLE: Doc = {"outcome_status": "positive", "outcome_score": 1.0, "comment": "The customer called back and signed."}
NEW_ID = "0b7cfa58-2c2d-4a0e-a3f3-7d5b0f0d9c11"


@router.post(
    "/actions",
    summary="Record an action",
    **_write_doc(201, "Stored.", {"action_id": NEW_ID, "status": "recorded"}, body_doc(ActionBody, ACTION_EXAMPLE)),
)
async def record_action(request: Request, caller: Writer, _: NoParameters, idempotency_key: IdempotencyKey = None) -> Response:
    """An agent acted and predicted how likely success is. The answer names the action; it is in `outcomes` after the next refresh.

    Many actions at once, or with ids of your own, go to /v1/events as stream agent_actions.
    """
    body, sent = await read_json(request, service_of(request).limits, ActionBody)
    action_id = str(uuid4())
    event = {"stream": "agent_actions", "event_id": action_id, **body.model_dump()}
    return await _store(request, caller, event, sent, idempotency_key, 201, {"action_id": action_id, "status": "recorded"})


@router.post(
    "/feedback",
    summary="Give feedback",
    **_write_doc(201, "Stored.", {"feedback_id": NEW_ID, "status": "recorded"}, body_doc(FeedbackBody, FEEDBACK_EXAMPLE)),
)
async def give_feedback(request: Request, caller: Writer, _: NoParameters, idempotency_key: IdempotencyKey = None) -> Response:
    """A rating of a message, a decision or a conversation. It is opinion: it never decides what came of an action.

    Rating the same target again replaces the reviewer's earlier rating in averages; both stay in `feedback_entries`.
    """
    body, sent = await read_json(request, service_of(request).limits, FeedbackBody)
    feedback_id = str(uuid4())
    reviewer = {} if body.reviewer_id else {"reviewer_id": _name_of(caller), "reviewer_role": body.reviewer_role or OF_THE_KEY}
    event = {"stream": "feedback", "event_id": feedback_id, **body.model_dump(), **reviewer}
    return await _store(request, caller, event, sent, idempotency_key, 201, {"feedback_id": feedback_id, "status": "recorded"})


@router.post(
    "/outcomes/{action_id:path}/resolve",
    summary="Say what came of an action",
    **_write_doc(202, "Stored; it counts from the next refresh.", {"event_id": NEW_ID}, body_doc(ResolveBody, RESOLVE_EXAMPLE), 404),
)
async def resolve_outcome(
    action_id: str, request: Request, caller: Writer, _: NoParameters, idempotency_key: IdempotencyKey = None
) -> Response:
    """A person's label. It wins over everything a detector found, also on an action already resolved; the latest label counts.

    404 when no such action was ever sent. (Signals that arrive before their action go to /v1/events as stream outcome_signals.)
    """
    body, sent = await read_json(request, service_of(request).limits, ResolveBody)
    event_id = str(uuid4())
    event = {
        "stream": "outcome_signals",
        "event_id": event_id,
        "action_id": action_id,
        "signal_source": "human_label",
        "reviewer_id": _name_of(caller),
        **body.model_dump(),
    }

    def is_known(connection: Connection) -> None:
        if not _is_action(connection, caller, action_id):
            raise Problem(ProblemKind.NOT_FOUND, f"No action {action_id[:100]!r} was ever recorded: check the id.")

    return await _store(request, caller, event, sent, idempotency_key, 202, {"event_id": event_id}, is_known)


async def _store(
    request: Request,
    caller: Caller,
    event: Mapping[str, Any],
    sent: bytes,
    idempotency_key: str | None,
    status: int,
    data: Mapping[str, str],
    precondition: Callable[[Connection], None] | None = None,
) -> Response:
    item = orjson.dumps({**event, "occurred_at": event.get("occurred_at") or rfc3339(now())})
    repeat = idempotent_request(caller.tenant_id, request.url.path, idempotency_key, sent)

    def answer(results: Sequence[ItemResult]) -> StoredAnswer:
        _check_accepted(results[0])
        return StoredAnswer(status, orjson.dumps({"data": data}).decode())

    delivery = Delivery([item], f"POST {request.url.path}", answer, precondition=precondition)
    return await asyncio.to_thread(service_of(request).events.write, caller, delivery, repeat)


def _check_accepted(result: ItemResult) -> None:
    """What the stream refuses, the sender mends: nothing of it stays, neither in raw nor in quarantine."""
    if result.reason is None:
        return
    about_time = result.reason in (Reason.BAD_TIMESTAMP, Reason.OCCURRED_IN_FUTURE, Reason.OCCURRED_TOO_OLD)
    place = pointer("body", "occurred_at") if about_time else pointer("body")
    raise invalid_body([FieldError(place, result.detail or result.reason)])


def _is_action(connection: Connection, caller: Caller, action_id: str) -> bool:
    if "\x00" in action_id:
        return False
    found = connection.execute(
        "select exists (select from raw.agent_actions where tenant_id = %s and event_id = %s)", (caller.tenant_id, action_id)
    ).fetchone()
    return found == (True,)


def _name_of(caller: Caller) -> str:
    return caller.key_name[:IDENTIFIER_LENGTH] or caller.key_id

"""A JSON object as the body of a POST, checked against a model; what does not fit is named by JSON pointers."""

from __future__ import annotations

from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError

from agentmarts.service.limits import Limits
from agentmarts.service.openapi import Doc
from agentmarts.service.problems import Fault, Problem, ProblemKind, pointer
from agentmarts.service.request_body import read_body

JSON = ("", "application/json", "text/json", "application/octet-stream")
BROKEN_JSON = "json_invalid"


class JsonBody(BaseModel):
    """A body; fields it does not have are refused, since a field spelt wrongly would be lost."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


AnyBody = TypeVar("AnyBody", bound=JsonBody)


async def read_json(request: Request, limits: Limits, model: type[AnyBody]) -> tuple[AnyBody, bytes]:
    """The body as this model, and as sent.

    Raises Problem: 400 no JSON, 415 another content type, 422 fields that do not fit, and those of `read_body`.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in JSON:
        raise Problem(ProblemKind.UNSUPPORTED_BODY, "Send application/json.")
    sent = await read_body(request, limits.body_bytes, limits.body_seconds)
    try:
        return model.model_validate_json(sent), sent
    except ValidationError as error:
        faults = [Fault(pointer("body", *fault["loc"]), fault["msg"]) for fault in error.errors(include_url=False)]
        if error.errors()[0]["type"] == BROKEN_JSON:
            raise Problem(ProblemKind.INVALID_REQUEST, "The body is no JSON.") from error
        raise invalid_body(faults) from error


def invalid_body(faults: list[Fault]) -> Problem:
    """422 for fields that do not fit."""
    detail = "; ".join(f"{fault.pointer.removeprefix('#/body/').removeprefix('#/')}: {fault.detail}" for fault in faults[:5])
    return Problem(ProblemKind.INVALID_BODY, detail, errors=faults)


def body_doc(model: type[JsonBody], example: Doc) -> Doc:
    """The body in OpenAPI, for a route that reads it itself."""
    schema = model.model_json_schema()
    schema.pop("description", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}

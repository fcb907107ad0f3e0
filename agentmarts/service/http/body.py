"""Reading a body within limits of size and time, and a JSON object checked against a model: what does not fit is named by JSON pointers."""

from __future__ import annotations

import asyncio
import zlib
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError

from agentmarts.service.http.openapi import Doc
from agentmarts.service.http.problems import FieldError, Problem, ProblemKind, pointer
from agentmarts.settings import Limits

GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body, inflated if it came as gzip: at most `limit` bytes, arrived within `seconds`.

    Raises Problem: 408 too slow, 413 too large, 415 another encoding, 400 broken gzip.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise Problem(ProblemKind.UNSUPPORTED_BODY, "Content-Encoding may be gzip or absent.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    inflater = _Inflater(limit) if encoding == "gzip" else None
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += inflater.feed(chunk, limit - len(body)) if inflater else chunk
                if len(body) > limit:
                    raise _too_large(limit)
    except TimeoutError as error:
        raise Problem(ProblemKind.BODY_TIMEOUT, f"The body must arrive within {seconds:g} seconds.") from error
    if inflater and not inflater.is_complete:
        raise Problem(ProblemKind.INVALID_REQUEST, "The gzip body breaks off.")
    return bytes(body)


class _Inflater:
    """Inflates gzip, several members too, and stops one byte beyond the limit: a bomb never unfolds."""

    def __init__(self, limit: int) -> None:
        self._member = zlib.decompressobj(GZIP)
        self._received = 0
        self._limit = limit

    @property
    def is_complete(self) -> bool:
        return self._member.eof

    def feed(self, chunk: bytes, room: int) -> bytes:
        """What the chunk inflates to, at most `room` + 1 bytes of it."""
        self._received += len(chunk)
        if self._received > self._limit:
            raise _too_large(self._limit)
        inflated = bytearray()
        try:
            while chunk:
                if self._member.eof:
                    self._member = zlib.decompressobj(GZIP)
                inflated += self._member.decompress(chunk, room + 1 - len(inflated))
                if len(inflated) > room:
                    break
                chunk = self._member.unused_data
        except zlib.error as error:
            raise Problem(ProblemKind.INVALID_REQUEST, "The body is no gzip.") from error
        return bytes(inflated)


def _too_large(limit: int) -> Problem:
    return Problem(ProblemKind.BODY_TOO_LARGE, f"At most {limit} bytes, counted after inflating.")


# A JSON object as the body of a POST, checked against a model; what does not fit is named by JSON pointers.

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
        faults = [FieldError(pointer("body", *fault["loc"]), fault["msg"]) for fault in error.errors(include_url=False)]
        if error.errors()[0]["type"] == BROKEN_JSON:
            raise Problem(ProblemKind.INVALID_REQUEST, "The body is no JSON.") from error
        raise invalid_body(faults) from error


def invalid_body(faults: list[FieldError]) -> Problem:
    """422 for fields that do not fit."""
    detail = "; ".join(f"{fault.pointer.removeprefix('#/body/').removeprefix('#/')}: {fault.detail}" for fault in faults[:5])
    return Problem(ProblemKind.INVALID_BODY, detail, errors=faults)


def body_doc(model: type[JsonBody], example: Doc) -> Doc:
    """The body in OpenAPI, for a route that reads it itself."""
    schema = model.model_json_schema()
    schema.pop("description", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}

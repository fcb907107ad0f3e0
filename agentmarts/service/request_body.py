"""Reading a body within limits: of size, also after inflating, and of time."""

from __future__ import annotations

import asyncio
import zlib

from fastapi import Request

from agentmarts.service.problems import Problem, ProblemKind

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

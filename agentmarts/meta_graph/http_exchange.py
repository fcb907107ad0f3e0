"""One HTTP exchange that never raises for what the network or the other side does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

MAX_BYTES = 32 * 1024 * 1024
"""A larger answer is asked for in smaller parts."""


@dataclass(frozen=True)
class Exchange:
    """What came back, be it half of it."""

    http_status: int | None = None
    """None: not even the head of an answer."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in lower case."""
    content: bytes = field(default=b"", repr=False)
    broken: str = ""
    """Why the answer is not whole; empty if it is."""
    is_too_large: bool = False
    duration_ms: int = 0


def exchange(http: httpx.Client, request: httpx.Request, *, deadline_seconds: float, timer: Callable[[], float]) -> Exchange:
    """Send a request and read its answer, at most MAX_BYTES and for at most `deadline_seconds`, however slowly it drips.

    `timer`: seconds that only grow. Of an exception of httpx only the type is kept: its text may quote what was sent.
    """
    started = timer()

    def milliseconds() -> int:
        return round((timer() - started) * 1000)

    status: int | None = None
    headers: dict[str, str] = {}
    content = bytearray()
    try:
        response = http.send(request, stream=True)
        try:
            status, headers = response.status_code, {name.lower(): value for name, value in response.headers.items()}
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    return Exchange(status, headers, is_too_large=True, broken="the answer is too large", duration_ms=milliseconds())
                if timer() - started > deadline_seconds:
                    return Exchange(status, headers, broken="the answer took too long", duration_ms=milliseconds())
        finally:
            response.close()
    except httpx.RequestError as error:
        return Exchange(status, headers, broken=f"no whole answer ({type(error).__name__})", duration_ms=milliseconds())
    return Exchange(status, headers, bytes(content), duration_ms=milliseconds())


def json_or_none(content: bytes | str) -> Any:
    """The JSON in it, None if it is none or not whole."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None

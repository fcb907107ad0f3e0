"""HTTP with Meta: secrets are added below httpx, whose log and exceptions know none, and an exchange never raises for the network."""

from __future__ import annotations

import logging
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

CREDENTIALS = "agentmarts.credentials"
"""Key of the request extension that carries what is to be added."""
_HEADERS_COME = "receive_response_headers.complete"


@dataclass(frozen=True)
class Credentials:
    """What one request carries besides what everybody may see."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Appended to a form that is posted."""


class AuthenticatedTransport(httpx.BaseTransport):
    """Sends a copy of each request that has the secrets; the answer belongs to the request without them."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError as the inner transport does."""
        credentials = request.extensions[CREDENTIALS]
        content = b"&".join(part for part in (request.read(), urlencode(credentials.form).encode()) if part)
        headers = [(name, value) for name, value in request.headers.raw if name.lower() not in (b"content-length", b"transfer-encoding")]
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(credentials.query),
                headers=[*headers, *((name.encode(), value.encode()) for name, value in credentials.headers.items())],
                content=content or None,
                extensions={name: value for name, value in request.extensions.items() if name != CREDENTIALS},
            )
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def open_transport(base_url: httpx.URL) -> AuthenticatedTransport:
    """A transport to this address, through the proxy of the environment if it names one; certificates are checked."""
    for name in ("httpcore.http11", "httpcore.proxy"):
        logger = logging.getLogger(name)
        if _hide_headers not in logger.filters:
            logger.addFilter(_hide_headers)
    proxy = None if urllib.request.proxy_bypass(base_url.host) else urllib.request.getproxies().get(base_url.scheme)
    return AuthenticatedTransport(httpx.HTTPTransport(verify=_certificates(), proxy=proxy))


@cache
def _certificates() -> ssl.SSLContext:
    """Reading the authorities takes longer than many a request, so it is done once, not for every account of every run."""
    return httpx.create_ssl_context()


def _hide_headers(record: logging.LogRecord) -> bool:
    """At DEBUG httpcore writes the headers of answers, and Meta quotes a token that it rejects in WWW-Authenticate."""
    return not record.getMessage().startswith(_HEADERS_COME)


# One HTTP exchange that never raises for what the network or the other side does.

MAX_BYTES = 32 * 1024 * 1024
"""A larger answer is asked for in smaller parts."""


@dataclass(frozen=True)
class HttpAnswer:
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


def send(http: httpx.Client, request: httpx.Request, *, deadline_seconds: float, timer: Callable[[], float]) -> HttpAnswer:
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
                    return HttpAnswer(status, headers, is_too_large=True, broken="the answer is too large", duration_ms=milliseconds())
                if timer() - started > deadline_seconds:
                    return HttpAnswer(status, headers, broken="the answer took too long", duration_ms=milliseconds())
        finally:
            response.close()
    except httpx.RequestError as error:
        return HttpAnswer(status, headers, broken=f"no whole answer ({type(error).__name__})", duration_ms=milliseconds())
    return HttpAnswer(status, headers, bytes(content), duration_ms=milliseconds())


def json_or_none(content: bytes | str) -> Any:
    """The JSON in it, None if it is none or not whole."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None

"""Secrets are added below httpx: the requests that its log and its exceptions know hold none."""

from __future__ import annotations

import logging
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

import httpx

SEALED = "agentmarts.sealed"
"""Key of the request extension that carries what is to be added."""
_HEADERS_COME = "receive_response_headers.complete"


@dataclass(frozen=True)
class Sealed:
    """What one request carries besides what everybody may see."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Appended to a form that is posted."""


class SealedTransport(httpx.BaseTransport):
    """Sends a copy of each request that has the secrets; the answer belongs to the request without them."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError as the inner transport does."""
        sealed = request.extensions[SEALED]
        content = b"&".join(part for part in (request.read(), urlencode(sealed.form).encode()) if part)
        headers = [(name, value) for name, value in request.headers.raw if name.lower() not in (b"content-length", b"transfer-encoding")]
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(sealed.query),
                headers=[*headers, *((name.encode(), value.encode()) for name, value in sealed.headers.items())],
                content=content or None,
                extensions={name: value for name, value in request.extensions.items() if name != SEALED},
            )
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def open_transport(base_url: httpx.URL) -> SealedTransport:
    """A transport to this address, through the proxy of the environment if it names one; certificates are checked."""
    for name in ("httpcore.http11", "httpcore.proxy"):
        logger = logging.getLogger(name)
        if _hide_headers not in logger.filters:
            logger.addFilter(_hide_headers)
    proxy = None if urllib.request.proxy_bypass(base_url.host) else urllib.request.getproxies().get(base_url.scheme)
    return SealedTransport(httpx.HTTPTransport(verify=_certificates(), proxy=proxy))


@cache
def _certificates() -> ssl.SSLContext:
    """Reading the authorities takes longer than many a request, so it is done once, not for every account of every run."""
    return httpx.create_ssl_context()


def _hide_headers(record: logging.LogRecord) -> bool:
    """At DEBUG httpcore writes the headers of answers, and Meta quotes a token that it rejects in WWW-Authenticate."""
    return not record.getMessage().startswith(_HEADERS_COME)

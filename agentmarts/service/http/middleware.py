"""What surrounds every request: its id, HEAD, the limit of requests in flight, keys in addresses, and faults nobody caught."""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentmarts.service.http.problems import Problem, ProblemKind, problem_response
from agentmarts.tenancy.api_keys import PREFIX

logger = logging.getLogger("agentmarts.service")

ALWAYS_ANSWERED = ("/livez", "/readyz")
_PROCESS = secrets.token_hex(4)
_NUMBERS = itertools.count(secrets.randbits(24))
_REQUEST_ID = re.compile(rb"[0-9A-Za-z._-]{1,64}")


class RequestBoundary:
    """Plain ASGI: wrapping a request in tasks and streams would cost more than most answers."""

    def __init__(self, app: ASGIApp, in_flight: int) -> None:
        self.app = app
        self.free = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["request_id"] = request_id
        scope["answer_headers"] = {"X-Request-Id": request_id, "X-Content-Type-Options": "nosniff"}
        answer = _Answer(scope, send)
        if scope["method"] == "HEAD":
            # A copy: the server looks at its own to know that no body follows.
            scope = {**scope, "method": "GET"}
        counts = scope["path"] not in ALWAYS_ANSWERED
        if counts and self.free <= 0:
            busy = Problem(ProblemKind.OVERLOADED, "All places are taken at the moment.", headers={"Retry-After": "1"})
            await problem_response(busy, request_id)(scope, receive, answer.send)
            return
        self.free -= counts
        try:
            if _holds_key(scope["query_string"]):
                raise Problem(ProblemKind.KEY_IN_URL, "Send the key in the header Authorization, and rotate this one.")
            await self.app(scope, receive, answer.send)
        except Problem as problem:
            await problem_response(problem, request_id)(scope, receive, answer.send)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception:
            logger.exception("request %s failed", request_id)
            if answer.is_started:
                # The connection must break off: an answer that ends cleanly would pass for complete.
                raise
            broken = Problem(ProblemKind.INTERNAL, "The request could not be answered.")
            await problem_response(broken, request_id)(scope, receive, answer.send)
        finally:
            self.free += counts


class _Answer:
    """Adds the headers that all answers carry; leaves out the body of an answer to HEAD."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._headers: dict[str, str] = scope["answer_headers"]
        self._send = send
        self._is_head = scope["method"] == "HEAD"
        self.is_started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_started = True
            extra = [(name.lower().encode(), value.encode("latin-1")) for name, value in self._headers.items()]
            message["headers"] = [*message["headers"], *extra]
        elif self._is_head:
            message = {**message, "body": b""}
        await self._send(message)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return f"{_PROCESS}{next(_NUMBERS):08x}"


def _holds_key(query_string: bytes) -> bool:
    text = query_string.decode("latin-1")
    return PREFIX in text or ("%" in text and PREFIX in unquote(text))

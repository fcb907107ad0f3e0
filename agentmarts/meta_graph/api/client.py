"""The HTTP client of the Meta Graph API: one GET or one batch at a time, retried where that helps, never where it harms."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from pydantic import SecretStr
from tenacity import RetryCallState, Retrying, retry_if_result, stop_never, wait_exponential

from agentmarts.meta_graph.accounts import LoginKind
from agentmarts.meta_graph.api.errors import classify
from agentmarts.meta_graph.api.requests import (
    GraphRequest,
    OutgoingError,
    Params,
    batch_form,
    checked_base_url,
    checked_token,
    checked_version,
    item_answer,
)
from agentmarts.meta_graph.api.response import Exchange, GraphResponse, NotSentError
from agentmarts.meta_graph.api.secrets import app_of, appsecret_proof, scrub, scrub_params, scrub_text
from agentmarts.meta_graph.api.transport import CREDENTIALS, Credentials, HttpAnswer, json_or_none, open_transport, send
from agentmarts.meta_graph.api.usage import parse_usage
from agentmarts.meta_graph.fault import Fault
from agentmarts.settings import Settings, now

MAX_BATCH = 50
TIMEOUT = httpx.Timeout(60, connect=10)
DEADLINE_SECONDS = 180.0
_LONGEST_PAUSES = wait_exponential(multiplier=1, max=30)
_LONGEST_SECRET = 4096


class GraphClient:
    """Calls of one app. What came of a call is an Exchange, faults included; only mistakes of the caller raise (OutgoingError).

    `before_send(calls)` runs before each HTTP exchange with the calls that Meta will count for it and may raise NotSentError, which ends
    the call; `on_response` runs with each answer of each attempt, before the pause to the next. Budgets hang on these two.
    """

    def __init__(
        self,
        base_url: str,
        app_secret: SecretStr,
        *,
        on_response: Callable[[GraphResponse], None] = lambda response: None,
        before_send: Callable[[int], None] = lambda calls: None,
        clock: Callable[[], datetime] = now,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        timer: Callable[[], float] = time.monotonic,
        timeout: httpx.Timeout = TIMEOUT,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._app_secret = app_secret
        self._on_response = on_response
        self._before_send = before_send
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._timer = timer
        self._deadline_seconds = deadline_seconds
        # A cookie got with one token must not go out with another.
        cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(transport=open_transport(self._base_url), timeout=timeout, cookies=cookies, follow_redirects=False)

    @classmethod
    def from_settings(cls, settings: Settings, login_kind: LoginKind = "facebook_login", **options: Any) -> GraphClient:
        """A client of the app in these settings, at the address that answers accounts of this login; `options` as of the constructor.

        Raises GraphSecretError, OutgoingError.
        """
        base_url = settings.graph_base_url if login_kind == "facebook_login" else settings.graph_instagram_base_url
        return cls(base_url, app_of(settings).secret, **options)

    def __enter__(self) -> GraphClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Params, token: SecretStr, version: str) -> Exchange:
        """GET `/{version}{path}`.

        Transient faults are sent again, at most 5 times in all; a throttle never. Raises OutgoingError.
        """
        request, secrets = GraphRequest(path, params), self._secrets(token)
        checked_version(version)

        def send(_: list[int], attempt: int) -> list[GraphResponse]:
            return [self._send_get(request, secrets, version, attempt)]

        return self._insist([0], send)

    def batch(self, items: Sequence[GraphRequest], token: SecretStr, version: str) -> Exchange:
        """Up to 50 GETs of one token in one POST.

        Only items with a transient fault, or none at all (timed out), are sent again. Raises OutgoingError.
        """
        if len(items) > MAX_BATCH:
            raise OutgoingError(f"A batch holds at most {MAX_BATCH} items, not {len(items)}.")
        if any(item.secret_params for item in items):
            raise OutgoingError("An item of a batch holds no secrets: it travels as an address.")
        secrets = self._secrets(token)
        checked_version(version)

        def send(wanted: list[int], attempt: int) -> list[GraphResponse]:
            return self._send_batch({index: items[index] for index in wanted}, secrets, version, attempt)

        return self._insist(list(range(len(items))), send) if items else Exchange()

    def _insist(self, wanted: list[int], send: Callable[[list[int], int], list[GraphResponse]]) -> Exchange:
        """Send, and send again what has a fault that may pass, until nothing is left or a limit is reached."""
        attempts: list[GraphResponse] = []

        def send_once() -> list[int]:
            """Returns what is to be sent again."""
            nonlocal wanted
            number = attempts[-1].attempt + 1 if attempts else 1
            answers = send(wanted, number)
            attempts.extend(answers)
            for answer in answers:
                self._on_response(answer)
            if any(_is_blocked(answer) for answer in answers):
                return []
            wanted = [
                index
                for index, answer in zip(wanted, answers, strict=True)
                if answer.fault is not None and number < answer.fault.policy.attempts
            ]
            return wanted

        try:
            # How often at most: the policy of the fault says so.
            Retrying(retry=retry_if_result(bool), stop=stop_never, wait=self._pause, sleep=self._sleep)(send_once)
        except NotSentError as refused:
            return Exchange(tuple(attempts), refused)
        return Exchange(tuple(attempts))

    def _pause(self, state: RetryCallState) -> float:
        """Seconds before the next attempt: half of it chance, so that those that failed together do not come back together."""
        return _LONGEST_PAUSES(state) * (0.5 + 0.5 * self._chance())

    def _send_get(self, request: GraphRequest, secrets: _Secrets, version: str, attempt: int) -> GraphResponse:
        credentials = Credentials(
            headers={"Authorization": f"Bearer {secrets.token.get_secret_value()}"},
            query={
                "appsecret_proof": secrets.proof.get_secret_value(),
                **{name: value.get_secret_value() for name, value in request.secret_params.items()},
            },
        )
        outgoing = self._http.build_request(
            "GET", f"{self._base_url}/{version}{request.path}", params=request.public_params, extensions={CREDENTIALS: credentials}
        )
        answer = self._exchange(outgoing, 1)
        known = (*secrets.known, *request.secret_params.values())
        return self._response(request, answer, known, version, attempt)

    def _send_batch(self, items: Mapping[int, GraphRequest], secrets: _Secrets, version: str, attempt: int) -> list[GraphResponse]:
        credentials = Credentials(
            form={"access_token": secrets.token.get_secret_value(), "appsecret_proof": secrets.proof.get_secret_value()},
        )
        outgoing = self._http.build_request(
            "POST",
            f"{self._base_url}/{version}/",
            data=batch_form(items.values()),
            extensions={CREDENTIALS: credentials},
        )
        whole = self._exchange(outgoing, 1 + len(items))
        parts = None if whole.broken else json_or_none(whole.content)
        responses = []
        for place, (index, item) in enumerate(items.items()):
            if isinstance(parts, list) and whole.http_status == 200:
                answer, fault = item_answer(parts[place] if place < len(parts) else None, whole)
            else:
                answer, fault = whole, None
            answer = replace(answer, headers={**whole.headers, **answer.headers})
            response = self._response(item, answer, secrets.known, version, attempt, fault)
            responses.append(replace(response, batch_index=index, http_calls=int(place == 0)))
        return responses

    def _exchange(self, outgoing: httpx.Request, calls: int) -> HttpAnswer:
        self._before_send(calls)
        return send(self._http, outgoing, deadline_seconds=self._deadline_seconds, timer=self._timer)

    def _response(
        self,
        request: GraphRequest,
        answer: HttpAnswer,
        known: tuple[SecretStr, ...],
        version: str,
        attempt: int,
        fault: Fault | None = None,
    ) -> GraphResponse:
        """The answer, classified. `fault`: what is known to be wrong with it already."""
        body = None if answer.broken else json_or_none(answer.content)
        scrubbed = scrub(body, known)
        headers = {name: scrub_text(value, known) for name, value in answer.headers.items()}
        usage = parse_usage(headers)
        params = scrub_params(request.params, known)
        if answer.broken or answer.http_status is None:
            fault = fault or Fault("too_heavy" if answer.is_too_large else "transient", f"Meta: {answer.broken}")
        else:
            text = _excerpt(answer.content, known) if body is None else ""
            fault = fault or classify(answer.http_status, scrubbed, text, params)
        if fault is not None and fault.kind == "missing_object" and usage.is_exhausted:
            fault = replace(fault, kind="throttled_asset")  # a throttle in disguise: the headers tell
        if fault is not None and fault.policy.blocks:
            fault = replace(fault, regain_minutes=usage.announced_regain(fault.code))
        return GraphResponse(
            method="GET",
            path=request.path,
            params=params,
            requested_version=version,
            served_version=headers.get("facebook-api-version"),
            http_status=answer.http_status,
            body=body,
            scrubbed_body=scrubbed,
            fault=fault,
            usage=usage,
            fetched_at=self._clock(),
            duration_ms=answer.duration_ms,
            attempt=attempt,
        )

    def _secrets(self, token: SecretStr) -> _Secrets:
        checked_token(token)
        return _Secrets(token, appsecret_proof(token, self._app_secret), self._app_secret)


class _Secrets:
    """What goes with the calls of one token."""

    def __init__(self, token: SecretStr, proof: SecretStr, app_secret: SecretStr) -> None:
        self.token, self.proof = token, proof
        self.known = (token, proof, app_secret)


def _excerpt(content: bytes, known: tuple[SecretStr, ...]) -> str:
    """The beginning of an answer that is not JSON, scrubbed; its end is cut after that, since half a secret might stand there."""
    text = scrub_text(content[: 16 * _LONGEST_SECRET].decode(errors="replace"), known)
    return text if len(content) <= 16 * _LONGEST_SECRET else text[:-_LONGEST_SECRET]


def _is_blocked(answer: GraphResponse) -> bool:
    """Whether another call now would lengthen a block."""
    return answer.usage.is_exhausted or (answer.fault is not None and answer.fault.policy.blocks)

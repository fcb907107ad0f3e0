"""What may be sent to Meta, alone or as a batch: checked before a token goes with it. Messages never quote what they refuse."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
from pydantic import SecretStr

from agentmarts.meta_graph.api.secrets import is_sendable
from agentmarts.meta_graph.api.transport import HttpAnswer
from agentmarts.meta_graph.fault import Fault
from agentmarts.warehouse.redaction import SECRET_NAMES

Params = Mapping[str, str | int | SecretStr]
"""Parameters of a call; a SecretStr (`input_token`) is sent and shows up nowhere."""
_PATH = re.compile(r"/[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)*")
_VERSION = re.compile(r"v\d{1,3}\.\d")
_NEVER = frozenset({"access_token", "appsecret_proof", "date_format", "pretty", "debug", "ids"})
"""The first two the client adds itself, v26.0 refuses or ignores the next three, and one bad id of `ids` fails all."""
_LOCAL_NAMES = re.compile(r"localhost|[^.]+|.+\.(?:localhost|local|internal|test)")


class OutgoingError(ValueError):
    """A call that must not be sent: a mistake of the caller or of the settings."""


@dataclass(frozen=True)
class GraphRequest:
    """One GET, alone or as an item of a batch. `path`: `/1784/insights`, without version or parameters."""

    path: str
    params: Params = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise OutgoingError("A path looks like /1784/insights: parameters are given apart, and addresses of pages are never followed.")
        for name, value in self.params.items():
            if name in _NEVER:
                raise OutgoingError(f"{name} is never sent as a parameter of a call.")
            if name in SECRET_NAMES and not isinstance(value, SecretStr):
                raise OutgoingError(f"{name} must be given as a SecretStr.")

    @property
    def public_params(self) -> dict[str, str]:
        """What is sent apart from secrets."""
        return {name: str(value) for name, value in self.params.items() if not isinstance(value, SecretStr)}

    @property
    def secret_params(self) -> dict[str, SecretStr]:
        """Secrets that are sent."""
        return {name: value for name, value in self.params.items() if isinstance(value, SecretStr)}


def checked_base_url(url: str) -> httpx.URL:
    """The address as a URL without a slash at its end. Raises OutgoingError.

    Tokens travel to it, so it is https, or http to this machine or a private network.
    """
    try:
        parsed = httpx.URL(url.rstrip("/"))
    except httpx.InvalidURL:
        raise OutgoingError("AGENTMARTS_GRAPH_BASE_URL is no address.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo or parsed.query or parsed.fragment:
        raise OutgoingError("AGENTMARTS_GRAPH_BASE_URL must look like https://graph.facebook.com: no user, no parameters.")
    if parsed.scheme == "http" and not _is_private(parsed.host):
        raise OutgoingError("AGENTMARTS_GRAPH_BASE_URL must begin with https://: plain http would show tokens to everyone on the way.")
    return parsed


def checked_version(version: str) -> str:
    """`v25.0`; raises OutgoingError for what is no version."""
    if not _VERSION.fullmatch(version):
        raise OutgoingError("A version looks like v25.0.")
    return version


def checked_token(token: SecretStr) -> str:
    """The token itself. Raises OutgoingError if it cannot stand in a header: the errors of HTTP libraries would quote it."""
    if not is_sendable(token):
        raise OutgoingError("The token is empty or holds characters that no token has.")
    return token.get_secret_value()


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return _LOCAL_NAMES.fullmatch(host) is not None


# A batch on its way out, and the items of its answer: logical HTTP answers whose bodies are texts.


def batch_form(items: Iterable[GraphRequest]) -> dict[str, str]:
    """The fields of the form that is posted, without token and proof."""
    batch = [{"method": "GET", "relative_url": _relative_url(item)} for item in items]
    return {"batch": orjson.dumps(batch).decode(), "include_headers": "true"}


def _relative_url(item: GraphRequest) -> str:
    """Without a version: items take that of the address the batch is posted to."""
    params = urlencode(item.public_params)
    return item.path.removeprefix("/") + (f"?{params}" if params else "")


def item_answer(part: Any, whole: HttpAnswer) -> tuple[HttpAnswer, Fault | None]:
    """One item of the answer to a batch as an exchange of its own, and what is wrong with it whatever it holds.

    `part`: null if Meta timed out before it. `whole`: the exchange of the batch.
    """
    nothing = replace(whole, http_status=None, content=b"", broken="no answer to this item")
    if part is None:
        return nothing, Fault("timed_out_item", "Meta did not get to this item of a batch.")
    status, body, headers = (part.get(name) for name in ("code", "body", "headers")) if isinstance(part, dict) else (None, None, None)
    if not isinstance(status, int) or isinstance(status, bool):
        return nothing, Fault("transient", "The answer to this item of a batch cannot be read.")
    content = body.encode(errors="replace") if isinstance(body, str) else b"" if body is None else orjson.dumps(body)
    own = {
        header["name"].lower(): header["value"]
        for header in (headers if isinstance(headers, list) else [])
        if isinstance(header, dict) and isinstance(header.get("name"), str) and isinstance(header.get("value"), str)
    }
    return replace(whole, http_status=status, headers=own, content=content), None

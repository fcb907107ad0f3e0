"""Opaque cursors of keyset paging: where the page before ended, signed, for one key and one query."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from agentmarts.service.http.problems import ProblemKind, query_problem

MAC_BYTES = 16


@dataclass(frozen=True)
class Cursor:
    """Version of the mart and the values (as text) of the ordering columns of the last row."""

    version: int
    last: list[str | None]


class CursorCodec:
    """Signs with a secret of this installation (HMAC-SHA256, cut to 128 bits)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def encode(self, cursor: Cursor, scope: str) -> str:
        """Text for a client. `scope` names what the cursor is good for: key, tenant and query."""
        body = orjson.dumps([cursor.version, cursor.last, _digest(scope)])
        return base64.urlsafe_b64encode(self._mac(body) + body).decode().rstrip("=")

    def decode(self, text: str, scope: str, length: int) -> Cursor:
        """Raises Problem 400 unless it was made here for this scope and has `length` values."""
        invalid = query_problem("cursor", "it was not made for this key and query", ProblemKind.INVALID_CURSOR)
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise invalid from error
        mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise invalid
        version, last, digest = orjson.loads(body)
        if digest != _digest(scope) or len(last) != length:
            raise invalid
        return Cursor(version, last)

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()[:MAC_BYTES]


def cursor_scope(*parts: str | Sequence[str]) -> str:
    """One text for what a cursor is good for, without ambiguity at the seams."""
    return orjson.dumps(parts).decode()


def _digest(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:32]

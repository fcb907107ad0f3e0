"""Secrets of the Meta Graph API: where they come from, and how they stay out of all that is stored or shown."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

from agentmarts.meta_graph.parsing.values import storable
from agentmarts.settings import Settings
from agentmarts.warehouse.redaction import SECRET_NAMES, redact

_REF = re.compile(r"[A-Za-z0-9_]{1,60}")
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_LEFT_OUT = frozenset({*SECRET_NAMES, "paging", "cursors"})
_CURSORS = frozenset({"after", "before", "next", "previous"})
_FIELD_NAME = re.compile(r"access_token", re.IGNORECASE)
_MAX_DEPTH = 64
"""Meta's answers are a dozen levels deep at most; what lies deeper is dropped, so that no answer exhausts the stack."""


class GraphSecretError(ValueError):
    """A secret is missing or unusable; the message names the variable to set, never the value."""


@dataclass(frozen=True)
class GraphApp:
    """The Meta app that tokens were issued to."""

    app_id: str
    secret: SecretStr

    @property
    def token(self) -> SecretStr:
        """The app's own token, for /debug_token."""
        return SecretStr(f"{self.app_id}|{self.secret.get_secret_value()}")


def app_of(settings: Settings) -> GraphApp:
    """The app of these settings. Raises GraphSecretError if one of its two variables is not set."""
    if not settings.graph_app_id or settings.graph_app_secret is None:
        raise GraphSecretError(
            "Set AGENTMARTS_GRAPH_APP_ID and AGENTMARTS_GRAPH_APP_SECRET: every call to Meta needs a proof made with them."
        )
    _check("AGENTMARTS_GRAPH_APP_SECRET", settings.graph_app_secret.get_secret_value())
    return GraphApp(settings.graph_app_id, settings.graph_app_secret)


def token_of(token_ref: str, environment: Mapping[str, str] = os.environ) -> SecretStr:
    """The token an account names: `acme_page` stands in AGENTMARTS_GRAPH_TOKEN_ACME_PAGE, and nowhere else.

    White space around it is cut off, as files that hold secrets end in a line break. Raises GraphSecretError.
    """
    if not _REF.fullmatch(token_ref):
        raise GraphSecretError("A token_ref has letters, digits and _ only, at most 60.")
    variable = f"AGENTMARTS_GRAPH_TOKEN_{token_ref.upper()}"
    token = environment.get(variable, "").strip()
    _check(variable, token)
    return SecretStr(token)


def appsecret_proof(token: SecretStr, app_secret: SecretStr) -> SecretStr:
    """HMAC-SHA256 of the token under the app secret, 64 hex digits (Meta, 'Securing Graph API Requests')."""
    return SecretStr(hmac.new(app_secret.get_secret_value().encode(), token.get_secret_value().encode(), hashlib.sha256).hexdigest())


def fingerprint(token: SecretStr) -> str:
    """12 hex digits by which a change of token is seen. They do not lead back to it: tokens are long and random."""
    return hashlib.sha256(b"agentmarts graph token\x00" + token.get_secret_value().encode()).hexdigest()[:12]


def is_sendable(secret: SecretStr) -> bool:
    """Whether it can stand in a header: visible ASCII, at least one character."""
    return _VISIBLE.fullmatch(secret.get_secret_value()) is not None


def scrub_text(text: str, known: Iterable[SecretStr] = ()) -> str:
    """The text without the `known` secrets, without all that looks like one, and without the word access_token.

    The word goes because raw.graph_responses refuses a body with it, and a post may well speak of one. Characters that
    PostgreSQL does not know become U+FFFD.
    """
    return _without(text, _forms(known))


def scrub(value: Any, known: Iterable[SecretStr] = ()) -> Any:
    """A copy of a JSON value without tokens, proofs, paging links and cursors; texts in it as by `scrub_text`."""
    return _scrub(value, _Texts(_forms(known)), 0)


def scrub_params(params: Mapping[str, str | int | SecretStr], known: Iterable[SecretStr] = ()) -> dict[str, str]:
    """Parameters as they may be stored: secrets and cursors left out."""
    forms = _forms(known)
    return {
        name: _without(str(value), forms)
        for name, value in params.items()
        if not isinstance(value, SecretStr) and not _is_left_out(name) and name.lower() not in _CURSORS
    }


def _forms(known: Iterable[SecretStr]) -> frozenset[str]:
    """How these secrets may stand in a text: as they are, or as part of an address."""
    values = [secret.get_secret_value() for secret in known]
    return frozenset(form for value in values for form in (value, quote(value, safe=""), quote_plus(value)) if form)


def _without(text: str, forms: frozenset[str]) -> str:
    for form in forms:
        text = text.replace(form, "***")
    return _FIELD_NAME.sub("access token", redact(storable(text)))


class _Texts(dict[str, str]):
    """The scrubbed form of each text of one answer: it repeats the same names and instants thousands of times."""

    def __init__(self, forms: frozenset[str]) -> None:
        super().__init__()
        self._forms = forms

    def __missing__(self, text: str) -> str:
        self[text] = _without(text, self._forms)
        return self[text]


def _scrub(value: Any, texts: _Texts, depth: int) -> Any:
    if isinstance(value, str):
        return texts[value]
    if not isinstance(value, dict | list):
        return value
    if depth == _MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_scrub(item, texts, depth + 1) for item in value]
    return {
        texts[name]: _scrub(item, texts, depth + 1)
        for name, item in value.items()
        if not _is_left_out(name) and not (name.lower() in _CURSORS and isinstance(item, str))
    }


def _is_left_out(name: str) -> bool:
    return name.lower() in _LEFT_OUT or _FIELD_NAME.search(name) is not None


def _check(variable: str, value: str) -> None:
    if not value:
        raise GraphSecretError(f"{variable} is not set.")
    if not is_sendable(SecretStr(value)):
        raise GraphSecretError(f"{variable} holds white space or characters that no token has.")

"""Texts and JSON of Meta as PostgreSQL can keep them: it knows neither NUL nor half a surrogate pair."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import orjson

from agentmarts.meta_graph.parsing.values import storable

_SECRETS = re.compile(r"access_token|appsecret_proof([^0-9a-z]|%3[ad]){1,8}[0-9a-f]{16}", re.IGNORECASE)
"""As the CHECKs of the tables have it. The proof only with a value: Meta's own error "Invalid appsecret_proof" may be kept."""

Text = TypeVar("Text", str, "str | None")


def storable_text(text: Text) -> Text:
    """`storable`; None stays None."""
    return text if text is None else storable(text)


def storable_json(value: Any) -> str | None:
    """JSON text for a jsonb column, None for None. Raises ValueError for NaN and infinities, TypeError for what is no JSON."""
    return None if value is None else json.dumps(_cleaned(value), ensure_ascii=False, allow_nan=False)


def storable_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """A JSON array for `json_to_recordset`: one parameter costs a fifth of an array per column. Instants as ISO 8601, numbers exact."""
    some = list(rows)
    try:
        text = orjson.dumps(some, default=str)
    except orjson.JSONEncodeError:  # half a surrogate pair
        return storable_rows(_cleaned(some))
    # What only looks like NUL, an escaped backslash before it, is cleaned in vain and stays as it is.
    return (orjson.dumps(_cleaned(some), default=str) if b"\\u0000" in text else text).decode()


def names_a_secret(text: str | None) -> bool:
    """Whether a text holds the name under which tokens travel, or a proof. The tables refuse it."""
    return text is not None and _SECRETS.search(text) is not None


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_text(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return value

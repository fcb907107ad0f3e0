"""Cells of tables into the types a stream's model wants. JSON says what it means and stays strict; CSV knows only text."""

from __future__ import annotations

import functools
import json
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from agentmarts.streams.contract.registry import STREAMS

_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


def typed_row(row: Mapping[str, object], stream: str) -> dict[str, object]:
    """The row with numbers, truth values, lists and texts as the stream's fields want them; what cannot be converted stays as it is,
    so that validation can say what is wrong with it. Unknown fields are not touched."""
    wanted = _wanted_types(stream)
    return {name: _converted(value, wanted[name]) if name in wanted else value for name, value in row.items()}


def _converted(value: object, wanted: type) -> object:
    try:
        if isinstance(value, str):
            return _from_text(value, wanted)
    except ValueError:
        return value
    if wanted is str and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # a column of numeric ids
    return value


def _from_text(text: str, wanted: type) -> object:
    if wanted in (int, float):
        return wanted(text)
    if wanted is bool:
        lower = text.strip().lower()
        return True if lower in _TRUE else False if lower in _FALSE else text
    if wanted in (list, dict) and text.lstrip()[:1] in ("[", "{"):
        return json.loads(text)
    return text


@functools.cache
def _wanted_types(stream: str) -> Mapping[str, type]:
    wanted: dict[str, type] = {"event_data": dict}
    for variant in STREAMS[stream].variants:
        hints = get_type_hints(variant, include_extras=True)
        wanted.update((name, _plain(hints[name])) for name in variant.model_fields if name != "occurred_at")
    return wanted


def _plain(hint: Any) -> type:
    origin = get_origin(hint)
    if origin is Annotated:
        return _plain(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return next(_plain(one) for one in get_args(hint) if one is not type(None))
    if origin is Literal:
        return str
    if hint is Any:
        return dict
    plain: type = origin or hint
    return plain

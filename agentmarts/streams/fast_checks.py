"""The checks of a pydantic model, compiled into msgspec decoders that are an order of magnitude faster.

A decoder only ever accepts; what it refuses is decided, and explained, by the model. So it may be stricter than the model, never laxer:
tests/test_streams_validation.py proves it.
"""

from __future__ import annotations

import functools
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo

from agentmarts.streams.models import Event
from agentmarts.streams.registry import STREAMS, Stream

_CHECKED_ELSEWHERE = frozenset({"event_id", "occurred_at", "event_type"})


class FastChecks:
    """Checks of one stream on the JSON text of an event in normal form."""

    def __init__(self, stream: Stream) -> None:
        self.columns = tuple(name for name in stream.columns if name != "event_type")
        self.float_fields = tuple(sorted(_float_fields(stream)))
        self.one_of = stream.variants[0].one_of
        structs = [_struct(variant, self.columns, stream.has_event_types) for variant in stream.variants]
        self._decode = msgspec.json.Decoder(functools.reduce(lambda left, right: left | right, structs)).decode
        self._width = len(self.columns)

    def column_values(self, canonical: bytes) -> tuple[Any, ...]:
        """Values of `columns`, absent ones None. Raises msgspec.ValidationError, or ValueError, on whatever is not plainly good."""
        checked = self._decode(canonical)
        if self.one_of and all(getattr(checked, name) is None for name in self.one_of):
            raise ValueError("nothing said")
        return msgspec.structs.astuple(checked)[: self._width]


@functools.cache
def fast_checks(stream: str) -> FastChecks:
    """The compiled checks of a stream; compiled once per process."""
    return FastChecks(STREAMS[stream])


def _struct(variant: type[Event], columns: tuple[str, ...], has_event_types: bool) -> Any:
    hints = get_type_hints(variant, include_extras=True)
    names = [*columns, *(name for name in variant.model_fields if name not in columns and name not in _CHECKED_ELSEWHERE)]
    fields: list[tuple[Any, ...]] = [
        (name, _fast_type(hints[name])) if variant.model_fields[name].is_required() else (name, _fast_type(hints[name]), None)
        for name in names
    ]
    tag = get_args(hints["event_type"])[0] if has_event_types else None
    # kw_only: required fields may follow optional ones.
    return msgspec.defstruct(
        f"Fast{variant.__name__}", fields, kw_only=True, tag_field="event_type" if has_event_types else None, tag=tag, gc=False
    )


def _fast_type(hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *metadata = get_args(hint)
        bounds = _bounds(metadata)
        return Annotated[_fast_type(inner), msgspec.Meta(**bounds)] if bounds else _fast_type(inner)
    if origin in (Union, UnionType):
        return functools.reduce(lambda left, right: left | right, (_fast_type(one) for one in get_args(hint)))
    if origin is list:
        return list[_fast_type(get_args(hint)[0])]  # type: ignore[misc]
    if origin is Literal or hint in (str, int, float, bool, Any, type(None), datetime):
        return hint
    raise TypeError(f"{hint} has no fast check yet: add it to {__name__}")


def _bounds(metadata: list[Any]) -> dict[str, Any]:
    names = {Ge: "ge", Le: "le", MinLen: "min_length", MaxLen: "max_length"}
    flat = [one for item in metadata for one in (item.metadata if isinstance(item, FieldInfo) else [item])]
    return {names[type(one)]: getattr(one, names[type(one)]) for one in flat if type(one) in names}


def _float_fields(stream: Stream) -> set[str]:
    return {
        name
        for variant in stream.variants
        for name, hint in get_type_hints(variant, include_extras=True).items()
        if name in variant.model_fields and float in _leaves(hint)
    }


def _leaves(hint: Any) -> set[Any]:
    if get_origin(hint) is Annotated:
        return _leaves(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return {leaf for one in get_args(hint) for leaf in _leaves(one)}
    return {hint}

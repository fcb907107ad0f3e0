"""The checks of a pydantic model, compiled into a msgspec decoder that is several times faster.

It takes events in the form we recommend: our own names, all fields at top level. It only ever accepts; what it refuses is decided, and
explained, by the model. So it may be stricter than the model, never laxer: tests/unit/test_streams_validation.py proves it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

import msgspec
from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo

from agentmarts.streams.contract.models import IDENTIFIER_LENGTH, Event
from agentmarts.streams.contract.registry import STREAMS, Stream


class FastEvent(Protocol):
    """What every decoded event has; the tenant's and the stream's name and the id are None when they were not sent."""

    stream: str | None
    store_id: str | None
    event_id: str | None
    occurred_at: str | datetime


_ENVELOPE: tuple[tuple[Any, ...], ...] = (
    ("occurred_at", str),
    ("event_id", Annotated[str, msgspec.Meta(min_length=1, max_length=IDENTIFIER_LENGTH)] | None, None),
    ("store_id", str | None, None),
)
_ENVELOPE_WIDTH = len(_ENVELOPE) + 1
"""The last one is the name of the stream."""


class FastChecks:
    """Decoder of one stream."""

    def __init__(self, stream: Stream) -> None:
        self.columns = tuple(name for name in stream.columns if name != stream.discriminator)
        self._one_of = stream.variants[0].one_of
        self._own: dict[Any, type[msgspec.Struct]] = {}
        for variant in stream.variants:
            own = sorted(variant.model_fields.keys() - {*self.columns, "event_id", "occurred_at", stream.discriminator})
            fields: list[tuple[str, Any, Any]] = [(name, Any, None) for name in own]
            self._own[_struct(stream, variant, (*self.columns, *own))] = msgspec.defstruct("Own", fields, omit_defaults=True, gc=False)
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(functools.reduce(lambda left, right: left | right, self._own)).decode

    def decode(self, payload: bytes) -> FastEvent:
        """The event, if it is plainly good. Raises msgspec.MsgspecError or ValueError if it is anything else."""
        event = self._decode(payload)
        if self._one_of and all(getattr(event, name) is None for name in self._one_of):
            raise ValueError("nothing said")
        fast: FastEvent = event
        return fast

    def take_apart(self, event: FastEvent) -> tuple[tuple[Any, ...], msgspec.Struct]:
        """(values of `columns`, the fields without a column, of which JSON shows those that were sent)."""
        fields = msgspec.structs.astuple(event)  # type: ignore[arg-type]
        width = len(self.columns)
        return fields[:width], self._own[type(event)](*fields[width:-_ENVELOPE_WIDTH])


@functools.cache
def fast_checks(stream: str) -> FastChecks:
    """The compiled checks of a stream; compiled once per process."""
    return FastChecks(STREAMS[stream])


def _struct(stream: Stream, variant: type[Event], names: tuple[str, ...]) -> type:
    hints = get_type_hints(variant, include_extras=True)
    required = {name for name in names if variant.model_fields[name].is_required()}
    fields = [(name, _fast_type(hints[name])) if name in required else (name, _fast_type(hints[name]), None) for name in names]
    tagged = {"tag_field": stream.discriminator, "tag": get_args(hints[stream.discriminator])[0]} if stream.discriminator else {}
    return msgspec.defstruct(
        f"Fast{variant.__name__}",
        [*fields, *_ENVELOPE, ("stream", Literal[stream.name] | None, None)],
        kw_only=True,  # required fields stand after optional ones: the order is that of the columns
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
        **tagged,
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
    if hint is Any:
        return str | int | float | bool | None  # what is nested might be nested too deep: the slow way looks
    if origin is Literal or hint in (str, int, float, bool, type(None)):
        return hint
    raise TypeError(f"{hint} has no fast check yet: add it to {__name__}")


def _bounds(metadata: list[Any]) -> dict[str, Any]:
    names = {Ge: "ge", Le: "le", MinLen: "min_length", MaxLen: "max_length"}
    flat = [one for item in metadata for one in (item.metadata if isinstance(item, FieldInfo) else [item])]
    return {names[type(one)]: getattr(one, names[type(one)]) for one in flat if type(one) in names}

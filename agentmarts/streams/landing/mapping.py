"""Mapping files: a page of YAML turns somebody else's records into our events (docs/mapping.md)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agentmarts.streams.contract.registry import STREAMS, Stream
from agentmarts.streams.contract.rejection import Reason, Rejection, shown
from agentmarts.streams.landing.mapping_expressions import Evaluate, ExpressionError, Scope, compile_expression, compile_value
from agentmarts.streams.landing.read_options import ReadOptions
from agentmarts.streams.landing.reading import AS_TOLD
from agentmarts.streams.landing.typed_rows import typed_row

_Made = dict[tuple[str, object], tuple[str, object]]
"""{(stream, event id): (rule, item) that gave it}."""
_RECORD_NAMES = ("record", "index")
_ITEM_NAMES = ("item", "parents", "position", "is_first", "is_last")


class MappingError(ValueError):
    """A mapping file makes no sense; the message says where, why, and what would."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    when: str | None = None
    stream: str | None = None
    fields: dict[str, Any]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: Literal[1]
    description: str | None = None
    stream: str | None = None
    read: ReadOptions = AS_TOLD
    per_record: dict[str, Any] = {}
    items: str | list[str] | None = None
    running: dict[str, str | int | float] = {}
    per_item: dict[str, Any] = {}
    defaults: dict[str, dict[str, Any]] = {}
    events: list[_Rule] = Field(min_length=1)


@dataclass(frozen=True)
class _Named:
    """An expression and where it stands in the file."""

    place: str
    evaluate: Evaluate

    def __call__(self, scope: Scope) -> Any:
        try:
            return self.evaluate(scope)
        except ExpressionError as error:
            raise Rejection(Reason.BAD_TYPE, f"the mapping's {self.place} cannot be computed: {error}") from None


@dataclass(frozen=True)
class _EventRule:
    place: str
    when: _Named | None
    stream: str
    fields: Mapping[str, _Named]


class EventMapping:
    """A compiled mapping file: records in, events out. It holds no state between records."""

    def __init__(self, file: _File) -> None:
        """Raises MappingError."""
        self.read = file.read
        """How its files are to be read."""
        names = list(_RECORD_NAMES)
        self._per_record = _compile_names(file.per_record, "per_record", names)
        levels = [file.items] if isinstance(file.items, str) else file.items or []
        self._levels = [
            _expression(source, f"items[{level}]" if len(levels) > 1 else "items", [*names, *(_ITEM_NAMES[:2] if level else ())])
            for level, source in enumerate(levels)
        ]
        names += _ITEM_NAMES
        self._running = {name: _expression(str(source), f"running.{name}", names) for name, source in file.running.items()}
        _add_names(names, file.running, "running")
        self._per_item = _compile_names(file.per_item, "per_item", names)
        for stream in file.defaults:
            _stream(stream, "defaults")
        self._rules = [_rule(file, rule, f"events[{number}]", names) for number, rule in enumerate(file.events)]

    def events(self, index: int, record: bytes | Mapping[str, object]) -> Iterator[dict[str, object]]:
        """Events of one record, each with its `stream`; `index` counts records from 0. Raises Rejection when the record does not fit."""
        scope: dict[str, Any] = {"record": _decoded(record), "index": index}
        for name, value in self._per_record.items():
            scope[name] = value(scope)
        made: _Made = {}
        for parents, items in self._lists(scope):
            yield from self._events_of_list({**scope, "parents": parents}, items, made)

    def _events_of_list(self, scope: dict[str, Any], items: list[Any], made: _Made) -> Iterator[dict[str, object]]:
        totals = dict.fromkeys(self._running, 0)
        for position, item in enumerate(items):
            here = {**scope, "item": item, "position": position, "is_first": position == 0, "is_last": position == len(items) - 1}
            for name, step in self._running.items():
                totals[name] += _number(step(here), step.place)
            here.update(totals)
            for name, value in self._per_item.items():
                here[name] = value(here)
            for rule in self._rules:
                if rule.when is None or rule.when(here):
                    fields = {name: found for name, value in rule.fields.items() if (found := value(here)) is not None}
                    event = {**typed_row(fields, rule.stream), "stream": rule.stream}
                    _claim_id(made, event, rule, (*map(id, scope["parents"]), position))
                    yield event

    def _lists(self, scope: Scope) -> Iterator[tuple[list[Any], list[Any]]]:
        """Each innermost list, with the elements of the lists around it, outermost first; without `items` the record alone."""
        if not self._levels:
            yield [], [scope["record"]]
            return
        *outer, innermost = self._levels
        parents: list[list[Any]] = [[]]
        for level in outer:
            parents = [[*before, item] for before in parents for item in self._elements(level, scope, before)]
        for before in parents:
            yield before, self._elements(innermost, scope, before)

    @staticmethod
    def _elements(level: _Named, scope: Scope, parents: list[Any]) -> list[Any]:
        items = level({**scope, "item": parents[-1], "parents": parents} if parents else scope)
        if items is None:
            return []
        if not isinstance(items, list | tuple):
            raise Rejection(Reason.BAD_TYPE, f"the mapping's {level.place} must be a list, got {shown(items)}")
        return list(items)


def read_mapping(path: Path) -> EventMapping:
    """Read and check a mapping file. Raises MappingError."""
    try:
        return parse_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} cannot be read: {error}") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from None


def parse_mapping(text: str) -> EventMapping:
    """As `read_mapping`, from the text of the file."""
    try:
        file = _File.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise MappingError(f"this is no YAML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise MappingError(f"{place}: {first['msg']}, got {shown(first['input'])}; docs/mapping.md shows an example") from None
    return EventMapping(file)


def _rule(file: _File, rule: _Rule, place: str, names: list[str]) -> _EventRule:
    named = rule.stream or file.stream
    if named is None:
        raise MappingError(f"{place} has no stream: set `stream` there, or once at the top of the file")
    stream = _stream(named, place)
    fields = {**file.defaults.get(named, {}), **rule.fields}
    _check_fields(fields, stream, place)
    return _EventRule(
        place=place,
        when=_expression(rule.when, f"{place}.when", names) if rule.when is not None else None,
        stream=named,
        fields={name: _value(value, f"{place}.fields.{name}", names) for name, value in fields.items()},
    )


def _check_fields(fields: Mapping[str, Any], stream: Stream, place: str) -> None:
    known = stream.fields | {"event_data"}
    for name in fields:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"its fields are {', '.join(sorted(known))}."
            raise MappingError(f"{place}: {stream.name} has no field {name!r}; {hint} Data of your own goes under event_data")
    kind = fields.get(stream.discriminator) if stream.discriminator else None
    if isinstance(kind, str):
        kind = stream.event_type_aliases.get(kind, kind)
    variants = [variant for variant in stream.variants if _may_be(variant, stream.discriminator, kind)]
    if not variants:
        raise MappingError(f"{place}: {kind!r} is no {stream.discriminator} of {stream.name}")
    for name in sorted(
        set.intersection(*({n for n, f in one.model_fields.items() if f.is_required()} for one in variants)) - fields.keys()
    ):
        raise MappingError(f"{place}: {name} is missing: every event of {stream.name} needs it")


def _may_be(variant: Any, discriminator: str | None, kind: Any) -> bool:
    if discriminator is None or not isinstance(kind, str) or "{{" in kind:
        return True
    return kind in variant.model_fields[discriminator].annotation.__args__


def _stream(name: str, place: str) -> Stream:
    if name not in STREAMS:
        raise MappingError(f"{place}: {name!r} is no stream, choose one of {', '.join(STREAMS)}")
    return STREAMS[name]


def _compile_names(values: Mapping[str, Any], place: str, names: list[str]) -> dict[str, _Named]:
    """Compile in order: each may use those before it."""
    compiled = {}
    for name, value in values.items():
        compiled[name] = _value(value, f"{place}.{name}", names)
        _add_names(names, [name], place)
    return compiled


def _add_names(names: list[str], new: Iterable[str], place: str) -> None:
    for name in new:
        if not name.isidentifier() or name in names:
            raise MappingError(f"{place}.{name}: a name must be a new one, of letters, digits and _")
        names.append(name)


def _value(value: Any, place: str, names: Iterable[str]) -> _Named:
    try:
        return _Named(place, compile_value(value, names))
    except ExpressionError as error:
        raise MappingError(f"{place}: {error}") from None


def _expression(source: str, place: str, names: Iterable[str]) -> _Named:
    if "{{" in source:
        raise MappingError(f"{place} is an expression already: write it without {{{{ }}}}")
    try:
        return _Named(place, compile_expression(source, names))
    except ExpressionError as error:
        raise MappingError(f"{place}: {error}") from None


def _claim_id(made: _Made, event: Mapping[str, object], rule: _EventRule, item: object) -> None:
    """Of two events with one id the second would be taken for the first, sent again: raises Rejection."""
    event_id = event.get("event_id")
    place, _ = before = made.setdefault((rule.stream, event_id), (rule.place, item))
    if event_id is not None and before != (rule.place, item):
        where = f"{place} and {rule.place}" if place != rule.place else f"{place} for two items"
        raise Rejection(Reason.MAPPING, f"the mapping gives two events of this record one event_id, {shown(event_id)}: {where}")


def _decoded(record: bytes | Mapping[str, object]) -> Any:
    if not isinstance(record, bytes):
        return record
    try:
        return msgspec.json.decode(record)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Rejection(Reason.NOT_JSON, f"not readable as JSON: {error}; it begins {shown(record[:40])}") from None


def _number(value: Any, place: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Rejection(Reason.BAD_TYPE, f"the mapping's {place} must give a number, got {shown(value)}")
    return value

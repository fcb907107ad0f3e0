"""The language of mapping files: plain values, and Jinja expressions in a sandbox that can compute but touch nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agentmarts.streams.contract.instants import parse_instant

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]


class ExpressionError(ValueError):
    """An expression that cannot be compiled or computed; the message says why."""


class _AbsentError(Exception):
    """A text is to be put together from something that is not there."""


def compile_expression(source: str, names: Iterable[str]) -> Evaluate:
    """A bare expression; what is not there is None. Raises ExpressionError for bad syntax or a name that is not in `names`."""
    _check_names("{{ " + source + " }}", names)
    compiled = _ENVIRONMENT.compile_expression(source, undefined_to_none=True)
    return lambda scope: _computed(compiled, scope)


def compile_value(value: Any, names: Iterable[str]) -> Evaluate:
    """A value of a mapping file: plain, `{{ expression }}` (keeps its type), or text with expressions in it; also inside lists and maps.

    Text with something absent in it is absent as a whole. Raises ExpressionError as `compile_expression`.
    """
    if isinstance(value, dict):
        fields = {key: compile_value(one, names) for key, one in value.items()}
        return lambda scope: {key: found for key, one in fields.items() if (found := one(scope)) is not None}
    if isinstance(value, list):
        ones = [compile_value(one, names) for one in value]
        return lambda scope: [one(scope) for one in ones]
    if not isinstance(value, str) or "{{" not in value:
        return lambda scope: value
    text = value.strip()
    if text.startswith("{{") and text.endswith("}}") and text.count("{{") == 1:
        return compile_expression(text[2:-2].strip(), names)
    _check_names(value, names)
    template = _ENVIRONMENT.from_string(value)
    return lambda scope: _computed(template.render, scope)


def _computed(function: Callable[..., Any], scope: Scope) -> Any:
    try:
        return function(**scope)
    except _AbsentError:
        return None
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise ExpressionError(str(error) or type(error).__name__) from None


def _check_names(template: str, names: Iterable[str]) -> None:
    known = {*names, *_FUNCTIONS}
    try:
        unknown = meta.find_undeclared_variables(_ENVIRONMENT.parse(template)) - known
    except jinja2.TemplateSyntaxError as error:
        raise ExpressionError(f"{error.message}, in {template!r}") from None
    if unknown:
        raise ExpressionError(f"unknown name {sorted(unknown)[0]!r} in {template!r}; known here: {', '.join(sorted(known))}")


def _present(value: Any) -> Any:
    if value is None or isinstance(value, jinja2.Undefined):
        raise _AbsentError
    return value


def _instant(text: str | datetime, zone: str = "UTC", format: str | None = None) -> datetime:
    """The instant in UTC; `zone` is where the clock hung when the text has no zone; `format` as in strptime."""
    read = text if isinstance(text, datetime) else _read(text, format)
    return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _read(text: str, format: str | None) -> datetime:
    return datetime.strptime(text, format) if format else parse_instant(text)  # noqa: DTZ007 - `_instant` sets the zone


def _parse_json(text: str | None) -> Any:
    try:
        return msgspec.json.decode(text) if text else None
    except (msgspec.MsgspecError, ValueError):
        return None


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "instant": _instant,
    "from_epoch": lambda seconds: datetime.fromtimestamp(float(seconds), UTC),
    "seconds": lambda number: timedelta(seconds=number),
    "parse_json": _parse_json,
    "sha256": lambda text: hashlib.sha256(str(text).encode()).hexdigest(),
}


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.ChainableUndefined, finalize=_present, autoescape=False)
    environment.globals = dict(_FUNCTIONS)
    return environment


_ENVIRONMENT = _environment()

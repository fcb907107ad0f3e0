"""The language of mapping files: plain values, and Jinja expressions in a sandbox that can compute but touch nothing."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agentmarts.streams.contract.instants import parse_instant
from agentmarts.streams.contract.rejection import shown

Scope = Mapping[str, Any]
Evaluate = Callable[[Scope], Any]


class ExpressionError(ValueError):
    """An expression that cannot be compiled or computed; the message says why."""


class _AbsentError(Exception):
    """Something is to be computed from what is not there: then the result is not there either."""


class _Absent(jinja2.ChainableUndefined):
    """What is not there, or null: nothing of it is there either, nothing can be computed with it, and it is equal to none."""

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise _AbsentError

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, jinja2.Undefined)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = jinja2.ChainableUndefined.__hash__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = (
        _fail_with_undefined_error
    )
    __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = __int__ = __float__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = _fail_with_undefined_error


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, in which null is not there."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        found = super().getitem(obj, argument)
        return self.undefined(obj=obj, name=str(argument)) if found is None else found

    def getattr(self, obj: Any, attribute: str) -> Any:
        found = super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if found is None else found


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
        return _without_absent(function(**scope))
    except _AbsentError:
        return None
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise ExpressionError(str(error) or type(error).__name__) from None


def _without_absent(value: Any) -> Any:
    if isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, list | tuple):
        return [_without_absent(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_absent(one) for key, one in value.items()}
    return value


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
    """The instant in UTC; `zone` is where the clock hung when the text has no zone; `format` as in strptime.

    A time that the clocks jumped over is read as if they had not; of one that they showed twice, the first is meant.
    """
    read = text if isinstance(text, datetime) else _read(text, format)
    return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _read(text: str, format: str | None) -> datetime:
    return datetime.strptime(text, format) if format else parse_instant(text)  # noqa: DTZ007 - `_instant` sets the zone


def _parse_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError):
        return None


_NO_NUMBER = object()


def _number_of(wanted: type[int] | type[float]) -> Callable[..., Any]:
    """The filter `int` or `float`: what is no number is refused, unless a default was given for it."""

    def read(value: Any, default: Any = _NO_NUMBER, decimal: str = ".", thousands: str = "") -> Any:
        text = value
        if isinstance(value, str):
            text = value.strip()
            text = text.replace(thousands, "") if thousands else text
            text = text.replace(decimal, ".") if decimal != "." and "." not in text else text
        try:
            number = Decimal(text)  # exact: ids have more digits than a float
            if not math.isfinite(float(number)):
                raise ValueError
            return wanted(number)
        except (TypeError, ValueError, ArithmeticError):
            if default is not _NO_NUMBER:
                return default
            raise ExpressionError(f"{shown(value)} is no number") from None

    return read


def _of_present(function: Callable[..., Any], *, is_empty_absent: bool = False) -> Callable[..., Any]:
    """The function, whose result is absent when its first argument is."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        first = args[position] if len(args) > position else next(iter(kwargs.values()), None)
        if first is None or isinstance(first, jinja2.Undefined) or (is_empty_absent and first == ""):
            raise _AbsentError
        return function(*args, **kwargs)

    # Some filters get the environment first.
    position = 1 if getattr(function, "jinja_pass_arg", None) else 0
    return guarded


_COMPUTING: Mapping[str, Callable[..., Any]] = {
    "instant": _instant,
    "from_epoch": lambda seconds: datetime.fromtimestamp(float(seconds), UTC),
    "seconds": lambda number: timedelta(seconds=number),
    "parse_json": _parse_json,
    "sha256": lambda text: hashlib.sha256(str(text).encode()).hexdigest(),
}
_FUNCTIONS = {name: _of_present(function, is_empty_absent=True) for name, function in _COMPUTING.items()}
_ANSWERS_FOR_ABSENT = ("default", "d")


def _environment() -> _Environment:
    environment = _Environment(undefined=_Absent, finalize=_present, autoescape=False)
    environment.globals = dict(_FUNCTIONS)
    filters: dict[str, Callable[..., Any]] = {**environment.filters, "int": _number_of(int), "float": _number_of(float)}
    environment.filters = {name: function if name in _ANSWERS_FOR_ABSENT else _of_present(function) for name, function in filters.items()}
    environment.tests["none"] = lambda value: value is None or isinstance(value, jinja2.Undefined)
    return environment


_ENVIRONMENT = _environment()

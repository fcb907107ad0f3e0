"""Filters as in PostgREST, `?column=op.value`: parsed against the catalogue, turned into SQL with bind parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from agentmarts.service.http.problems import query_problem
from agentmarts.service.warehouse.catalogue import Column, Family

MAX_FILTERS = 20
MAX_ITEMS = 200
MAX_VALUE_BYTES = 1024
MAX_PATTERN = 100

COMPARISONS = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
PATTERNS = {"like": "like", "ilike": "ilike"}
IS_VALUES = {"null": "is null", "true": "is true", "false": "is false"}
OPERATORS = (*COMPARISONS, "in", "is", *PATTERNS)

_INTEGER_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,60}(\.[0-9]{0,60})?|\.[0-9]{1,60})([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNESCAPED_PLUS = re.compile(r"(T\d.*) (\d\d:?\d\d)$")
_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,"()]*)')


@dataclass(frozen=True)
class Filter:
    """A condition on one column: SQL with placeholders, and their values."""

    condition: sql.Composable
    params: tuple[Any, ...]


def parse_filter(column: Column, text: str) -> Filter:
    """A condition from `op.value`, optionally `not.op.value`. Raises Problem 400 saying what is wrong."""
    if len(text.encode()) > MAX_VALUE_BYTES:
        raise query_problem(column.name, f"longer than {MAX_VALUE_BYTES} bytes")
    if "\x00" in text:
        raise query_problem(column.name, "a NUL character cannot be in a value")
    is_negated = text.startswith("not.")
    operator, dot, value = text.removeprefix("not.").partition(".")
    if not dot or operator not in OPERATORS:
        raise query_problem(column.name, f"write operator.value with one of {', '.join(OPERATORS)}; not. may stand before it")
    if column.family is Family.NESTED and operator != "is":
        raise query_problem(column.name, f"a column of type {column.type} takes only is.null")
    condition = _BUILDERS[operator](column, operator, value)
    if is_negated:
        condition = Filter(sql.SQL("not ({})").format(condition.condition), condition.params)
    return condition


def _comparison(column: Column, operator: str, value: str) -> Filter:
    if column.family is Family.BOOLEAN and operator not in ("eq", "neq"):
        raise query_problem(column.name, "a boolean takes eq, neq, in and is")
    condition = sql.SQL("{} " + COMPARISONS[operator] + " {}").format(sql.Identifier(column.name), typed_placeholder(column))
    return Filter(condition, (checked_value(column, value),))


def _membership(column: Column, _operator: str, value: str) -> Filter:
    if not (value.startswith("(") and value.endswith(")")):
        raise query_problem(column.name, "write in.(a,b,c); an item with a comma, quote or bracket stands in double quotes")
    items = [checked_value(column, item) for item in _items(column, value[1:-1])]
    if len(items) > MAX_ITEMS:
        raise query_problem(column.name, f"more than {MAX_ITEMS} items")
    condition = sql.SQL("{} = any({}::{}[])").format(sql.Identifier(column.name), sql.Placeholder(), sql.SQL(_type_name(column)))
    return Filter(condition, (items,))


def _items(column: Column, text: str) -> list[str]:
    items = []
    position = 0
    while True:
        match = _ITEM.match(text, position)
        assert match is not None  # the second alternative matches the empty text
        items.append(re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2])
        position = match.end()
        if position == len(text):
            return items
        if text[position] != ",":
            raise query_problem(column.name, "an item with a comma, quote or bracket stands in double quotes")
        position += 1


def _is(column: Column, _operator: str, value: str) -> Filter:
    if value not in IS_VALUES or (value != "null" and column.family is not Family.BOOLEAN):
        raise query_problem(column.name, "write is.null, or for a boolean is.true or is.false")
    return Filter(sql.SQL("{} " + IS_VALUES[value]).format(sql.Identifier(column.name)), ())


def _pattern(column: Column, operator: str, value: str) -> Filter:
    if column.family is not Family.TEXT:
        raise query_problem(column.name, f"{operator} is for text; this column is of type {column.type}")
    if len(value) > MAX_PATTERN:
        raise query_problem(column.name, f"a pattern has at most {MAX_PATTERN} characters")
    escaped = re.sub(r"([\\%_])", r"\\\1", value).replace("*", "%")
    condition = sql.SQL("{} " + PATTERNS[operator] + " {}").format(sql.Identifier(column.name), sql.Placeholder())
    return Filter(condition, (escaped,))


_BUILDERS: dict[str, Callable[[Column, str, str], Filter]] = {
    **dict.fromkeys(COMPARISONS, _comparison),
    **dict.fromkeys(PATTERNS, _pattern),
    "in": _membership,
    "is": _is,
}


def _type_name(column: Column) -> str:
    """The type's name as SQL; it comes from format_type(), never from a request."""
    return column.type


def typed_placeholder(column: Column) -> sql.Composable:
    """A bind parameter cast to the column's type."""
    return sql.SQL("{}::{}").format(sql.Placeholder(), sql.SQL(_type_name(column)))


def checked_value(column: Column, value: str) -> str:
    """The value as PostgreSQL reads it for this column's type. Raises Problem 400 for one it would refuse."""
    try:
        return _CHECKS[column.family](column, value)
    except (ValueError, OverflowError) as error:
        raise query_problem(column.name, f"{value[:40]!r} is no value of type {column.type}") from error


def _integer(column: Column, value: str) -> str:
    limit = _INTEGER_LIMITS[column.type]
    if not _INTEGER.fullmatch(value) or not -limit <= int(value) < limit:
        raise ValueError
    return value


def _number(column: Column, value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise ValueError
    as_float = float(value)
    is_lost = math.isinf(as_float) or (as_float == 0 and any(digit in "123456789" for digit in re.split("[eE]", value)[0]))
    if column.type != "numeric" and is_lost:
        raise ValueError
    return value


def _boolean(_column: Column, value: str) -> str:
    if value not in ("true", "false"):
        raise ValueError
    return value


def _date(_column: Column, value: str) -> str:
    if value in ("infinity", "-infinity"):
        return value
    if not _DATE.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value).isoformat()


def _timestamp(_column: Column, value: str) -> str:
    # A plus sign that was not escaped arrives as a space.
    instant = datetime.fromisoformat(_UNESCAPED_PLUS.sub(r"\1+\2", value))
    return (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)).isoformat()


def _uuid(_column: Column, value: str) -> str:
    return str(UUID(value))


_CHECKS: dict[Family, Callable[[Column, str], str]] = {
    Family.INTEGER: _integer,
    Family.NUMBER: _number,
    Family.TEXT: lambda _column, value: value,
    Family.BOOLEAN: _boolean,
    Family.DATE: _date,
    Family.TIMESTAMP: _timestamp,
    Family.UUID: _uuid,
}

"""What a client asks of a mart, and the SQL for it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl

from psycopg import sql

from agentmarts.service.http.cursor import Cursor
from agentmarts.service.http.problems import query_problem
from agentmarts.service.marts.filters import MAX_FILTERS, Filter, parse_filter, typed_placeholder
from agentmarts.service.warehouse.catalogue import Column, Family, ServedMart
from agentmarts.service.warehouse.database import Statement

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_FIELDS = 64
RESERVED = frozenset(["select", "order", "limit", "cursor", "count", "allow_moving", "distinct", "bigint", "bom", "formula_escape"])
"""Parameters that are no filters, so no column may have such a name."""

Count = Literal["none", "planned", "exact"]
T = TypeVar("T")


@dataclass(frozen=True)
class OrderTerm:
    """NULLs always come last."""

    column: Column
    is_descending: bool


@dataclass(frozen=True)
class MartQuery:
    """A parsed request for rows of a mart."""

    mart: ServedMart
    select: tuple[Column, ...]
    order: tuple[OrderTerm, ...]
    filters: tuple[Filter, ...]
    limit: int | None
    cursor: str | None
    count: Count
    allow_moving: bool
    is_distinct: bool
    bigint_as_text: bool
    with_bom: bool
    escape_formulas: bool
    question: str
    """All that decides which rows come in which order: what a cursor is bound to."""


def parse_mart_query(mart: ServedMart, query_string: bytes) -> MartQuery:
    """Parse the query of an address. Raises Problem 400 naming the parameter that is unknown, repeated or wrong."""
    reserved, filters, conditions = _split(mart, query_string)
    is_distinct = _choice(reserved, "distinct", {"true": True, "false": False}, False)
    select = _select(mart, reserved.get("select"))
    order = _order(mart, reserved.get("order"), select if is_distinct else None)
    count: Count = _choice(reserved, "count", {"none": "none", "planned": "planned", "exact": "exact"}, "none")
    terms = [f"{term.column.name}.{'desc' if term.is_descending else 'asc'}" for term in order]
    distinct = [column.name for column in select] if is_distinct else []
    return MartQuery(
        mart=mart,
        select=select,
        order=order,
        filters=tuple(filters),
        limit=_limit(reserved.get("limit")),
        cursor=reserved.get("cursor"),
        count=count,
        allow_moving=_choice(reserved, "allow_moving", {"true": True, "false": False}, False),
        is_distinct=is_distinct,
        bigint_as_text=_choice(reserved, "bigint", {"string": True, "number": False}, False),
        with_bom=_choice(reserved, "bom", {"1": True, "0": False}, False),
        escape_formulas=_choice(reserved, "formula_escape", {"on": True, "off": False}, True),
        question="\n".join([mart.name, *sorted(conditions), "order", *terms, "distinct", *distinct]),
    )


def _split(mart: ServedMart, query_string: bytes) -> tuple[dict[str, str], list[Filter], list[str]]:
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except (UnicodeDecodeError, ValueError) as error:
        raise query_problem("", f"write parameters in UTF-8, percent-encoded, at most {MAX_FIELDS}") from error
    reserved: dict[str, str] = {}
    filters: list[Filter] = []
    conditions: list[str] = []
    for name, value in pairs:
        if name in RESERVED:
            if name in reserved:
                raise query_problem(name, "given more than once")
            reserved[name] = value
        elif (column := mart.columns.get(name)) is not None:
            filters.append(parse_filter(column, value))
            conditions.append(f"{name}={value}")
        else:
            raise query_problem(name[:100], f"neither a parameter nor a column of {mart.name}")
    if len(filters) > MAX_FILTERS:
        raise query_problem(pairs[-1][0], f"more than {MAX_FILTERS} filters")
    return reserved, filters, conditions


def _choice(reserved: dict[str, str], name: str, choices: dict[str, T], default: T) -> T:
    value = reserved.get(name)
    if value is None:
        return default
    if value not in choices:
        raise query_problem(name, f"use one of {', '.join(choices)}")
    return choices[value]


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= MAX_LIMIT:
        raise query_problem("limit", f"a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def _select(mart: ServedMart, text: str | None) -> tuple[Column, ...]:
    if text is None:
        return tuple(mart.columns.values())
    names = text.split(",")
    if len(set(names)) < len(names):
        raise query_problem("select", "a column is named twice")
    return tuple(_column(mart, "select", name) for name in names)


def _order(mart: ServedMart, text: str | None, distinct: Sequence[Column] | None) -> tuple[OrderTerm, ...]:
    terms: dict[str, OrderTerm] = {}
    is_descending = False
    for part in text.split(",") if text is not None else []:
        name, _, direction = part.partition(".")
        if direction not in ("", "asc", "desc"):
            raise query_problem("order", "write column, column.asc or column.desc")
        if name in terms:
            raise query_problem("order", "a column is named twice")
        column = _column(mart, "order", name)
        if column.family is Family.NESTED:
            raise query_problem("order", f"{name} of type {column.type} has no order")
        if distinct is not None and column not in distinct:
            raise query_problem("order", f"{name} must be selected when distinct=true")
        is_descending = direction == "desc"
        terms[name] = OrderTerm(column, is_descending)
    # What makes the order total runs in the same direction as the last term: one index serves both.
    rest = [mart.columns[name] for name in mart.key] if distinct is None else distinct
    for column in rest:
        if column.family is Family.NESTED:
            raise query_problem("select", f"{column.name} of type {column.type} cannot be distinct")
        terms.setdefault(column.name, OrderTerm(column, is_descending))
    return tuple(terms.values())


def _column(mart: ServedMart, parameter: str, name: str) -> Column:
    column = mart.columns.get(name)
    if column is None:
        raise query_problem(parameter, f"{mart.name} has no column {name[:100]!r}")
    return column


def page_statement(query: MartQuery, cursor: Cursor | None) -> Statement:
    """One row: the page as JSON text, whether there is more, and the ordering values (as text) of its last row as JSON."""
    limit = query.limit or DEFAULT_LIMIT
    needed = list(dict.fromkeys([*query.select, *(term.column for term in query.order)]))
    conditions, params = _where(query, cursor)
    statement = sql.SQL(
        "with page as materialized (select {distinct}{needed} from {mart}{where}{order} limit {one_more})"
        " select (select coalesce(json_agg(r), '[]')::text from (select {shown} from page limit {limit}) r),"
        " (select count(*) from page) > {limit},"
        " (select json_build_array({last})::text from page offset {last_row} limit 1)"
    ).format(
        distinct=sql.SQL("distinct " if query.is_distinct else ""),
        needed=_names(needed),
        mart=_table(query.mart),
        where=conditions,
        order=_order_by(query),
        one_more=sql.Literal(limit + 1),
        shown=sql.SQL(", ").join(json_columns(query)) if query.bigint_as_text else _names(query.select),
        limit=sql.Literal(limit),
        last=sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(term.column.name)) for term in query.order),
        last_row=sql.Literal(limit - 1),
    )
    return Statement(statement, params)


def count_statement(query: MartQuery) -> Statement | None:
    """How many rows there are in all: counted, or estimated by the planner; None when nobody asked."""
    if query.count == "none":
        return None
    conditions, params = _where(query, None)
    rows = sql.SQL("select {}{} from {}{}").format(
        sql.SQL("distinct " if query.is_distinct else ""), _names(query.select), _table(query.mart), conditions
    )
    wrapped = "explain (format json) {}" if query.count == "planned" else "select count(*) from ({}) counted"
    return Statement(sql.SQL(wrapped).format(rows), params)


def read_count(query: MartQuery, rows: Sequence[tuple[Any, ...]]) -> int:
    """The number from the row of `count_statement`."""
    value = rows[0][0]
    return int(value[0]["Plan"]["Plan Rows"]) if query.count == "planned" else int(value)


def rows_statement(query: MartQuery, shown: Sequence[sql.Composable], alias_rows: bool) -> tuple[sql.Composed, list[Any]]:
    """All rows of an export in order, without a page: `shown` are its expressions; as one JSON text per row with `alias_rows`."""
    conditions, params = _where(query, None)
    limit = sql.SQL("") if query.limit is None else sql.SQL(" limit {}").format(sql.Literal(query.limit))
    needed = list(dict.fromkeys([*query.select, *(term.column for term in query.order)]))
    inner = sql.SQL("select {distinct}{needed} from {mart}{where}{order}{limit}").format(
        distinct=sql.SQL("distinct " if query.is_distinct else ""),
        needed=_names(needed), mart=_table(query.mart), where=conditions, order=_order_by(query), limit=limit,
    )  # fmt: skip
    outer = sql.SQL("select row_to_json(r)::text from (select {} from ({}) q) r" if alias_rows else "select {} from ({}) q")
    return outer.format(sql.SQL(", ").join(shown), inner), params


def json_columns(query: MartQuery) -> list[sql.Composable]:
    """The selected columns as JSON shows them."""
    return [_json_value(column, query.bigint_as_text) for column in query.select]


def _json_value(column: Column, bigint_as_text: bool) -> sql.Composable:
    name = sql.Identifier(column.name)
    return sql.SQL("{}::text as {}").format(name, name) if bigint_as_text and column.type == "bigint" else name


def _table(mart: ServedMart) -> sql.Identifier:
    return sql.Identifier("marts", mart.name)


def _names(columns: Sequence[Column]) -> sql.SQL:
    return _quoted(tuple(column.name for column in columns))


@functools.lru_cache(maxsize=1024)
def _quoted(names: tuple[str, ...]) -> sql.SQL:
    """Quoting the names of a wide mart takes as long as sending all of its query."""
    return sql.SQL(sql.SQL(", ").join(map(sql.Identifier, names)).as_string())


def _order_by(query: MartQuery) -> sql.Composed:
    terms = []
    for term in query.order:
        direction = " desc" if term.is_descending else ""
        # Only where it matters: with NULLS LAST on a column without NULLs the key's index would not serve.
        nulls = " nulls last" if term.is_descending and term.column.is_nullable else ""
        terms.append(sql.SQL("{}" + direction + nulls).format(sql.Identifier(term.column.name)))
    return sql.SQL(" order by ") + sql.SQL(", ").join(terms)


def _where(query: MartQuery, cursor: Cursor | None) -> tuple[sql.Composable, list[Any]]:
    conditions = [condition.condition for condition in query.filters]
    params: list[Any] = [value for condition in query.filters for value in condition.params]
    if cursor is not None:
        condition, values = _after(query.order, cursor.last)
        conditions.append(condition)
        params += values
    if not conditions:
        return sql.SQL(""), params
    return sql.SQL(" where ") + sql.SQL(" and ").join(conditions), params


def _after(order: Sequence[OrderTerm], last: Sequence[str | None]) -> tuple[sql.Composable, list[Any]]:
    """Rows after the one with these values in this order."""
    if not any(term.column.is_nullable for term in order) and len({term.is_descending for term in order}) == 1:
        # A comparison of rows, which an index serves.
        condition = sql.SQL("({}) {} ({})").format(
            _names([term.column for term in order]),
            sql.SQL("<" if order[0].is_descending else ">"),
            sql.SQL(", ").join(typed_placeholder(term.column) for term in order),
        )
        return condition, list(last)
    alternatives: list[sql.Composable] = []
    params: list[Any] = []
    for position, (term, value) in enumerate(zip(order, last, strict=True)):
        if value is None:
            continue  # NULLs come last: nothing of this column comes after one
        parts: list[sql.Composable] = []
        for earlier, known in zip(order[:position], last[:position], strict=True):
            name = sql.Identifier(earlier.column.name)
            parts.append(
                sql.SQL("{} is null").format(name) if known is None else sql.SQL("{} = {}").format(name, typed_placeholder(earlier.column))
            )
            params += [] if known is None else [known]
        name = sql.Identifier(term.column.name)
        comparison = sql.SQL("{} {} {}").format(name, sql.SQL("<" if term.is_descending else ">"), typed_placeholder(term.column))
        parts.append(sql.SQL("({} or {} is null)").format(comparison, name) if term.column.is_nullable else comparison)
        params.append(value)
        alternatives.append(sql.SQL("({})").format(sql.SQL(" and ").join(parts)))
    return sql.SQL("({})").format(sql.SQL(" or ").join(alternatives) if alternatives else sql.SQL("false")), params

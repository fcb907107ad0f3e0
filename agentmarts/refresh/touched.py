"""Deriving what is touched: the first step of an incremental run, a few dozen small statements in one transaction, of all domains at once.

The statements are the dbt models themselves, compiled once per version of the project and kept under AGENTMARTS_HOME; only the executing is
ours. dbt takes tens of milliseconds per model to build nothing, and mostly nothing is touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from agentmarts.refresh.selection import TABLES, changes_seldom, derived_models, is_kept, touched_relations
from agentmarts.refresh.transform import TransformError
from agentmarts.warehouse.connection import Connection

SMALL_BYTES = 4 * 1024 * 1024
"""A larger relation is emptied by truncate, whose cost is constant but higher than that of deleting a few rows."""
Compile = Callable[[Sequence[str]], Mapping[str, str]]
"""From names of models to their SQL in an incremental run."""


@dataclass(frozen=True)
class Derivation:
    """One derived model: its rows are all rows of `query`."""

    name: str
    query: str
    columns: tuple[str, ...]
    reads: tuple[str, ...]
    """Models it is computed from; views in between count with what they read."""
    rows_of: tuple[str, ...]
    """Relations without whose rows it has none (`meta.rows_of`); empty: always evaluated."""
    stands_without: tuple[str, ...]
    """Relations without whose rows, now and in the run before, it is what that run left (`meta.stands_without`)."""
    stays_empty: bool
    """Whether without a row it has none until a derived relation that it reads changes (`meta.stays_empty`)."""
    changes_seldom: bool
    is_kept: bool


@dataclass(frozen=True)
class Derived:
    """What a derivation found."""

    touched: frozenset[str]
    """Touched relations that have a row."""
    changed: frozenset[str]
    """Derived relations that may have come out differently than the last published run left them."""


def derivations(
    manifest: Mapping[str, Any], connection: Connection, cache: Path, version: str, compile_models: Compile
) -> list[Derivation]:
    """The statements of an incremental run, in order: read from `cache` if that was made for `version`, else compiled and kept there.

    Every relation they read must be there: what a missing one would make of them would be kept.
    """
    try:
        kept = json.loads(cache.read_bytes())
        if kept["version"] == version:
            return msgspec.convert(kept["derivations"], list[Derivation])
    except (OSError, ValueError, KeyError, TypeError, msgspec.ValidationError):
        pass  # not there yet, of another release, or half written
    nodes = manifest["nodes"]
    keys = derived_models(manifest)
    queries = compile_models([nodes[key]["name"] for key in keys])
    made = [
        Derivation(
            name=nodes[key]["name"],
            query=queries[key],
            columns=_columns(connection, queries[key]),
            reads=tuple(sorted(_reads(manifest, key))),
            rows_of=tuple(meta.get("rows_of", ())),
            stands_without=tuple(meta.get("stands_without", ())),
            stays_empty=bool(meta.get("stays_empty")),
            changes_seldom=changes_seldom(manifest, key),
            is_kept=is_kept(manifest, key),
        )
        for key in keys
        if nodes[key]["config"]["materialized"] in TABLES
        for meta in (nodes[key]["config"].get("meta") or {},)
    ]
    draft = cache.with_suffix(".draft")
    draft.write_text(json.dumps({"version": version, "derivations": [asdict(one) for one in made]}))
    draft.replace(cache)
    return made


def derive(connection: Connection, manifest: Mapping[str, Any], statements: Sequence[Derivation], *, is_trusted: bool) -> Derived:
    """Make all derived relations anew, as am_transform, in one transaction, and say which touched ones have a row.

    Raises TransformError with the name of the model whose statement fails; nothing of the derivation is kept then.
    `is_trusted`: the run before was published, so that what changes seldom is known to be as its inputs were then. Else all is made anew
    and counts as changed.
    """
    with connection.transaction():
        # Compiling one of these statements, or starting workers for it, takes longer than most of them: workers are for those that read
        # tens of millions of rows, after a recalculation or a long outage.
        connection.execute("set local jit = off")
        connection.execute("set local parallel_setup_cost = 100000")
        state = _States(connection, statements)
        changed: set[str] = set()
        for one in statements:
            try:
                if _make(connection, one, state, changed if is_trusted else None):
                    changed.add(one.name)
            except psycopg.Error as error:
                raise TransformError(f"{one.name}: {' '.join(str(error).split())}") from error
        touched = frozenset(name for name in touched_relations(manifest) if not state.is_empty(name))
    return Derived(touched, frozenset(changed) if is_trusted else frozenset(one.name for one in statements))


def _make(connection: Connection, one: Derivation, state: _States, changed: Collection[str] | None) -> bool:
    """Make a derived relation, where it may be another one; returns whether it is. `changed` is None when nothing is known of before."""
    was_empty = state.is_empty(one.name)
    if one.rows_of and all(state.is_empty(name) for name in one.rows_of):
        state.empty(one.name)
        return not was_empty
    if changed is not None and (_is_untouched(one, state, changed) or _stands(connection, one, changed)):
        return False
    state.empty(one.name)
    state.fill(one)
    return not (was_empty and state.is_empty(one.name))


def missing_relations(manifest: Mapping[str, Any], connection: Connection) -> frozenset[str]:
    """Names of models and seeds that `build` lacks: after a run that was killed, or when a view went with the table below it."""
    names = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where to_regclass('build.' || quote_ident(name)) is null", (names,)
    ).fetchall()
    return frozenset(row[0] for row in rows)


class _States:
    """Which relations have rows, looked up once and kept up to date."""

    def __init__(self, connection: Connection, statements: Sequence[Derivation]) -> None:
        self._connection = connection
        self._empty: dict[str, bool] = {}
        self._is_large: dict[str, bool] = {}
        looks = sql.SQL(" union all ").join(
            sql.SQL("select {name}, not exists (select from {table}), pg_relation_size({regclass}::regclass) > {small}").format(
                name=sql.Literal(one.name),
                table=_table(one.name),
                regclass=sql.Literal(f"build.{one.name}"),
                small=sql.Literal(SMALL_BYTES),
            )
            for one in statements
        )
        for name, is_empty, is_large in connection.execute(looks).fetchall():
            self._empty[name], self._is_large[name] = is_empty, is_large
        self._was_empty = dict(self._empty)

    def is_empty(self, name: str) -> bool:
        if name not in self._empty:
            row = self._connection.execute(sql.SQL("select not exists (select from {})").format(_table(name))).fetchone()
            self._empty[name] = bool(row and row[0])
        return self._empty[name]

    def was_empty(self, name: str) -> bool:
        """Whether the run before left the derived relation without a row."""
        return self._was_empty[name]

    def empty(self, name: str) -> None:
        if self._is_large[name]:
            self._connection.execute(sql.SQL("truncate {}").format(_table(name)))
        elif not self._empty[name]:
            self._connection.execute(sql.SQL("delete from {}").format(_table(name)))
        self._empty[name] = True

    def fill(self, one: Derivation) -> None:
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in one.columns)
        done = self._connection.execute(
            sql.SQL("insert into {} ({}) select {} from ({}\n) as derived").format(_table(one.name), columns, columns, sql.SQL(one.query))
        )
        self._empty[one.name] = done.rowcount == 0
        if done.rowcount:
            self._connection.execute(sql.SQL("analyze {}").format(_table(one.name)))


def _stands(connection: Connection, one: Derivation, changed: Collection[str]) -> bool:
    """Whether a derived relation is what it would be if it were made anew."""
    if one.is_kept and not set(changed) & set(one.reads):
        return True
    return one.changes_seldom and _is_same(connection, one)


def _is_untouched(one: Derivation, state: _States, changed: Collection[str]) -> bool:
    """Whether nothing that its rows come from was there, now and in the run before; cheaper than to compare."""
    if one.stands_without:
        return all(state.is_empty(name) and state.was_empty(name) for name in one.stands_without)
    return one.stays_empty and state.was_empty(one.name) and not set(changed) & set(one.reads)


def _is_same(connection: Connection, one: Derivation) -> bool:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in one.columns)
    row = connection.execute(
        sql.SQL(
            "with derived as materialized (select {columns} from ({query}\n) as q), stored as (select {columns} from {table})"
            " select not exists (select * from derived except all select * from stored)"
            " and not exists (select * from stored except all select * from derived)"
        ).format(columns=columns, query=sql.SQL(one.query), table=_table(one.name))
    ).fetchone()
    return bool(row and row[0])


def _columns(connection: Connection, query: str) -> tuple[str, ...]:
    cursor = connection.execute(sql.SQL("select * from ({}\n) as described limit 0").format(sql.SQL(query)))
    return tuple(column.name for column in cursor.description or ())


def _reads(manifest: Mapping[str, Any], key: str) -> set[str]:
    found: set[str] = set()
    for parent in manifest["parent_map"][key]:
        node = manifest["nodes"].get(parent)
        if node is not None:
            found |= _reads(manifest, parent) if node["config"]["materialized"] == "view" else {node["name"]}
    return found


def _table(name: str) -> sql.Identifier:
    return sql.Identifier("build", name)

"""The dictionary leaves nothing out: every column that a reader can select in schema `marts` has its row in metric_definitions."""

from __future__ import annotations

import re

import pytest

from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import connect

Columns = dict[str, list[tuple[str, str]]]
"""Names and types of the columns by what they are columns of, in order; a function has its parentheses."""

RELATIONS = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'marts'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attname <> 'published_version'
    order by c.relname, a.attnum
"""
# What a function gives are its columns, or its one value, which PostgreSQL calls by the function's name.
FUNCTIONS = """
    select p.proname || '()', coalesce(o.name, p.proname), format_type(coalesce(o.type, p.prorettype), null)
    from pg_proc p
    left join lateral (
      select a.name, a.type, a.position
      from unnest(p.proargnames, p.proallargtypes, p.proargmodes) with ordinality as a (name, type, mode, position)
      where a.mode = 't'
    ) o on true
    where p.pronamespace = 'marts'::regnamespace
    order by p.proname, o.position
"""
DEFINITIONS = "select mart, column_name, data_type from marts.metric_definitions order by mart, position"


def columns_of(settings: Settings, query: str) -> Columns:
    found: Columns = {}
    with connect(settings) as connection:
        for name, column, data_type in connection.execute(query.encode()).fetchall():
            found.setdefault(name, []).append((column, str(data_type).replace("timestamptz", "timestamp with time zone")))
    return found


@pytest.mark.parametrize("query", [RELATIONS, FUNCTIONS], ids=["marts and logs", "functions"])
def test_nothing_is_left_out(built_warehouse: Settings, query: str) -> None:
    defined, there = columns_of(built_warehouse, DEFINITIONS), columns_of(built_warehouse, query)
    assert {name: defined.get(name) for name in there} == there


def test_nothing_is_made_up(built_warehouse: Settings) -> None:
    there = {**columns_of(built_warehouse, RELATIONS), **columns_of(built_warehouse, FUNCTIONS)}
    assert set(columns_of(built_warehouse, DEFINITIONS)) == set(there)


def test_logs_and_functions_say_what_they_give(built_warehouse: Settings) -> None:
    """A unit for each column, a formula for each count, rate and label, and why it may be unknown."""
    with connect(built_warehouse) as connection:
        rows = connection.execute(
            "select mart, column_name, unit, formula, description from marts.metric_definitions"
            " where mart like '%()' or mart in ('publish_log', 'restatements')"
        ).fetchall()
    assert len(rows) > 300
    assert [row for row in rows if not row[2] or not row[4]] == []
    assert [row for row in rows if row[2] == "count" and not row[3] and not row[0].startswith("calibra")] == []


def test_a_figure_that_may_be_unknown_says_why(run_manifest: dict[str, object]) -> None:
    silent = [
        (source["name"], column["name"])
        for source in run_manifest["sources"].values()  # type: ignore[attr-defined]
        if source["source_name"] in ("logs", "functions")
        for column in source["columns"].values()
        if column["description"] and column["config"]["meta"].get("nullable", True) and not re.search(r"\bNULL\b", column["description"])
    ]
    assert silent == []


@pytest.fixture
def run_manifest(built_warehouse: Settings) -> object:
    return load_manifest(built_warehouse)

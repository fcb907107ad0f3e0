"""The comments in the database say what the dbt project says, for every mart and column."""

from __future__ import annotations

from agentmarts.codegen.comments import COMMENTS_FILE, render_comments
from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import connect


def test_the_committed_comments_are_current(settings: Settings) -> None:
    assert COMMENTS_FILE.read_text() == render_comments(load_manifest(settings)), "run `make comments`"


def test_every_table_and_column_of_the_marts_has_a_comment(settings: Settings) -> None:
    with connect(settings) as connection:
        bare = connection.execute(
            """
            select c.relname, a.attname
            from pg_class c
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and col_description(c.oid, a.attnum) is null
            where c.relnamespace = 'marts'::regnamespace and c.relkind = 'r'
              and (a.attname is not null or obj_description(c.oid, 'pg_class') is null)
            """
        ).fetchall()
    assert bare == []


def test_a_quote_in_a_text_survives() -> None:
    manifest = {
        "nodes": {
            "model.x.m": {
                "resource_type": "model",
                "access": "public",
                "name": "m",
                "description": "What\n  it is.",
                "config": {"meta": {"grain": "one row per day"}},
                "columns": {"c": {"name": "c", "description": "It's c.", "config": {"meta": {"unit": "count", "formula": "a - b"}}}},
            }
        },
        "sources": {},
    }
    text = render_comments(manifest)
    assert "comment on table marts.m is 'One row per day. What it is.';" in text
    assert "comment on column marts.m.c is 'It''s c. Formula: a - b. Unit: count.';" in text

"""Comments of the marts and logs, rendered from what the dbt project says of them: BI tools and psql show the same words as the docs.

`python -m agentmarts.codegen.comments` writes `sql_migrations/R__comments.sql`; a test checks that the committed file is current.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import load_settings
from agentmarts.warehouse.migrations import MIGRATIONS_FOLDER

COMMENTS_FILE = MIGRATIONS_FOLDER / "R__comments.sql"
HEADER = """\
-- Written by `make comments` from dbt_project/models/marts: change the words there.
set local role am_owner;
"""
PUBLISHED_VERSION = "Version of the publish that last changed the row, for incremental refresh of BI tools."


def render_comments(manifest: Mapping[str, Any]) -> str:
    """Text of R__comments.sql: a comment for every mart and log, beginning with its grain, and for every column of it."""
    marts = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node.get("access") == "public"]
    logs = [node for node in manifest["sources"].values() if node["source_name"] == "logs"]
    described = sorted([*marts, *logs], key=lambda node: str(node["name"]))
    return HEADER + "".join(f"\n{statement}" for mart in described for statement in _comments_of(mart))


def _comments_of(mart: Mapping[str, Any]) -> Iterator[str]:
    name = mart["name"]
    grain = str(mart["config"]["meta"]["grain"])
    sentence = f"{grain[0].upper()}{grain[1:]}. {_one_line(mart['description'])}"
    yield f"\ncomment on table marts.{name} is {_literal(sentence)};"
    for column in mart["columns"].values():
        yield f"comment on column marts.{name}.{column['name']} is {_literal(_text_of(column))};"
    if mart["resource_type"] == "model":
        yield f"comment on column marts.{name}.published_version is {_literal(PUBLISHED_VERSION)};"


def _text_of(column: Mapping[str, Any]) -> str:
    """Meaning, then formula, then unit, as far as they are given."""
    meta = column.get("config", {}).get("meta", {})
    parts = [_one_line(column["description"])]
    if meta.get("formula"):
        parts.append(f"Formula: {_one_line(meta['formula'])}.")
    if meta.get("unit"):
        parts.append(f"Unit: {meta['unit']}.")
    return " ".join(parts)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def write_comments(path: Path = COMMENTS_FILE) -> None:
    """Render the comments of the current dbt project into the repeatable migration."""
    path.write_text(render_comments(load_manifest(load_settings())))


if __name__ == "__main__":
    write_comments()

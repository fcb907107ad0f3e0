"""Builds of tests that look at figures: without dbt's data tests, and in a rebuild without domains of which there is not a row.

A full run of dbt takes ten seconds, most of them for models that stay empty. Tests of dbt's tests, of the selection and of Dagster
are marked `whole_builds` and get all of it; so does everything that runs in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psycopg import sql

from agentmarts.settings import Settings
from agentmarts.warehouse import refresh as refresh_module
from agentmarts.warehouse.connection import Connection, Role, connect
from agentmarts.warehouse.transform import NIGHTLY, NodeOutcome, load_manifest, run_dbt

DOMAINS = ("conversations", "learning", "social")
WITHOUT_TESTS = ("--exclude-resource-type", "test")

_is_lean = True


def patch() -> None:
    """Let `refresh` build lean wherever `choose` said so; the rest of it is the real one."""
    refresh_module.run_dbt = _lean_run  # type: ignore[attr-defined]


def choose(*, lean: bool) -> None:
    """Whether the next tests build lean."""
    global _is_lean  # noqa: PLW0603
    _is_lean = lean


def _lean_run(settings: Settings, args: Sequence[str], on_node: Callable[[NodeOutcome], None] = lambda outcome: None) -> list[NodeOutcome]:
    if not _is_lean:
        return run_dbt(settings, args, on_node)
    if "--full-refresh" in args:
        # Not their staging: those views go with views of other domains that are replaced below them.
        layers = ("intermediate", "marts")
        idle = " ".join(f"path:dbt_project/models/{layer}/{domain}" for domain in idle_domains(settings) for layer in layers)
        args = [f"{NIGHTLY} {idle}" if idle and one == NIGHTLY else one for one in args]
    return run_dbt(settings, [args[0], *WITHOUT_TESTS, *args[1:]], on_node)


def idle_domains(settings: Settings) -> list[str]:
    """Domains of which raw never had a row, and whose tables are there and empty."""
    manifest = load_manifest(settings)
    with connect(settings, Role.TRANSFORM) as connection:
        return [domain for domain in DOMAINS if _is_idle(manifest, connection, domain)]


def _is_idle(manifest: Mapping[str, Any], connection: Connection, domain: str) -> bool:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["fqn"][2] == domain]
    sources = {manifest["sources"][key]["name"] for node in nodes for key in node["depends_on"]["nodes"] if key in manifest["sources"]}
    names = [node["name"] for node in nodes]
    missing = connection.execute(
        "select 1 from unnest(%s::text[]) as name where to_regclass('build.' || name) is null limit 1", (names,)
    ).fetchone()
    marts = [node["name"] for node in nodes if node["access"] == "public"]
    return missing is None and not any(
        _has_rows(connection, schema, table) for schema, tables in (("raw", sorted(sources)), ("build", marts)) for table in tables
    )


def _has_rows(connection: Connection, schema: str, table: str) -> bool:
    row = connection.execute(sql.SQL("select exists (select from {})").format(sql.Identifier(schema, table))).fetchone()
    return bool(row and row[0])

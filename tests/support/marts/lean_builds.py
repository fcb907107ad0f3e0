"""Builds of tests that look at figures: without dbt's data tests, and in a rebuild without domains of which there is not a row.

A full run of dbt takes ten seconds, most of them for models that stay empty. Tests of dbt's tests, of the selection and of Dagster
are marked `whole_builds` and get all of it; so does everything that runs in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psycopg import sql

from agentmarts.refresh import run as refresh_module
from agentmarts.refresh.run import UNCHANGING
from agentmarts.refresh.selection import ancestors, is_mart, spare_views
from agentmarts.refresh.touched import missing_relations
from agentmarts.refresh.transform import NIGHTLY, NodeOutcome, load_manifest, run_dbt
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect

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
    if "--full-refresh" in args and (spared := " ".join(spared_of_a_rebuild(settings))):
        args = [f"{NIGHTLY} {spared}" if one == NIGHTLY else one for one in args]
    return run_dbt(settings, [args[0], *WITHOUT_TESTS, *args[1:]], on_node)


def spared_of_a_rebuild(settings: Settings) -> list[str]:
    """Selectors of what a rebuild would make as it is: views of raw, seeds, and models from which only idle domains are computed.

    Nothing, unless all of it is there.
    """
    manifest = load_manifest(settings)
    with connect(settings, Role.TRANSFORM) as connection:
        if missing_relations(manifest, connection) - spare_views(manifest):
            return []
        idle = {domain for domain in DOMAINS if _is_idle(manifest, connection, domain)}
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model" and node["fqn"][1] != "staging"}
    domains: dict[str, set[str]] = {key: set() for key in nodes}
    for key, node in nodes.items():
        if is_mart(node):
            for one in (key, *ancestors(manifest, key)):
                if one in domains:
                    domains[one].add(node["fqn"][2])
    return [*UNCHANGING, *sorted(nodes[key]["name"] for key, found in domains.items() if found and found <= idle)]


def _is_idle(manifest: Mapping[str, Any], connection: Connection, domain: str) -> bool:
    """Whether raw never had a row of the domain, and its marts are empty."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["fqn"][2] == domain]
    sources = {manifest["sources"][key]["name"] for node in nodes for key in node["depends_on"]["nodes"] if key in manifest["sources"]}
    marts = [node["name"] for node in nodes if is_mart(node)]
    return not any(
        _has_rows(connection, schema, table) for schema, tables in (("raw", sorted(sources)), ("build", marts)) for table in tables
    )


def _has_rows(connection: Connection, schema: str, table: str) -> bool:
    row = connection.execute(sql.SQL("select exists (select from {})").format(sql.Identifier(schema, table))).fetchone()
    return bool(row and row[0])

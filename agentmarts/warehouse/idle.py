"""What a refresh can leave out: domains in which nothing ever happened, and what only a new definition changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from psycopg import sql

from agentmarts.warehouse.connection import Connection

DOMAINS = ("conversations", "learning", "social")
"""Tags of the dbt project. Their raw streams are the sources of the staging models in the folder of the same name."""
UNCHANGING = ("path:dbt_project/models/staging", "path:dbt_project/seeds")
"""Views of raw, and seeds: the same after every run until the project changes, and then the run is full."""


def what_to_leave_out(manifest: Mapping[str, Any], connection: Connection) -> tuple[str, ...]:
    """Selectors of dbt for all that an incremental run need not build. Ask it only once the window is open: rows that come later wait.

    Nothing is left out whose table or view is missing in `build`.
    """
    unchanging = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed" or _is_staging(node)]
    left_out = list(UNCHANGING) if all(_exists(connection, node["name"]) for node in unchanging) else []
    return (*left_out, *(f"tag:{domain}" for domain in DOMAINS if _is_idle(manifest, connection, domain)))


def marts_of(manifest: Mapping[str, Any], left_out: Sequence[str]) -> list[str]:
    """Names of the marts that these selectors leave out, each behind those it is computed from."""
    nodes = manifest["nodes"]
    marts = {
        key
        for key, node in nodes.items()
        if node["resource_type"] == "model" and node["access"] == "public" and any(f"tag:{tag}" in left_out for tag in node["tags"])
    }
    return [nodes[key]["name"] for key in TopologicalSorter(manifest["parent_map"]).static_order() if key in marts]


def _is_idle(manifest: Mapping[str, Any], connection: Connection, domain: str) -> bool:
    """Whether no stream of the domain ever had a row, and all that was built of it is there and empty.

    Its views may be gone: PostgreSQL drops them with the tables of other domains that a run replaces. They come back with its first row.
    """
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and domain in node["tags"]]
    staging = [node for node in manifest["nodes"].values() if _is_staging(node) and node["fqn"][2] == domain]
    sources = {source for node in staging for source in node["depends_on"]["nodes"] if source in manifest["sources"]}
    marts = [node["name"] for node in nodes if node["access"] == "public"]
    tables = [node["name"] for node in nodes if node["config"]["materialized"] != "view"]
    return (
        all(_exists(connection, table) for table in tables)
        and not any(_has_rows(connection, "raw", manifest["sources"][source]["name"]) for source in sorted(sources))
        and not any(_has_rows(connection, "build", mart) for mart in marts)
    )


def _is_staging(node: Mapping[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["fqn"][1] == "staging")


def _exists(connection: Connection, relation: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", (f"build.{relation}",)).fetchone()
    return bool(row and row[0])


def _has_rows(connection: Connection, schema: str, table: str) -> bool:
    row = connection.execute(sql.SQL("select exists (select from {})").format(sql.Identifier(schema, table))).fetchone()
    return bool(row and row[0])

"""What a refresh has to build: pure functions over dbt's manifest. No database, no dbt.

Four kinds of models (staging and seeds only change with the project, and then the run is full):

* *derived*: the touched relations, tables that change seldom (`meta.changes_seldom`), all that they are computed from, and what is computed
  of nothing else. An incremental run makes them in a few statements of its own (`touched.py`) before it knows what else to do.
* *corrected in place* (`meta.touched_by`): they run if their touched relation has a row.
* *made anew* for those that run: tables and views that are nobody's state. They run if something that runs reads them.
* *whole*: small marts without a touched relation. They run if a relation they read has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

Manifest = Mapping[str, Any]
TABLES = ("table", "transient")
"""Materializations of tables that are made anew."""


def touched_relations(manifest: Manifest) -> frozenset[str]:
    """Names of the relations that say what a run recomputes: every `meta.touched_by` of the project."""
    return frozenset(cells for _, node in _models(manifest) if (cells := _meta(node).get("touched_by")))


def backlog_relations(manifest: Manifest) -> list[str]:
    """Relations whose rows join those of the next run if this one never publishes: `meta: {touched: true}`."""
    return sorted(node["name"] for _, node in _models(manifest) if _meta(node).get("touched"))


def derived_models(manifest: Manifest) -> list[str]:
    """Ids of the models that an incremental run makes before anything else, each behind those it reads. Views among them stand already.

    Raises ValueError when a touched relation hangs on a model that is corrected in place: it would read the state it is to correct.
    """
    nodes = manifest["nodes"]
    by_name = {node["name"]: key for key, node in _models(manifest)}
    found: set[str] = set()
    waiting = [by_name[name] for name in touched_relations(manifest)]
    waiting += [key for key, _ in _models(manifest) if changes_seldom(manifest, key)]
    while waiting:
        key = waiting.pop()
        if key in found or not _is_model(manifest, key) or _is_staging(nodes[key]):
            continue
        if nodes[key]["config"]["materialized"] == "incremental":
            raise ValueError(f"a touched relation reads {nodes[key]['name']}, which is corrected in place: use previous_relation()")
        found.add(key)
        waiting += manifest["parent_map"][key]
    for key in _in_order(manifest):
        if _is_model(manifest, key) and _is_plain_table(nodes[key]) and is_kept(manifest, key):
            found.add(key)
    return [key for key in _in_order(manifest) if key in found]


def changes_seldom(manifest: Manifest, key: str) -> bool:
    """Whether a run compares the model with what it finds and mostly leaves it alone (`meta.changes_seldom`)."""
    return bool(_meta(manifest["nodes"][key]).get("changes_seldom"))


def is_kept(manifest: Manifest, key: str) -> bool:
    """Whether the model is computed of tables that change seldom and of nothing else, so that it changes only with one of them.

    One that `stays_empty` also reads what the run before left.
    """
    parents = manifest["parent_map"][key]
    return (
        bool(parents)
        and not _meta(manifest["nodes"][key]).get("stays_empty")
        and all(
            _is_model(manifest, parent)
            and (changes_seldom(manifest, parent) or (_is_plain_table(manifest["nodes"][parent]) and is_kept(manifest, parent)))
            for parent in parents
        )
    )


def models_to_build(
    manifest: Manifest, *, touched: Collection[str], changed: Collection[str], missing: Collection[str] = ()
) -> frozenset[str]:
    """Ids of the models that dbt has to build in an incremental run, behind the derived ones.

    `touched`: names of touched relations that have a row; `changed`: names of derived relations that came out differently than the last
    published run left them; `missing`: names of views that `build` lacks. Nothing else that a model reads can have changed.
    """
    nodes = manifest["nodes"]
    derived = set(derived_models(manifest))
    running = {key for key, node in _models(manifest) if _meta(node).get("touched_by") in touched} | {
        key
        for key, node in _models(manifest)
        if is_mart(node)
        and "touched_by" not in _meta(node)
        and any(nodes[p]["name"] in changed for p in manifest["parent_map"][key] if p in nodes)
    }
    needed: set[str] = set()
    waiting = [parent for key in running for parent in manifest["parent_map"][key]]
    while waiting:
        key = waiting.pop()
        if key in needed or key in derived or not _is_model(manifest, key) or _is_staging(nodes[key]) or _is_state(nodes[key]):
            continue
        needed.add(key)
        waiting += manifest["parent_map"][key]
    # A view stands as it is, unless one of the tables below it is replaced and takes it along.
    for key in _in_order(manifest):
        if key in needed and nodes[key]["config"]["materialized"] == "view":
            below = set(manifest["parent_map"][key]) & needed
            if not below and nodes[key]["name"] not in missing:
                needed.discard(key)
    return frozenset(running | needed)


def tests_to_run(manifest: Manifest, models: Collection[str]) -> frozenset[str]:
    """Ids of the data tests of these models and of all derived models that they are computed from; nightly ones are left out."""
    derived = set(derived_models(manifest))
    looked_at = set(models)
    waiting = list(models)
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), ()):
            if parent in derived and parent not in looked_at:
                looked_at.add(parent)
                waiting.append(parent)
    return frozenset(
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and "nightly" not in node["tags"] and looked_at & set(node["depends_on"]["nodes"])
    )


def marts_among(manifest: Manifest, models: Iterable[str]) -> list[str]:
    """Names of the marts among models, each behind those it is computed from."""
    chosen = set(models)
    return [manifest["nodes"][key]["name"] for key in _in_order(manifest) if key in chosen and is_mart(manifest["nodes"][key])]


def ancestors(manifest: Manifest, key: str) -> frozenset[str]:
    """Ids of all that a node is computed from, however far back."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


def is_mart(node: Mapping[str, Any]) -> bool:
    """Whether a node of the manifest is a model that anybody may read (access public)."""
    return bool(node["resource_type"] == "model" and node["access"] == "public")


def unchanging(manifest: Manifest) -> list[str]:
    """Names of seeds and staging models: the same after every run until the project changes, and then the run is full."""
    return [
        node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "seed" or (_is_a_model(node) and _is_staging(node))
    ]


def spare_views(manifest: Manifest) -> frozenset[str]:
    """Names of the views that a run makes again when it needs them; those that it derives by must be there."""
    derived = set(derived_models(manifest))
    return frozenset(node["name"] for key, node in _models(manifest) if node["config"]["materialized"] == "view" and key not in derived)


def _in_order(manifest: Manifest) -> Iterable[str]:
    return TopologicalSorter(manifest["parent_map"]).static_order()


def _models(manifest: Manifest) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return ((key, node) for key, node in manifest["nodes"].items() if _is_a_model(node))


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = node["config"].get("meta") or {}
    return meta


def _is_a_model(node: Mapping[str, Any]) -> bool:
    return bool(node["resource_type"] == "model")


def _is_model(manifest: Manifest, key: str) -> bool:
    return key in manifest["nodes"] and _is_a_model(manifest["nodes"][key])


def _is_staging(node: Mapping[str, Any]) -> bool:
    return bool(node["fqn"][1] == "staging")


def _is_plain_table(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] in TABLES and not is_mart(node) and not _is_staging(node))


def _is_state(node: Mapping[str, Any]) -> bool:
    """Corrected in place, or a mart: it stands as the last run left it."""
    return bool(node["config"]["materialized"] == "incremental" or is_mart(node))

"""Which models a refresh builds: over a small project whose answers are plain, and over our own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agentmarts.refresh.selection import (
    changes_seldom,
    derived_models,
    is_kept,
    is_mart,
    marts_among,
    models_to_build,
    tests_to_run,
    touched_relations,
)
from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import Settings

tests_to_run.__test__ = False  # type: ignore[attr-defined]


def model(name: str, *parents: str, layer: str = "intermediate", materialized: str = "transient", **meta: Any) -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": "model",
        "fqn": ["shop", layer, "sales", name],
        "access": "public" if layer == "marts" else "protected",
        "config": {"materialized": materialized, "meta": meta},
        "depends_on": {"nodes": list(parents)},
        "tags": [],
    }


def check(name: str, *parents: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": "test",
        "fqn": ["shop", name],
        "config": {},
        "depends_on": {"nodes": list(parents)},
        "tags": list(tags),
    }


def project(*nodes: dict[str, Any]) -> Mapping[str, Any]:
    """A manifest in which a node's id is its name."""
    return {
        "nodes": {node["name"]: node for node in nodes},
        "parent_map": {"raw": [], **{node["name"]: node["depends_on"]["nodes"] for node in nodes}},
    }


SHOP = project(
    model("stg_sales", "raw", layer="staging", materialized="view"),
    model("today", "stg_sales", changes_seldom=True),
    model("calendar", "today"),
    model("sold_to", "stg_sales"),
    model("touched_sales", "sold_to", "calendar"),
    model("touched_days", "touched_sales"),
    model("prices", "stg_sales", "touched_sales"),
    model("priced", "prices", materialized="view"),
    model("named", "touched_sales", materialized="view"),
    model("sales", "priced", "named", "touched_sales", layer="marts", materialized="incremental", touched_by="touched_sales"),
    model("days", "sales", "calendar", "touched_days", layer="marts", materialized="incremental", touched_by="touched_days"),
    model("dim_today", "today", layer="marts", materialized="table"),
    model("dictionary", layer="marts", materialized="table"),
    check("sales_are_right", "sales"),
    check("days_are_right", "days"),
    check("days_have_sales", "days", "sales", tags=("nightly",)),
    check("calendar_is_whole", "calendar"),
)


def test_derived_is_all_that_touched_relations_are_computed_from_and_what_seldom_changes() -> None:
    order = derived_models(SHOP)
    assert set(order) == {"today", "calendar", "sold_to", "touched_sales", "touched_days"}
    assert order.index("today") < order.index("calendar") < order.index("touched_sales") < order.index("touched_days")


def test_nothing_touched_builds_nothing() -> None:
    assert models_to_build(SHOP, touched=[], changed=[]) == set()


def test_a_touched_mart_runs_with_what_it_reads_and_no_mart_beside_it() -> None:
    assert models_to_build(SHOP, touched=["touched_sales"], changed=[]) == {"sales", "prices", "priced"}
    assert models_to_build(SHOP, touched=["touched_days"], changed=[]) == {"days"}


def test_a_view_runs_when_a_table_below_it_is_replaced_or_when_it_is_missing() -> None:
    assert "named" not in models_to_build(SHOP, touched=["touched_sales"], changed=[])
    assert "named" in models_to_build(SHOP, touched=["touched_sales"], changed=[], missing=["named"])
    assert "named" not in models_to_build(SHOP, touched=["touched_days"], changed=[], missing=["named"])


def test_a_whole_mart_runs_when_what_it_reads_has_changed() -> None:
    assert models_to_build(SHOP, touched=[], changed=["today"]) == {"dim_today"}
    assert models_to_build(SHOP, touched=[], changed=["calendar"]) == set()


def test_tests_of_what_runs_and_of_the_derived_models_behind_it_run() -> None:
    assert tests_to_run(SHOP, ["sales"]) == {"sales_are_right", "calendar_is_whole"}
    assert tests_to_run(SHOP, ["days"]) == {"days_are_right", "calendar_is_whole"}
    assert tests_to_run(SHOP, []) == set()


def test_marts_come_behind_those_they_are_computed_from() -> None:
    assert marts_among(SHOP, {"days", "prices", "sales"}) == ["sales", "days"]


def test_a_touched_relation_may_not_read_what_is_corrected_in_place() -> None:
    # Why: it is made before that is corrected; whether it sees the state before or after must not hang on the order.
    torn = project(
        model("touched_days", "sales"),
        model("sales", "raw", layer="marts", materialized="incremental", touched_by="touched_days"),
    )
    with pytest.raises(ValueError, match="reads sales, which is corrected in place"):
        derived_models(torn)


@pytest.fixture(scope="module")
def manifest(run_folder: Path) -> Mapping[str, Any]:
    # Parsing needs no database.
    return load_manifest(Settings(home=run_folder / "home"))


def nodes(manifest: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_everything_touched_builds_every_model_but_those_made_before(manifest: Mapping[str, Any]) -> None:
    everything = models_to_build(
        manifest,
        touched=touched_relations(manifest),
        changed=[node["name"] for node in nodes(manifest).values()],
        missing=[node["name"] for node in nodes(manifest).values()],
    )
    left = {node["name"] for key, node in nodes(manifest).items() if key not in everything and node["fqn"][1] != "staging"}
    assert left == {manifest["nodes"][key]["name"] for key in derived_models(manifest)} | {"metric_definitions"}, (
        "the dictionary is made of the project's files: another one is another version, and that run is full"
    )


def test_a_domain_runs_by_its_own_touched_relations_only(manifest: Mapping[str, Any]) -> None:
    # Why: adding marts of one domain must cost the others nothing.
    for domain in ("conversations", "learning", "social"):
        own = {node["config"]["meta"]["touched_by"] for node in nodes(manifest).values() if is_mart(node) and node["fqn"][2] == domain}
        built = models_to_build(manifest, touched=own, changed=[])
        assert {manifest["nodes"][key]["fqn"][2] for key in built} == {domain}


def test_a_mart_without_touched_cells_reads_only_what_is_compared(manifest: Mapping[str, Any]) -> None:
    # Why: it runs when one of them has changed. A change of anything else it would miss.
    for key, node in nodes(manifest).items():
        if is_mart(node) and "touched_by" not in node["config"]["meta"]:
            assert all(changes_seldom(manifest, parent) for parent in manifest["parent_map"][key]), node["name"]


def test_what_is_kept_from_run_to_run_survives_a_crash(manifest: Mapping[str, Any]) -> None:
    # Why: PostgreSQL empties unlogged tables after a crash, and the next run would take the empty table for the old one.
    kept = [key for key in derived_models(manifest) if changes_seldom(manifest, key) or is_kept(manifest, key)]
    assert len(kept) > 5
    assert not [key for key in kept if manifest["nodes"][key]["config"].get("unlogged")]


def test_rows_of_and_stands_without_name_what_the_model_reads(manifest: Mapping[str, Any]) -> None:
    # Why: a relation that it does not read says nothing of its rows.
    def ancestors(key: str) -> set[str]:
        parents = [parent for parent in manifest["parent_map"].get(key, ()) if parent in manifest["nodes"]]
        return {manifest["nodes"][parent]["name"] for parent in parents} | {name for parent in parents for name in ancestors(parent)}

    for key, node in nodes(manifest).items():
        meta = node["config"]["meta"]
        assert {*meta.get("rows_of", ()), *meta.get("stands_without", ())} <= ancestors(key), node["name"]

"""Rules of the dbt project, checked on its manifest: who may read whom, and what every mart must say of itself."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentmarts.refresh.selection import backlog_relations
from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.warehouse.connection import connect

NOTHING_TO_TEST = {"dim_tenant_parameters"}
"""Marts of which nothing but their contract can be broken: here the key, and values that are taken over as they are."""
Manifest = dict[str, Any]
Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest(run_folder: Path) -> Manifest:
    # Parsing needs no database.
    return load_manifest(Settings(home=run_folder / "home"))


def models(manifest: Manifest, layer: str | None = None) -> list[Node]:
    found = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return [node for node in found if layer is None or layer in node["fqn"]]


def marts(manifest: Manifest) -> list[Node]:
    return models(manifest, "marts")


def parents(node: Node) -> Iterator[str]:
    yield from node["depends_on"]["nodes"]


def unit_tested_models(manifest: Manifest) -> set[str]:
    return {test["model"] for test in manifest["unit_tests"].values()}


def test_only_staging_reads_sources(manifest: Manifest) -> None:
    # Why: defaults and the window of the run are applied there, once.
    readers = [node["name"] for node in models(manifest) if any(parent.startswith("source.") for parent in parents(node))]
    assert all(name.startswith("stg_") for name in readers)


def test_marts_never_read_staging(manifest: Manifest) -> None:
    readers = [node["name"] for node in marts(manifest) if any(".stg_" in parent for parent in parents(node))]
    assert readers == []


def test_staging_reads_no_later_layer(manifest: Manifest) -> None:
    later = [
        (node["name"], parent)
        for node in models(manifest, "staging")
        for parent in parents(node)
        if parent.startswith("model.") and ".stg_" not in parent
    ]
    assert later == []


def test_names_tell_the_layer(manifest: Manifest) -> None:
    pattern = {"staging": r"stg_\w+", "intermediate": r"int_(core|conversations|learning|social)__\w+", "marts": r"(?!stg_|int_)\w+"}
    wrong = [node["name"] for layer, shape in pattern.items() for node in models(manifest, layer) if not re.fullmatch(shape, node["name"])]
    assert wrong == []


def test_every_model_has_a_file_of_words_of_its_own(manifest: Manifest) -> None:
    for node in models(manifest):
        path = Path(node["original_file_path"])
        assert str(node["patch_path"]).endswith(str(path.with_suffix(".yml"))), node["name"]
        assert node["description"].strip(), node["name"]


def test_every_mart_is_public_owned_and_contracted(manifest: Manifest) -> None:
    for node in marts(manifest):
        assert node["access"] == "public", node["name"]
        assert node["group"] in {"core", "conversations", "learning", "social"}, node["name"]
        assert node["contract"]["enforced"], node["name"]
        assert [one["type"] for one in node["constraints"]] == ["primary_key"], node["name"]
        assert node["config"]["meta"]["grain"], node["name"]
        assert node["config"]["meta"]["freshness_minutes"] > 0, node["name"]


def test_nothing_but_marts_is_public(manifest: Manifest) -> None:
    assert [node["name"] for layer in ("staging", "intermediate") for node in models(manifest, layer) if node["access"] == "public"] == []


def test_every_column_of_a_mart_is_described(manifest: Manifest) -> None:
    bare = [
        (node["name"], column["name"])
        for node in marts(manifest)
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert bare == []


def test_a_column_that_may_be_unknown_says_why(manifest: Manifest) -> None:
    silent = []
    for node in marts(manifest):
        for column in node["columns"].values():
            is_required = any(constraint["type"] == "not_null" for constraint in column["constraints"])
            if not is_required and not re.search(r"NULL|\{\}", column["description"]):
                silent.append((node["name"], column["name"]))
    assert silent == []


def test_every_mart_has_unit_tests_data_tests_and_an_exposure(manifest: Manifest) -> None:
    unit_tested = unit_tested_models(manifest)
    data_tested = {parent for node in manifest["nodes"].values() if node["resource_type"] == "test" for parent in parents(node)}
    exposed = {parent for exposure in manifest["exposures"].values() for parent in exposure["depends_on"]["nodes"]}
    for node in marts(manifest):
        assert node["name"] in unit_tested, f"{node['name']} has no unit test"
        assert node["unique_id"] in data_tested or node["name"] in NOTHING_TO_TEST, f"{node['name']} has no data test"
        assert node["unique_id"] in exposed, f"{node['name']} has no exposure"


def test_what_rows_must_keep_is_one_test_of_their_model(manifest: Manifest) -> None:
    # Why: each test is a node of dbt, which costs more than what it looks at. Those of other tests cannot be told of one row.
    row_level: dict[str, list[str]] = {}
    for test in manifest["nodes"].values():
        if test["resource_type"] == "test" and "test_metadata" in test:
            kind = test["test_metadata"]["name"]
            if kind not in ("unique", "unique_combination", "relationships"):
                row_level.setdefault(test["attached_node"], []).append(kind)
    assert row_level
    assert {model: kinds for model, kinds in row_level.items() if kinds != ["rows_are_valid"]} == {}


def test_every_rule_of_rows_has_a_name_of_its_own(manifest: Manifest) -> None:
    # Why: the name is all that a failure tells; and one that is in quotes or no name at all would break the statement.
    for test in manifest["nodes"].values():
        if test["resource_type"] == "test" and test.get("test_metadata", {}).get("name") == "rows_are_valid":
            rules = test["test_metadata"]["kwargs"]
            names = [*rules.get("expressions", {}), *rules.get("warnings", {})]
            assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) for name in names), test["name"]
            assert len(names) == len(set(names)), test["name"]
            assert test["name"] == f"{test['attached_node'].split('.')[-1]}_rows_are_valid"


def test_every_corrected_model_names_what_touches_it(manifest: Manifest) -> None:
    names = {node["name"]: node for node in models(manifest)}
    for node in models(manifest):
        if node["config"]["materialized"] != "incremental":
            continue
        meta = node["config"]["meta"]
        assert node["config"]["incremental_strategy"] == "touched", node["name"]
        assert meta["touched_by"] in backlog_relations(manifest), f"{node['name']}: what touches it is forgotten when a run never publishes"
        assert names[meta["touched_by"]]["unique_id"] in set(parents(node)), f"{node['name']} may be built before {meta['touched_by']}"
        assert meta["touched_keys"], node["name"]


def test_what_a_run_left_is_taken_over(manifest: Manifest) -> None:
    kept = set(backlog_relations(manifest))
    own = re.compile(r"\{\{ backlog\(\[[^\]]+\]\) \}\}")
    asked = {node["name"] for node in models(manifest) if own.search(node["raw_code"])}
    asked |= {one for node in models(manifest) for one in re.findall(r"backlog\(.*?of='(\w+)'", node["raw_code"])}
    assert asked == kept, "nobody takes over what it left, or it leaves nothing"
    assert [node["name"] for node in models(manifest) if node["name"] in kept and "touched" not in node["fqn"]] == []


def test_the_core_knows_no_domain(manifest: Manifest) -> None:
    domains = {"conversations", "learning", "social"}
    core = [node for node in models(manifest) if node["fqn"][1:3] == ["intermediate", "core"]]
    assert core
    folders = {
        (node["name"], folder) for node in core for parent in parents(node) for folder in manifest["nodes"].get(parent, {}).get("fqn", ())
    }
    assert [one for one in folders if one[1] in domains] == []


def test_state_is_corrected_only_after_everything_has_read_it(manifest: Manifest) -> None:
    """Models that read the previous state by name (previous_relation) come before the model that overwrites it."""
    by_name = {node["name"]: node for node in models(manifest)}

    def ancestors(name: str) -> set[str]:
        found: set[str] = set()
        todo = [by_name[name]]
        while todo:
            for parent in parents(todo.pop()):
                node = manifest["nodes"].get(parent)
                if node is not None and node["resource_type"] == "model" and node["name"] not in found:
                    found.add(node["name"])
                    todo.append(node)
        return found

    readers = [
        (node["name"], state) for node in models(manifest) for state in re.findall(r"previous_relation\(\s*'(\w+)'", node["raw_code"])
    ]
    assert readers
    # Of what a run corrects it takes the bounds from int_conversations__touched_facts, and of the rest the run changes nothing.
    either_state_will_do = {("int_learning__events", "int_conversations__spans")}
    for reader, state in set(readers) - either_state_will_do:
        assert reader in ancestors(state), f"{state} may be overwritten before {reader} has read it"


def test_views_are_the_same_in_every_run(manifest: Manifest) -> None:
    # Why: a run makes a view anew only where it replaces a table below it, so that one may stand as a full run has left it.
    depending = re.compile(r"is_full_run|is_incremental|previous_relation")
    views = [node for node in models(manifest) if node["config"]["materialized"] == "view"]
    assert [node["name"] for node in views if depending.search(node["raw_code"])] == []


def test_no_model_reads_the_clock_or_dbt_variables(manifest: Manifest) -> None:
    # Why: one as_of per run; and a changed variable makes dbt parse the whole project again.
    forbidden = re.compile(r"\b(now\(\)|current_timestamp|current_date|clock_timestamp|localtimestamp)|\{\{\s*var\(|run_started_at", re.I)
    sources = [node["raw_code"] for node in models(manifest)] + [
        macro["macro_sql"] for macro in manifest["macros"].values() if macro["package_name"] == "agentmarts"
    ]
    assert [text for text in sources if forbidden.search(re.sub(r"--.*|\{#.*?#\}", "", text, flags=re.S))] == []


def test_the_contract_is_the_table_people_read(manifest: Manifest, settings: Settings) -> None:
    """Columns, order, types and nullability of each mart equal those of its table in `marts`, but for published_version."""
    with connect(settings) as connection:
        for node in marts(manifest):
            table = connection.execute(
                "select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute"
                " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped and attname <> 'published_version' order by attnum",
                (f"marts.{node['name']}",),
            ).fetchall()
            contract = [
                (
                    column["name"],
                    column["data_type"].replace("timestamptz", "timestamp with time zone"),
                    any(constraint["type"] == "not_null" for constraint in column["constraints"]),
                )
                for column in node["columns"].values()
            ]
            assert contract == table, node["name"]


def test_social_metrics_are_summed_by_the_macro_that_refuses(manifest: Manifest) -> None:
    # Why: unique people, stocks and ratios stand in the same column as counts; sum_metric() asks the catalogue first.
    added = re.compile(r"\b(sum|avg)\(\s*(\w+\.)?(metric_value|value_increment|value_level|unique_accounts)\b", re.I)
    assert [node["name"] for node in models(manifest) if added.search(node["raw_code"])] == []


def test_every_renamed_metric_stands_in_the_catalogue() -> None:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "graph_catalogue.csv").open() as file:
        known = {(row["platform"], row["object"], row["metric"]): row for row in csv.DictReader(file)}
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "metric_names.csv").open() as file:
        for name in csv.DictReader(file):
            metric = known[name["platform"], name["object"], name["metric"]]
            assert not name["key"] or metric["value_shape"] == "dict", name


def test_sources_say_how_fresh_they_should_be(manifest: Manifest) -> None:
    for source in manifest["sources"].values():
        if source["source_name"] != "raw":
            continue
        if source["name"] in STREAMS:
            assert source["freshness"]["warn_after"]["count"], source["name"]
        assert source["loaded_at_field"], source["name"]


def test_no_package_is_needed() -> None:
    # Why: with packages.yml every parse would run `dbt deps`.
    assert not (PROJECT_ROOT / "packages.yml").exists()

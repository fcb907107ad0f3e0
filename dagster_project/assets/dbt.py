"""The dbt project as assets: everything that is built and tested in schema `build`."""

import queue
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from agentmarts.refresh.run import BuildPlan, begin, complete, noted_failure, plan_build, transform_lock
from agentmarts.refresh.selection import ancestors, is_mart, marts_among
from agentmarts.refresh.transform import NIGHTLY, NodeOutcome, run_dbt
from agentmarts.settings import Settings
from dagster_project.assets.raw import raw_asset_key
from dagster_project.resources import Warehouse

WAREHOUSE_POOL = "warehouse"
ONLY_TOUCHED = "agentmarts/only_touched"
"""Tag of jobs that build what is touched and no more. Without it a run builds all of the project, or the models picked by hand."""


class BuildTranslator(DagsterDbtTranslator):
    """Models become `build/<name>`, so that `marts/<name>` is free for what readers see; sources become `raw/<stream>`."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        if node["resource_type"] == "source":
            key = raw_asset_key(node["name"]) if node["source_name"] == "raw" else dg.AssetKey([node["source_name"], node["name"]])
            return spec.replace_attributes(key=key)
        return spec.replace_attributes(key=build_asset_key(node["name"]), group_name=build_group(node["fqn"]))


def build_asset_key(model: str) -> dg.AssetKey:
    """`build/<model>`."""
    return dg.AssetKey(["build", model])


def output_name(model: str) -> str:
    """The name of the output that stands for a model in the step `build`."""
    return build_asset_key(model).to_python_identifier()


def build_group(fqn: list[str]) -> str:
    """The asset group of a model: its layer and domain, e.g. `marts_conversations` for agentmarts.marts.conversations.daily_metrics."""
    return "build_" + "_".join(fqn[1:3]) if len(fqn) > 3 else "build_" + fqn[1]


def build_models(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """One asset definition over the whole project: a run of only some models would never be published."""

    @dbt_assets(
        manifest=manifest,
        name="build",
        pool=WAREHOUSE_POOL,
        exclude=f"resource_type:unit_test {NIGHTLY}",
        dagster_dbt_translator=BuildTranslator(DagsterDbtTranslatorSettings(enable_asset_checks=True)),
    )
    def build(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Any]:
        settings = warehouse.settings
        with transform_lock(settings):
            window = begin(settings, run_id=context.run.run_id)
            context.log.info(f"window [{window.xid_from}, {window.xid_to}), {window.mode}, as of {window.as_of:%Y-%m-%d %H:%M:%S} UTC")
            with noted_failure(settings, context.run.run_id):
                plan = plan_build(settings, window, whole=ONLY_TOUCHED not in context.run.tags, picked=picked_models(context))
                context.log.info(plan.summary)
                yield from outcomes_of(context, settings, manifest, plan)
                if not context.is_subset:
                    complete(settings, context.run.run_id)

    return build


def picked_models(context: dg.AssetExecutionContext) -> list[str] | None:
    """Names of the models and data tests that somebody picked in the UI; None when the run is of all assets."""
    if not context.is_subset:
        return None
    return sorted({key.path[-1] for key in context.selected_asset_keys} | {key.name for key in context.selected_asset_check_keys})


def outcomes_of(context: dg.AssetExecutionContext, settings: Settings, manifest: Mapping[str, Any], plan: BuildPlan) -> Iterator[Any]:
    """Run dbt and say of each node how it ended, as it ends; of marts that the plan leaves out, say that they are as they were.

    `publish` waits for every mart, and Dagster wants each behind those it is computed from. What else is left out says nothing: it was not
    made.
    """
    checks = {spec.metadata["dagster_dbt/unique_id"]: spec.key for spec in context.assets_def.check_specs}
    selected = context.selected_asset_check_keys
    left_out = left_out_marts(manifest, plan)
    for name in plan.derived:
        yield dg.Output(None, output_name=output_name(name), metadata={"derived": "by the refresh itself, before it chose what to build"})
    for node in nodes_as_they_end(settings, plan):
        kind, _, name = node.unique_id.split(".")[:3]
        if kind == "test":
            key = checks.get(node.unique_id)
            if key in selected and node.status != "skipped":
                yield check_result(key, node)
        elif node.status == "success":
            before = ancestors(manifest, node.unique_id)
            yield from (stands(mart) for mart in left_out if mart in before)
            left_out = [mart for mart in left_out if mart not in before]
            yield dg.Output(None, output_name=output_name(name), metadata={"seconds": node.seconds})
        else:
            context.log.warning(f"{name}: {node.status}")
    yield from map(stands, left_out)


def left_out_marts(manifest: Mapping[str, Any], plan: BuildPlan) -> list[str]:
    """Ids of the marts that a plan does not build, each behind those it is computed from."""
    if plan.marts is None:
        return []
    marts = {node["name"]: key for key, node in manifest["nodes"].items() if is_mart(node)}
    return [marts[name] for name in marts_among(manifest, marts.values()) if name not in plan.marts]


def stands(mart: str) -> dg.Output[None]:
    """A mart that is as the last run left it."""
    return dg.Output(None, output_name=output_name(mart.rsplit(".", 1)[-1]), metadata={"left_out": "nothing of it is touched"})


def nodes_as_they_end(settings: Settings, plan: BuildPlan) -> Iterator[NodeOutcome]:
    """How dbt's nodes end, one by one; raises TransformError at the end when one failed. dbt runs in a thread of this process, whose
    project is parsed already: a process of its own takes five seconds to start."""
    if not plan.dbt_arguments:
        return
    ended: queue.SimpleQueue[NodeOutcome | None] = queue.SimpleQueue()
    failure: list[BaseException] = []

    def run() -> None:
        try:
            run_dbt(settings, plan.dbt_arguments, ended.put)
        except BaseException as error:
            failure.append(error)
        finally:
            ended.put(None)

    thread = threading.Thread(target=run, name="dbt")
    thread.start()
    try:
        while (node := ended.get()) is not None:
            yield node
    finally:
        thread.join()
    if failure:
        raise failure[0]


def check_result(key: dg.AssetCheckKey, node: NodeOutcome) -> dg.AssetCheckResult:
    """A data test of dbt as the check of its asset."""
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=node.status == "pass",
        severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
        metadata={"seconds": node.seconds, "status": node.status},
    )

"""The dbt project as assets: everything that is built and tested in schema `build`."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from agentmarts.warehouse.idle import marts_of
from agentmarts.warehouse.refresh import begin, complete, dbt_arguments, left_out_of, noted_failure, transform_lock
from agentmarts.warehouse.transform import NIGHTLY, dbt_environment
from dagster_project.assets.raw import raw_asset_key
from dagster_project.resources import Warehouse, dbt_resource

WAREHOUSE_POOL = "warehouse"


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
        # The password reaches dbt through the environment of this process only, never through run config.
        os.environ.update(dbt_environment(settings))
        dbt: DbtCliResource = dbt_resource()
        with transform_lock(settings):
            window = begin(settings, run_id=context.run_id)
            context.log.info(f"window [{window.xid_from}, {window.xid_to}), {window.mode}, as of {window.as_of:%Y-%m-%d %H:%M:%S} UTC")
            with noted_failure(settings, context.run_id):
                # Who picks models by hand in the UI gets those.
                left_out = () if context.is_subset else left_out_of(settings, window)
                yield from dbt.cli(list(dbt_arguments(window, left_out)), context=context).stream()
                for mart in marts_of(manifest, left_out):
                    # Said of the marts, so that `publish`, which waits for each of them, goes on.
                    yield dg.Output(None, output_name=output_name(mart), metadata={"left_out": "no row in any stream of its domain"})
                if not context.is_subset:
                    complete(settings, context.run_id)

    return build

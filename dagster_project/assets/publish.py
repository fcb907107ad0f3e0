"""The published marts: one step, one transaction, all of them or none."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from agentmarts.learning.calibration_groups import first_to_look_at
from agentmarts.refresh.publish import MartChange, PublishResult
from agentmarts.refresh.run import noted_failure, publish_run, transform_lock
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from dagster_project.assets.dbt import WAREHOUSE_POOL, build_asset_key
from dagster_project.reliability_metadata import MOST_DIAGRAMS, reliability_metadata
from dagster_project.resources import Warehouse


def mart_asset_key(mart: str) -> dg.AssetKey:
    """`marts/<mart>`."""
    return dg.AssetKey(["marts", mart])


def public_models(manifest: Mapping[str, Any]) -> list[str]:
    """Names of the models that are marts (access public), sorted."""
    return sorted(
        node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model" and node.get("access") == "public"
    )


def publish_marts(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """The multi-asset that writes what changed into schema `marts`."""
    names = public_models(manifest)
    descriptions = {node["name"]: node["description"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}

    @dg.multi_asset(
        name="publish",
        pool=WAREHOUSE_POOL,
        specs=[
            dg.AssetSpec(
                mart_asset_key(name),
                deps=[build_asset_key(name)],
                group_name="marts",
                kinds={"postgres"},
                description=descriptions[name],
            )
            for name in names
        ],
    )
    def publish(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult]:
        settings: Settings = warehouse.settings
        with transform_lock(settings), noted_failure(settings, context.run.run_id):
            result = publish_run(settings, context.run.run_id)
        context.log.info(f"version {result.version}: {result.rows_changed} rows changed")
        for name in names:
            metadata = mart_metadata(name, result)
            # Every time: the page of an asset shows what its last materialization said.
            if name == "calibration_summary":
                with connect(settings, Role.PUBLISH) as connection:
                    metadata |= reliability_metadata(first_to_look_at(connection, MOST_DIAGRAMS))
            yield dg.MaterializeResult(asset_key=mart_asset_key(name), metadata=metadata)

    return publish


def mart_metadata(mart: str, result: PublishResult) -> dict[str, dg.MetadataValue]:
    """Rows changed and the version a mart has now, summed over its tenants."""
    counts: Counter[str] = Counter()
    for change in result.changes:
        if change.mart == mart:
            counts.update(_counts(change))
    return {
        "version": dg.MetadataValue.int(result.version),
        "rows_inserted": dg.MetadataValue.int(counts["inserted"]),
        "rows_updated": dg.MetadataValue.int(counts["updated"]),
        "rows_deleted": dg.MetadataValue.int(counts["deleted"]),
        "values_restated": dg.MetadataValue.int(counts["restated"]),
        "table": dg.MetadataValue.text(f"marts.{mart}"),
    }


def _counts(change: MartChange) -> dict[str, int]:
    return {"inserted": change.inserted, "updated": change.updated, "deleted": change.deleted, "restated": change.restated}

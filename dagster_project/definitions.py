"""Everything Dagster knows, put together. Nothing happens at import: the dbt project is parsed when Dagster asks."""

import dagster as dg

from agentmarts.refresh.transform import load_manifest
from agentmarts.settings import load_settings
from dagster_project.assets.dbt import build_models
from dagster_project.assets.graph import collect_graph
from dagster_project.assets.graph_probe import metric_probe
from dagster_project.assets.publish import publish_marts
from dagster_project.assets.raw import raw_assets
from dagster_project.checks import warehouse_checks
from dagster_project.graph_checks import graph_checks
from dagster_project.jobs import all_jobs
from dagster_project.resources import Warehouse
from dagster_project.schedules import all_schedules
from dagster_project.sensors import all_sensors


@dg.definitions
def definitions() -> dg.Definitions:
    """The code location `agentmarts`."""
    settings = load_settings()
    manifest = load_manifest(settings)
    running = settings.automation == "on"
    return dg.Definitions(
        assets=[*raw_assets(), collect_graph, metric_probe, build_models(manifest), publish_marts(manifest)],
        asset_checks=[*warehouse_checks(), *graph_checks()],
        jobs=all_jobs(),
        schedules=all_schedules(running=running, timezone=settings.operator_timezone),
        sensors=all_sensors(running=running),
        resources={"warehouse": Warehouse()},
        executor=dg.in_process_executor,
    )

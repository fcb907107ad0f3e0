"""Jobs: the whole way, its two halves, and an explicit recalculation."""

from datetime import date
from typing import Any

import dagster as dg
from pydantic import Field

from agentmarts.warehouse.recalculate import mark_days
from agentmarts.warehouse.refresh import check_whole_tables, refresh
from dagster_project.assets.dbt import WAREHOUSE_POOL
from dagster_project.assets.graph import GRAPH_GROUP
from dagster_project.assets.publish import mart_asset_key, mart_metadata
from dagster_project.checks import warehouse_checks
from dagster_project.resources import Warehouse

RAW = dg.AssetSelection.groups("raw")
GRAPH = dg.AssetSelection.groups(GRAPH_GROUP)
REFRESH_JOB = "refresh"
LAND_JOB = "land"
GRAPH_JOB = "collect_graph"
EVERYTHING_JOB = "ingest_build_publish"
NIGHTLY_JOB = "nightly_tests"
CHECKS_JOB = "checks"


class Recalculation(dg.Config):
    """Which local days to recompute from raw."""

    date_from: str = Field(description="First local day, e.g. 2026-01-01.")
    date_to: str = Field(description="Last local day, inclusive.")
    tenants: list[str] = Field(default=[], description="Slugs; empty: every tenant.")


@dg.op(pool=WAREHOUSE_POOL)
def mark_and_refresh(context: dg.OpExecutionContext, config: Recalculation, warehouse: Warehouse) -> None:
    """Mark the days as touched, build what they touch, test it and publish what comes out differently."""
    settings = warehouse.settings
    for tenant in config.tenants or [None]:
        days = mark_days(
            settings, date_from=date.fromisoformat(config.date_from), date_to=date.fromisoformat(config.date_to), tenant=tenant
        )
        context.log.info(f"{days} days of {tenant or 'every tenant'} marked")
    result = refresh(settings, run_id=context.run_id, on_node=lambda node: context.log.info(f"{node.unique_id}: {node.status}"))
    context.log.info(f"version {result.published.version}: {result.published.rows_changed} rows changed")
    for mart in sorted({change.mart for change in result.published.changes}):
        context.log_event(dg.AssetMaterialization(mart_asset_key(mart), metadata=mart_metadata(mart, result.published)))


@dg.job(description="Recompute days from raw and publish what comes out differently.")
def recalculate() -> None:
    mark_and_refresh()


@dg.op(pool=WAREHOUSE_POOL)
def test_whole_tables(context: dg.OpExecutionContext, warehouse: Warehouse) -> None:
    """Run the dbt tests tagged `nightly`: they look at all rows, not only at what a refresh touched."""
    for outcome in check_whole_tables(warehouse.settings):
        context.log.info(f"{outcome.unique_id}: {outcome.status}")


@dg.job(name=NIGHTLY_JOB, description="The dbt tests that look at whole tables.")
def nightly_tests() -> None:
    test_whole_tables()


def all_jobs() -> list[Any]:
    """land (files → raw), the collector (Meta → raw), refresh (raw → marts), all in one, the checks, recalculate, nightly tests."""
    not_raw = dg.AssetSelection.all() - RAW - GRAPH
    return [
        dg.define_asset_job(LAND_JOB, RAW, description="Load new landing files into raw."),
        # Its sensor asks again anyway; a retry of an old window would be overtaken.
        dg.define_asset_job(REFRESH_JOB, not_raw, description="Build, test and publish the marts.", tags={"dagster/max_retries": "0"}),
        dg.define_asset_job(EVERYTHING_JOB, dg.AssetSelection.all(), description="The whole way: landing files → raw → build → marts."),
        dg.define_asset_job(GRAPH_JOB, GRAPH, description="Collect what is due from Meta.", tags={"dagster/max_retries": "0"}),
        dg.define_asset_job(
            CHECKS_JOB,
            dg.AssetSelection.checks(*warehouse_checks()),
            description="What is looked at even when nothing was materialized: calibration alarm, quiet streams, access rules, quarantine.",
        ),
        recalculate,
        nightly_tests,
    ]

"""Jobs: the whole way, its two halves, and an explicit recalculation."""

from datetime import date
from typing import Any

import dagster as dg
from pydantic import Field

from agentmarts.meta_graph.accounts import list_accounts
from agentmarts.meta_graph.collecting.collector import collect
from agentmarts.refresh.recalculate import mark_days
from agentmarts.refresh.run import check_whole_tables, refresh
from agentmarts.tenancy.tenants import list_tenants
from agentmarts.warehouse.connection import Role, connect
from dagster_project.assets.dbt import ONLY_TOUCHED, WAREHOUSE_POOL
from dagster_project.assets.graph import GRAPH_GROUP, GRAPH_POOL, account_of, graph_asset_key, troubles
from dagster_project.assets.graph_probe import PROBE_GROUP
from dagster_project.assets.publish import mart_asset_key, mart_metadata
from dagster_project.checks import warehouse_checks
from dagster_project.graph_checks import graph_checks
from dagster_project.resources import Warehouse

RAW = dg.AssetSelection.groups("raw")
GRAPH = dg.AssetSelection.groups(GRAPH_GROUP)
PROBE = dg.AssetSelection.groups(PROBE_GROUP)
REFRESH_JOB = "refresh"
LAND_JOB = "land"
GRAPH_JOB = "collect_graph"
PROBE_JOB = "probe_graph"
BACKFILL_JOB = "backfill_graph"
EVERYTHING_JOB = "ingest_build_publish"
NIGHTLY_JOB = "nightly_tests"
CHECKS_JOB = "checks"


class PastDays(dg.Config):
    """Which days of accounts to ask Meta for anew."""

    date_from: str = Field(description="First day, e.g. 2026-01-01. Meta keeps two years, new followers of Instagram 30 days.")
    date_to: str = Field(description="Last day, inclusive.")
    tenants: list[str] = Field(default=[], description="Slugs; empty: every tenant.")


@dg.op(pool=GRAPH_POOL)
def ask_for_past_days(context: dg.OpExecutionContext, config: PastDays, warehouse: Warehouse) -> None:
    """Ask for the accounts' own metrics of these days, whatever was answered before; what comes out differently is a restatement."""
    settings = warehouse.settings
    slugs = {one.tenant_id: one.slug for one in list_tenants(settings)}
    if unknown := set(config.tenants) - set(slugs.values()):
        raise dg.Failure(f"there is no tenant {', '.join(sorted(unknown))}: `agentmarts tenant list`")
    with connect(settings, Role.INGEST) as connection:
        accounts = [one for one in list_accounts(connection) if not config.tenants or slugs[one.tenant_id] in config.tenants]
    days = (date.fromisoformat(config.date_from), date.fromisoformat(config.date_to))
    done = collect(settings, accounts=[one.account_id for one in accounts], days=days, run_id=context.run_id)
    for one in done:
        counts = one.outcome.counts if one.outcome else None
        if counts:
            context.log.info(
                f"{account_of(one)}: {counts.http_calls} requests, {counts.facts.new} new values, {counts.facts.revised} restated"
            )
        for trouble in troubles(one):
            context.log.warning(f"{account_of(one)}: {trouble}")
    for kind in ("page_metrics", "instagram_account_metrics"):
        metadata = {"accounts": len(done), "date_from": config.date_from, "date_to": config.date_to}
        context.log_event(dg.AssetMaterialization(graph_asset_key(kind), metadata=metadata))


@dg.job(
    name=BACKFILL_JOB, description="Ask Meta anew for days of the past: metrics of accounts, which unlike those of posts it still knows."
)
def backfill_graph() -> None:
    ask_for_past_days()


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
    """land (files → raw), the collector (Meta → raw) and its past, refresh (raw → marts), all in one, checks, recalculate, nightly."""
    not_raw = dg.AssetSelection.all() - RAW - GRAPH - PROBE
    return [
        dg.define_asset_job(LAND_JOB, RAW, description="Load new landing files into raw."),
        # Its sensor asks again anyway; a retry of an old window would be overtaken.
        dg.define_asset_job(
            REFRESH_JOB,
            not_raw,
            description="Build, test and publish what is touched of the marts.",
            tags={"dagster/max_retries": "0", ONLY_TOUCHED: "true"},
        ),
        dg.define_asset_job(
            EVERYTHING_JOB, dg.AssetSelection.all() - PROBE, description="The whole way: landing files → raw → build → marts."
        ),
        dg.define_asset_job(GRAPH_JOB, GRAPH, description="Collect what is due from Meta.", tags={"dagster/max_retries": "0"}),
        dg.define_asset_job(PROBE_JOB, PROBE, description="Compare the catalogue of metrics with Meta.", tags={"dagster/max_retries": "0"}),
        dg.define_asset_job(
            CHECKS_JOB,
            dg.AssetSelection.checks(*warehouse_checks(), *graph_checks()),
            description="What is looked at even when nothing was materialized: calibration alarm, quiet streams, access rules, quarantine, "
            "tokens and versions of Meta.",
        ),
        backfill_graph,
        recalculate,
        nightly_tests,
    ]

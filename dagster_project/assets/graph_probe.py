"""A weekly question to Meta about every metric alone: does the catalogue still say what Meta says?"""

from collections.abc import Sequence

import dagster as dg

from agentmarts.meta_graph.collecting.probe import Probed, probe
from dagster_project.assets.graph import GRAPH_POOL, graph_asset_key
from dagster_project.resources import Warehouse

PROBE_GROUP = "graph_probe"
PROBE_CHECK = "catalogue_agrees"
COLUMNS = dg.TableSchema([dg.TableColumn(name, "string") for name in ("platform", "object", "metric", "drift", "message")])


@dg.asset(
    key=graph_asset_key("metric_probe"),
    group_name=PROBE_GROUP,
    kinds={"postgres"},
    pool=GRAPH_POOL,
    description="What Meta says of every planned and every undecided metric, asked alone of one account of each platform. "
    "In `raw.collection_ledger`, group `metric_probe`.",
    check_specs=[
        dg.AssetCheckSpec(
            PROBE_CHECK,
            asset=graph_asset_key("metric_probe"),
            description="No metric that the catalogue calls valid is dead, none that it calls dead is answered. Else mend the catalogue.",
        )
    ],
)
def metric_probe(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Ask for each metric alone; up to 50 go in one request."""
    done = probe(warehouse.settings, run_id=context.run.run_id)
    for one in done:
        if one.error:
            context.log.warning(f"{one.account.platform} {one.account.graph_id}: {one.error}")
    return dg.MaterializeResult(
        metadata={
            "accounts": len(done),
            "metrics": sum(len(one.verdicts) for one in done),
            "answered": sum(verdict.is_alive is not None for one in done for verdict in one.verdicts),
            "http_requests": sum(one.http_calls for one in done),
        },
        check_results=[drift_result(done)],
    )


def drift_result(done: Sequence[Probed]) -> dg.AssetCheckResult:
    """Failed if Meta and the catalogue differ, with a table of where."""
    records = [
        dg.TableRecord(
            {
                "platform": one.account.platform,
                "object": verdict.question.object_type,
                "metric": verdict.question.metric,
                "drift": str(verdict.drift),
                "message": verdict.message,
            }
        )
        for one in done
        for verdict in one.drifted
    ]
    metadata: dict[str, dg.MetadataValue] = {"drifted": dg.MetadataValue.int(len(records))}
    if records:
        metadata["metrics"] = dg.MetadataValue.table(records, schema=COLUMNS)
    return dg.AssetCheckResult(passed=not records, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)

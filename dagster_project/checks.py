"""Checks of the warehouse beside the dbt tests (which dagster-dbt turns into asset checks by itself)."""

import dagster as dg

from agentmarts.settings import now
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.migrations import catalogue_lint
from dagster_project.assets.publish import mart_asset_key
from dagster_project.assets.raw import raw_asset_key
from dagster_project.resources import Warehouse


def warehouse_checks() -> list[dg.AssetChecksDefinition]:
    """Rules of access, rows in but none out, and rows refused."""
    return [access_rules, rows_in_rows_out, nothing_quarantined]


@dg.asset_check(asset=mart_asset_key("conversations"), blocking=False)
def access_rules(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Row level security is on and forced, policies, views and keys keep the rules (the catalogue lint)."""
    with connect(warehouse.settings) as connection:
        problems = catalogue_lint(connection)
    return dg.AssetCheckResult(passed=not problems, metadata={"problems": [f"{name}: {problem}" for name, problem in problems]})


@dg.asset_check(asset=mart_asset_key("daily_metrics"), blocking=False)
def rows_in_rows_out(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every tenant that sent events has days in daily_metrics."""
    with connect(warehouse.settings, Role.PUBLISH) as connection:
        missing = [
            row[0]
            for row in connection.execute(
                "select t.slug from raw.tenants t where exists (select from raw.conversation_events e, ops.publish_cursor c"
                " where e.tenant_id = t.tenant_id and e.ingest_xid < c.xid_to and e.occurred_at <= c.as_of)"
                " and not exists (select from marts.daily_metrics d where d.tenant_id = t.tenant_id) order by 1"
            )
        ]
    return dg.AssetCheckResult(passed=not missing, metadata={"tenants_without_days": missing})


@dg.asset_check(asset=raw_asset_key("conversation_events"), blocking=False)
def nothing_quarantined(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Rows were refused and wait to be looked at: `agentmarts quarantine list`."""
    with connect(warehouse.settings, Role.PUBLISH) as connection:
        reasons: dict[str, int] = dict(
            connection.execute(
                "select reason, count(*) from raw.quarantine where replayed_at is null group by reason order by reason"
            ).fetchall()
        )
    return dg.AssetCheckResult(
        passed=not reasons,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"quarantined": sum(reasons.values()), "checked_at": now().isoformat(), **reasons},
    )

"""Checks of the warehouse beside the dbt tests (which dagster-dbt turns into asset checks by itself)."""

import dagster as dg
from psycopg import sql

from agentmarts.learning.calibration_groups import alarmed_groups
from agentmarts.settings import now
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.migrations import catalogue_lint
from dagster_project.assets.publish import mart_asset_key
from dagster_project.assets.raw import raw_asset_key
from dagster_project.resources import Warehouse

QUIET_HOURS = 24
ALARM_COLUMNS = dg.TableSchema(
    [
        dg.TableColumn("tenant", "string"),
        dg.TableColumn("action_type", "string"),
        dg.TableColumn("direction", "string"),
        dg.TableColumn("alarm_at", "timestamp"),
        dg.TableColumn("after_outcomes", "int"),
        dg.TableColumn("outcomes", "int"),
    ]
)


def warehouse_checks() -> list[dg.AssetChecksDefinition]:
    """Rules of access, rows in but none out, rows refused, streams gone quiet, and forecasts that no longer hold."""
    return [access_rules, rows_in_rows_out, nothing_quarantined, streams_are_fresh, calibration_alarm]


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


@dg.asset_check(asset=raw_asset_key("conversation_events"), blocking=False)
def streams_are_fresh(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every stream that ever got rows got some within the last day: silence may be a broken sender."""
    ages: dict[str, float] = {}
    with connect(warehouse.settings, Role.PUBLISH) as connection:
        for stream in STREAMS.values():
            newest = sql.SQL("select received_at from {} order by ingest_xid desc limit 1").format(sql.Identifier("raw", stream.name))
            row = connection.execute(newest).fetchone()
            if row:
                ages[stream.name] = round((now() - row[0]).total_seconds() / 3600, 1)
    quiet = {name: hours for name, hours in ages.items() if hours > QUIET_HOURS}
    return dg.AssetCheckResult(
        passed=not quiet,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"hours_since_last_row": ages, "quiet": sorted(quiet)},
    )


@dg.asset_check(asset=mart_asset_key("calibration_summary"), blocking=False)
def calibration_alarm(warehouse: Warehouse) -> dg.AssetCheckResult:
    """No e-value ever reached 20: under calibration the chance of that is at most 5 % for ever, however often one looks.

    After recalibrating an agent set its tenant's parameter `calibration_since`: older actions no longer count then.
    """
    with connect(warehouse.settings, Role.PUBLISH) as connection:
        alarmed = alarmed_groups(connection)
    records = [
        dg.TableRecord(
            {
                "tenant": group.tenant,
                "action_type": group.action_type,
                "direction": group.direction,
                "alarm_at": group.e_alarm_at.isoformat() if group.e_alarm_at else "",
                "after_outcomes": group.e_alarm_n or 0,
                "outcomes": group.n,
            }
        )
        for group in alarmed
    ]
    metadata: dict[str, dg.MetadataValue] = {"alarms": dg.MetadataValue.int(len(records))}
    if records:
        metadata["groups"] = dg.MetadataValue.table(records, schema=ALARM_COLUMNS)
    return dg.AssetCheckResult(passed=not records, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)

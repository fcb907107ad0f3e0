"""What the collection from Meta should be looked at for, whether or not anything was collected."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from agentmarts.meta_graph.accounts import list_accounts
from agentmarts.meta_graph.catalogue import load_catalogue
from agentmarts.meta_graph.health import ending_tokens, ending_versions, left_out, other_versions
from agentmarts.settings import now
from agentmarts.warehouse.connection import Role, connect
from dagster_project.assets.graph import graph_asset_key
from dagster_project.resources import Warehouse


def graph_checks() -> list[dg.AssetChecksDefinition]:
    """Versions and tokens that end, versions that are not served, metrics in quarantine: warnings, as what is asked still comes."""
    return [api_version_lasts, pinned_version_answers, tokens_last, no_metric_in_quarantine]


@dg.asset_check(asset=graph_asset_key("followers"), blocking=False)
def api_version_lasts(warehouse: Warehouse) -> dg.AssetCheckResult:
    """No pinned version of the Graph API ended or ends within 180 days: pin a newer one (`graph_accounts.api_version`)."""
    with connect(warehouse.settings, Role.INGEST) as connection:
        accounts = list_accounts(connection)
    ending = ending_versions(accounts, load_catalogue().api_versions, now())
    return _warning([{"platform": one.platform, "account": one.graph_id, "problem": problem} for one, problem in ending])


@dg.asset_check(asset=graph_asset_key("followers"), blocking=False)
def pinned_version_answers(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every account was answered by the version it asks: Meta serves another one instead of a dead one, and only a header tells."""
    with connect(warehouse.settings, Role.INGEST) as connection:
        found = other_versions(connection, now())
    return _warning([vars(one) for one in found])


@dg.asset_check(asset=graph_asset_key("followers"), blocking=False)
def tokens_last(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every token is valid, lasts two more weeks and has the permissions that are needed: `agentmarts graph account check`."""
    with connect(warehouse.settings, Role.INGEST) as connection:
        found = ending_tokens(list_accounts(connection))
    return _warning(
        [{"platform": one.platform, "account": one.graph_id, "token": one.token_ref, "state": one.token_state} for one in found]
    )


@dg.asset_check(asset=graph_asset_key("page_metrics"), blocking=False)
def no_metric_in_quarantine(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Meta refused no metric lately. One that it did refuse is left out for a week; the catalogue may need a date on which it ended."""
    with connect(warehouse.settings, Role.INGEST) as connection:
        found = left_out(connection, now())
    return _warning([vars(one) for one in found])


def _warning(found: Sequence[Mapping[str, Any]]) -> dg.AssetCheckResult:
    """Passed if nothing was found; else a warning with a table of it."""
    metadata: dict[str, dg.MetadataValue] = {"found": dg.MetadataValue.int(len(found))}
    if found:
        rows = [{name: "" if value is None else str(value) for name, value in one.items()} for one in found]
        schema = dg.TableSchema([dg.TableColumn(name, "string") for name in rows[0]])
        metadata["accounts"] = dg.MetadataValue.table([dg.TableRecord(row) for row in rows], schema=schema)
    return dg.AssetCheckResult(passed=not found, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)

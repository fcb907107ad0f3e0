"""One asset per raw stream: load the landing files that are new."""

import dagster as dg

from agentmarts.streams.contract.registry import STREAMS
from agentmarts.streams.landing.landed import LandedFile, land
from dagster_project.resources import Warehouse

LANDING_POOL = "landing"


def raw_asset_key(stream: str) -> dg.AssetKey:
    """`raw/<stream>`; the dbt sources of schema raw translate to the same keys."""
    return dg.AssetKey(["raw", stream])


def raw_assets() -> list[dg.AssetsDefinition]:
    """The landing asset of every stream in the registry."""
    return [_raw_asset(name) for name in STREAMS]


def _raw_asset(stream: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=raw_asset_key(stream),
        group_name="raw",
        kinds={"postgres"},
        pool=LANDING_POOL,
        description=f"Events of the stream `{stream}` as they were sent. Materializing loads the landing files "
        f"(`<landing>/<tenant>/{stream}/…`) that are not in yet; rows that cannot be accepted go to `raw.quarantine` with a reason, "
        "and a file that cannot be read stops no other.",
        retry_policy=dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL),
    )
    def load_landing_files(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
        def log(landed: LandedFile, number: int, total: int) -> None:
            report = landed.report
            if landed.problem is not None:
                context.log.warning(f"{number}/{total} {landed.file.name} is not loaded: {landed.problem}")
            context.log.info(
                f"{number}/{total} {landed.file.name}: {report.accepted} accepted, {report.duplicates} duplicates, "
                f"{report.quarantined} quarantined"
            )

        landed = land(warehouse.settings, stream, on_file=log)
        return dg.MaterializeResult(metadata=landing_metadata(landed))

    return load_landing_files


def landing_metadata(landed: list[LandedFile]) -> dict[str, dg.MetadataValue]:
    """What a person wants to see of a load: totals, and a table with one row per file."""
    records = [
        dg.TableRecord(
            {
                "file": one.file.name,
                "accepted": one.report.accepted,
                "duplicates": one.report.duplicates,
                "quarantined": one.report.quarantined,
                "problem": one.problem or "",
            }
        )
        for one in landed
    ]
    accepted = sum(one.report.accepted for one in landed)
    metadata = {
        "dagster/row_count": dg.MetadataValue.int(accepted),
        "files": dg.MetadataValue.int(len(landed)),
        "files_with_a_problem": dg.MetadataValue.int(sum(one.problem is not None for one in landed)),
        "duplicates": dg.MetadataValue.int(sum(one.report.duplicates for one in landed)),
        "quarantined": dg.MetadataValue.int(sum(one.report.quarantined for one in landed)),
    }
    if records:
        schema = dg.TableSchema(
            [
                dg.TableColumn("file", "string"),
                dg.TableColumn("accepted", "int"),
                dg.TableColumn("duplicates", "int"),
                dg.TableColumn("quarantined", "int"),
                dg.TableColumn("problem", "string", description="Why the file could not be read to its end; the others were."),
            ]
        )
        metadata["loaded"] = dg.MetadataValue.table(records, schema=schema)
    return metadata

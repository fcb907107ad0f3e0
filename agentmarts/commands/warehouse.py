"""`agentmarts migrate`, `refresh`, `publish`, `recalculate`: the warehouse itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from agentmarts.commands.output import JsonOption, err, out, parse_time, print_json, print_table, progress_bar
from agentmarts.refresh.recalculate import mark_days
from agentmarts.refresh.run import RefreshResult, publish_run, refresh
from agentmarts.refresh.transform import NodeOutcome, load_manifest
from agentmarts.settings import Settings, load_settings
from agentmarts.warehouse.connection import connect
from agentmarts.warehouse.migrations import catalogue_lint, migrate_up, migration_status, verify

migrate = typer.Typer(no_args_is_help=True, help="SQL migrations: what is pending, apply it, compare the catalogue.")


@migrate.command("plan")
def plan() -> None:
    """List the files that `migrate up` would apply.

    Example: agentmarts migrate plan
    """
    with connect(load_settings()) as connection:
        pending = [status for status in migration_status(connection) if status.state != "applied"]
    print_table(["file", "state"], [(one.migration.path.name, one.state) for one in pending], "Nothing to apply: the database is at head.")


@migrate.command("up")
def up() -> None:
    """Apply pending migrations, each in one transaction. Safe to repeat and to interrupt.

    Example: agentmarts migrate up
    """
    done = migrate_up(load_settings(), report=lambda line: out.print(f"applied {line}"))
    out.print(f"{len(done)} applied." if done else "Nothing to apply: the database is at head.")


@migrate.command("status")
def status(json: JsonOption = False) -> None:
    """Every migration and whether the database has it.

    Example: agentmarts migrate status --json
    """
    with connect(load_settings()) as connection:
        rows = [(one.migration.path.name, one.state) for one in migration_status(connection)]
    if json:
        print_json([{"file": file, "state": state} for file, state in rows])
    else:
        print_table(["file", "state"], rows, "There are no migrations.")


@migrate.command("verify")
def verify_catalogue() -> None:
    """Compare tables, keys, policies, grants and comments with sql_migrations/schema.lock.sql, and lint the rules of access.

    Example: agentmarts migrate verify
    """
    with connect(load_settings()) as connection:
        difference = verify(connection)
        problems = catalogue_lint(connection)
    if difference:
        out.print(difference, markup=False)
    for name, problem in problems:
        err.print(f"{name}: {problem}", markup=False)
    if difference or problems:
        err.print("The database differs from the migrations: undo the manual change, or put it into a new migration.")
        raise typer.Exit(1)
    out.print("The catalogue is exactly what the migrations made.")


def refresh_command(
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything from raw instead of the touched cells.")] = False,
    as_of: Annotated[str | None, typer.Option(help="Look at the world as of this instant, e.g. 2026-01-31T18:00:00Z.")] = None,
    json: JsonOption = False,
) -> None:
    """Build what new events touched, test it, publish what changed.

    Example: agentmarts refresh
    """
    show_refresh(run_refresh(load_settings(), full=full, as_of=parse_time(as_of, "--as-of")), json)


def run_refresh(settings: Settings, *, full: bool = False, as_of: datetime | None = None) -> RefreshResult:
    """A refresh with a progress bar over the nodes of the dbt project."""
    manifest = load_manifest(settings)
    expected = sum(
        1 for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed", "test") and "nightly" not in node.get("tags", ())
    )  # fmt: skip
    with progress_bar() as bar:
        task = bar.add_task("dbt", total=expected)

        def advance(node: NodeOutcome) -> None:
            bar.update(task, advance=1, description=node.unique_id.split(".")[2])

        return refresh(settings, full=full, as_of=as_of, on_node=advance)


def show_refresh(result: RefreshResult, json: bool) -> None:
    """Print what a refresh published."""
    published = result.published
    if json:
        print_json(
            {
                "version": published.version,
                "as_of": result.window.as_of,
                "mode": result.window.mode,
                "rows_changed": published.rows_changed,
                "marts": [
                    {"mart": c.mart, "tenant_id": c.tenant_id, "inserted": c.inserted, "updated": c.updated, "deleted": c.deleted}
                    for c in published.changes
                ],
            }
        )
        return
    if not published.rows_changed:
        out.print(f"Nothing changed: version {published.version} stays, complete as of {result.window.as_of:%Y-%m-%d %H:%M:%S} UTC.")
        return
    totals: dict[str, list[int]] = {}
    for change in published.changes:
        row = totals.setdefault(change.mart, [0, 0, 0, 0])
        for index, count in enumerate((change.inserted, change.updated, change.deleted, change.restated)):
            row[index] += count
    print_table(["mart", "inserted", "updated", "deleted", "restated values"], [(mart, *row) for mart, row in totals.items()], "")
    out.print(f"Published version {published.version} ({result.window.mode}), as of {result.window.as_of:%Y-%m-%d %H:%M:%S} UTC.")


def publish_command(approve: Annotated[str, typer.Option(help="The run whose vanishing rows are right.", metavar="RUN_ID")]) -> None:
    """Publish a run that stopped as needs_approval because many rows would vanish.

    Example: agentmarts publish --approve 3f0c9a…
    """
    result = publish_run(load_settings(), approve, approved=True)
    out.print(f"Published version {result.version}: {result.rows_changed} rows changed.")


def recalculate_command(
    date_from: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First local day.")],
    date_to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last local day, inclusive.")],
    tenant: Annotated[str | None, typer.Option(help="Slug; without it every tenant.")] = None,
    json: JsonOption = False,
) -> None:
    """Recompute days from raw and publish what comes out differently.

    Example: agentmarts recalculate --from 2026-01-01 --to 2026-01-31 --tenant acme
    """
    settings = load_settings()
    days = mark_days(settings, date_from=date_from.date(), date_to=date_to.date(), tenant=tenant)
    if not json:
        out.print(f"{days} days marked.")
    show_refresh(run_refresh(settings), json)

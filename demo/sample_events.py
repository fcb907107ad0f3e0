"""Sample events of every stream, seeded: the same call gives the same bytes, everywhere and always.

As a module: `write_landing_files` and `write_learning_files`. As a command: `python -m demo.sample_events --help`.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from demo.demo_tenants import DEMO_TENANTS, DemoTenant
from demo.landing.landing_files import LandingFile, local_days, write_landing_files
from demo.landing.landing_learning import write_learning_files

__all__ = [
    "DEMO_TENANTS",
    "DemoTenant",
    "LandingFile",
    "write_landing_files",
    "write_learning_files",
]

DEFAULT_UNTIL = "2025-05-01T00:00:00Z"
"""Fixed, because the present would give other bytes every time. The 90 days before it have a change to summer time."""

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")


@app.command()
def main(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write to; made if missing.")],
    days: Annotated[int, typer.Option(min=1, max=2_000, help="How many days before `--until` the history begins.")] = 90,
    until: Annotated[str, typer.Option(help="The present, RFC 3339 with zone. Nothing is later.")] = DEFAULT_UNTIL,
    anchor: Annotated[
        str | None,
        typer.Option(help="The day growth and bad week hang on. Keep it to go on where an earlier call stopped."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other events.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write sample events of AI support agents as NDJSON. The same options always give the same bytes.

    Two shops with everyday trouble: a bad week, late and duplicate rows, one row in a thousand broken on purpose. One
    file per tenant, stream and UTC day of delivery: `OUT/<tenant>/conversation_events/<YYYY-MM-DD>.ndjson.gz`, likewise
    `quality_scores`. Agents' actions, their outcomes and feedback of the last 60 days are in files
    `<YYYY-MM-DD>.learning.ndjson.gz` of their streams, a week in each.

    Example: `python -m demo.sample_events --out landing --until "$(date -u +%FT%TZ)"`
    """
    started = time.perf_counter()
    files = _demo(out, _instant(until), days, seed, _day(anchor) if anchor else None)
    _report_demo(files, time.perf_counter() - started, as_json)


def _demo(out: Path, until: datetime, days: int, seed: int, anchor: date | None) -> list[LandingFile]:
    tenants = DEMO_TENANTS
    with _progress() as progress:
        total = sum(local_days(tenant, until, days, anchor) for tenant in tenants)
        task = progress.add_task("", total=total)

        def show(tenant: DemoTenant, day: date) -> None:
            progress.update(task, advance=1, description=f"{tenant.slug} {day}")

        files = write_landing_files(out, tenants, until, days, seed, anchor=anchor, on_day=show)
        return files + write_learning_files(out, tenants, until, days, seed, anchor=anchor)


def _report_demo(files: list[LandingFile], seconds: float, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps([{**asdict(file), "path": str(file.path)} for file in files], option=orjson.OPT_INDENT_2))
        return
    table = Table("tenant", "stream", "files", "rows", "bad", "duplicate", "new", box=None)
    for tenant, stream in dict.fromkeys((file.tenant, file.stream) for file in files):
        group = [file for file in files if (file.tenant, file.stream) == (tenant, stream)]
        rows, bad, duplicate = (sum(numbers) for numbers in zip(*((f.rows, f.bad_rows, f.duplicate_rows) for f in group), strict=True))
        numbers = (len(group), rows, bad, duplicate, rows - bad - duplicate)
        table.add_row(tenant, stream, *(f"{number:,}" for number in numbers))
    Console().print(table, f"{seconds:.1f} s")


def _progress() -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no RFC 3339 instant; write it like {DEFAULT_UNTIL}") from error
    if instant.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone; add Z or an offset, like {DEFAULT_UNTIL}")
    return instant.astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write it like 2025-05-01") from error


if __name__ == "__main__":
    app()

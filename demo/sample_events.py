"""Sample events of every stream, seeded: the same call gives the same bytes, everywhere and always.

As a module: `write_landing_files` and `write_learning_files` for the demo, `write_bench_files` for measuring. As a command:
`python -m demo.sample_events --help`.
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

from .bench_history import BenchTenant, write_bench_files
from .demo_tenants import DEMO_TENANTS, DemoTenant
from .landing_files import LandingFile, local_days, write_landing_files
from .landing_learning import write_learning_files

__all__ = [
    "DEMO_TENANTS",
    "BenchTenant",
    "DemoTenant",
    "LandingFile",
    "write_bench_files",
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
    events: Annotated[int | None, typer.Option(min=1, help="**Bench:** about how many events, such as `1_000_000`.")] = None,
    tenants: Annotated[int, typer.Option(min=1, help="**Bench:** how many tenants; sizes follow Zipf's law, exponent 1.1.")] = 200,
    batch_percent: Annotated[
        float,
        typer.Option(min=0, max=50, help="**Bench:** also write the next batch, this many percent of the events."),
    ] = 0,
    days: Annotated[int, typer.Option(min=1, max=2_000, help="How many days before `--until` the history begins.")] = 90,
    until: Annotated[str, typer.Option(help="The present, RFC 3339 with zone. Nothing is later.")] = DEFAULT_UNTIL,
    anchor: Annotated[
        str | None,
        typer.Option(help="**Demo:** the day growth and bad week hang on. Keep it to go on where an earlier call stopped."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other events.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write sample events of AI support agents as NDJSON. The same options always give the same bytes.

    **Demo** (without `--events`): two shops with everyday trouble: a bad week, late and duplicate rows, one row in a
    thousand broken on purpose. One file per tenant, stream and UTC day of delivery:
    `OUT/<tenant>/conversation_events/<YYYY-MM-DD>.ndjson.gz`, likewise `quality_scores`. Agents' actions, their outcomes
    and feedback of the last 60 days are in files `<YYYY-MM-DD>.learning.ndjson.gz` of their streams, a week in each.

    **Bench** (with `--events`): many tenants, clean rows, 1 % of them up to 7 days late, one file per tenant:
    `OUT/<tenant>/conversation_events/history.ndjson`, and `OUT/tenants.json` with slugs, time zones and counts.
    With `--batch-percent` the hours after `--until` go to `OUT-next/<tenant>/conversation_events/next_batch.ndjson`.

    Examples:

    - `python -m demo.sample_events --out landing --until "$(date -u +%FT%TZ)"`

    - `python -m demo.sample_events --out bench/events --events 1_000_000 --tenants 200 --batch-percent 1`
    """
    if events is None and batch_percent > 0:
        raise typer.BadParameter("a next batch is part of the bench: give --events too", param_hint="--batch-percent")
    if events is not None and anchor:
        raise typer.BadParameter("only the demo has an anchor: leave out --events or --anchor", param_hint="--anchor")
    present = _instant(until)
    started = time.perf_counter()
    if events is None:
        files = _demo(out, present, days, seed, _day(anchor) if anchor else None)
        _report_demo(files, time.perf_counter() - started, as_json)
    else:
        next_folder = out.with_name(out.name + "-next") if batch_percent > 0 else None
        _refuse_leftovers(out, tenants)
        if next_folder:
            _refuse_leftovers(next_folder, tenants)
        written = _bench(
            out,
            present,
            events=events,
            tenants=tenants,
            days=days,
            seed=seed,
            batch_percent=batch_percent,
            next_folder=next_folder,
        )
        _report_bench(written, out, next_folder, time.perf_counter() - started, as_json)


def _demo(out: Path, until: datetime, days: int, seed: int, anchor: date | None) -> list[LandingFile]:
    tenants = DEMO_TENANTS
    with _progress() as progress:
        total = sum(local_days(tenant, until, days, anchor) for tenant in tenants)
        task = progress.add_task("", total=total)

        def show(tenant: DemoTenant, day: date) -> None:
            progress.update(task, advance=1, description=f"{tenant.slug} {day}")

        files = write_landing_files(out, tenants, until, days, seed, anchor=anchor, on_day=show)
        return files + write_learning_files(out, tenants, until, days, seed, anchor=anchor)


def _bench(
    out: Path,
    until: datetime,
    *,
    events: int,
    tenants: int,
    days: int,
    seed: int,
    batch_percent: float,
    next_folder: Path | None,
) -> list[BenchTenant]:
    with _progress() as progress:
        task = progress.add_task("", total=events)

        def show(tenant: BenchTenant) -> None:
            progress.update(task, advance=tenant.events, description=tenant.slug)

        return write_bench_files(
            out,
            events,
            until,
            tenants=tenants,
            days=days,
            seed=seed,
            batch_percent=batch_percent,
            next_folder=next_folder,
            on_tenant=show,
        )


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


def _report_bench(written: list[BenchTenant], out: Path, next_folder: Path | None, seconds: float, as_json: bool) -> None:
    if as_json:
        typer.echo((out / "tenants.json").read_bytes())
        return
    events = sum(tenant.events for tenant in written)
    next_events = sum(tenant.next_events for tenant in written)
    console = Console()
    console.print(f"{events:,} events of {len(written)} tenants in {out}; the largest has {written[0].events / events:.0%}.")
    if next_folder:
        console.print(f"{next_events:,} events of the next batch in {next_folder} ({next_events / events:.2%}).")
    console.print(f"{seconds:.1f} s, {(events + next_events) / seconds:,.0f} events/s")


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


def _refuse_leftovers(folder: Path, tenants: int) -> None:
    """Tenants of an earlier call with more of them would be loaded along with the new ones."""
    wanted = {f"bench-{number:03d}" for number in range(1, tenants + 1)}
    others = sorted({entry.name for entry in folder.iterdir()} - wanted - {"tenants.json"}) if folder.is_dir() else []
    if others:
        raise typer.BadParameter(f"{folder} already holds other things ({others[0]} …); empty it or choose another --out")


if __name__ == "__main__":
    app()

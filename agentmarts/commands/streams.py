"""`agentmarts ingest` and `quarantine`: events in, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from agentmarts.commands.output import JsonOption, out, parse_time, print_json, print_table, progress_bar
from agentmarts.settings import load_settings, now
from agentmarts.streams.contract.registry import STREAMS
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.landing.mapping import read_mapping
from agentmarts.streams.landing.read_options import ReadOptions
from agentmarts.streams.landing.reading import AS_TOLD
from agentmarts.streams.store.loader import LoadReport
from agentmarts.streams.store.quarantine import list_quarantine, replay
from agentmarts.tenancy.tenants import find_tenant

quarantine = typer.Typer(no_args_is_help=True, help="Rows that were refused: why, and try them again.")


def ingest_command(
    stream: Annotated[str, typer.Argument(help="One of: " + ", ".join(STREAMS))],
    paths: Annotated[
        list[str],
        typer.Argument(help="NDJSON, JSON, CSV, TSV, Excel, Parquet or Arrow, also .gz, .zst, .zip; a path or any address such as s3://…"),
    ],
    tenant: Annotated[str, typer.Option(help="Slug of the tenant the rows belong to.")],
    mapping: Annotated[Path | None, typer.Option(help="YAML that turns other columns into ours (docs/mapping.md).")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of CSV: utf-8, cp1252, utf-16, …; else found out.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Of CSV: one character; else found out.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Of CSV: , reads 1.234,5 as 1234.5.")] = None,
    skip_lines: Annotated[int | None, typer.Option(help="Of CSV and Excel: lines before the header.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Of Excel: name of the sheet; else the first.")] = None,
    records: Annotated[str | None, typer.Option(help="Of JSON: where the list of records lies, such as data.items.")] = None,
    json: JsonOption = False,
) -> None:
    """Load files of a stream. Loading the same file again changes nothing.

    Example: agentmarts ingest conversation_events events.ndjson.gz --tenant acme
    """
    if stream not in STREAMS:
        raise typer.BadParameter(f"{stream!r} is no stream: choose one of {', '.join(STREAMS)}", param_hint="STREAM")
    settings = load_settings()
    find_tenant(settings, tenant)
    event_mapping = read_mapping(mapping) if mapping else None
    options = _read_options(
        event_mapping.read if event_mapping else AS_TOLD,
        encoding=encoding, delimiter=delimiter, decimal=decimal, skip_lines=skip_lines, sheet=sheet, records=records,
    )  # fmt: skip
    reports = []
    with progress_bar() as bar:
        for path in paths:
            task = bar.add_task(path, total=None)

            def show(total: LoadReport, task=task, path=path) -> None:  # type: ignore[no-untyped-def]
                bar.update(task, completed=total.total, description=f"{path}: {total.quarantined} quarantined")

            report = load_file(
                settings, path, tenant=tenant, stream=stream, mapping=event_mapping, options=options, received_at=now(), progress=show
            )
            reports.append((path, report))
    if json:
        print_json(
            [
                {"file": path, "accepted": r.accepted, "duplicates": r.duplicates, "quarantined": r.quarantined, "reasons": dict(r.reasons)}
                for path, r in reports
            ]
        )
        return
    print_table(["file", "accepted", "duplicates", "quarantined"], [(p, r.accepted, r.duplicates, r.quarantined) for p, r in reports], "")
    if any(report.quarantined for _, report in reports):
        out.print("See why: `agentmarts quarantine list`. Next: `agentmarts refresh`.")
    else:
        out.print("Next: `agentmarts refresh`.")


def _read_options(told: ReadOptions, **more: object) -> ReadOptions:
    try:
        return told.told(**more)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise typer.BadParameter(f"{first['input']!r}: {first['msg']}", param_hint=f"--{name}") from None


@quarantine.command("list")
def show_quarantine(
    tenant: Annotated[str | None, typer.Option(help="Slug.")] = None,
    stream: Annotated[str | None, typer.Option(help="Stream.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason, e.g. unknown_event_type.")] = None,
    since: Annotated[str | None, typer.Option(help="First seen at or after this time.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows at most.")] = 100,
    json: JsonOption = False,
) -> None:
    """Rows that were refused and not replayed yet, newest first.

    Example: agentmarts quarantine list --tenant acme --reason unknown_event_type
    """
    rows = list_quarantine(load_settings(), tenant=tenant, stream=stream, reason=reason, since=parse_time(since, "--since"), limit=limit)
    if json:
        print_json([vars(row) for row in rows])
    else:
        print_table(
            ["id", "tenant", "stream", "event", "reason", "what is wrong", "seen", "source"],
            [(r.quarantine_id, r.tenant, r.stream, r.event_id, r.reason, r.detail, r.times_seen, r.source) for r in rows],
            "The quarantine is empty.",
        )


@quarantine.command("replay")
def replay_quarantine(
    tenant: Annotated[str | None, typer.Option(help="Slug.")] = None,
    stream: Annotated[str | None, typer.Option(help="Stream.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason.")] = None,
    since: Annotated[str | None, typer.Option(help="First seen at or after this time.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many rows at most.")] = None,
) -> None:
    """Send refused rows through the ordinary loader again, for example after an upgrade; twice changes nothing.

    Example: agentmarts quarantine replay --reason unknown_event_type
    """
    report = replay(
        load_settings(), received_at=now(), tenant=tenant, stream=stream, reason=reason, since=parse_time(since, "--since"), limit=limit
    )
    out.print(f"{report.replayed} accepted, {report.still_quarantined} still refused.")

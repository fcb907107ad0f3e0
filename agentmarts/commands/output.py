"""How commands speak: tables for people, JSON for scripts, errors on stderr with what to do next."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress

PIPED_WIDTH = 200
"""Columns of a table that goes into a file or a pipe: nobody's terminal cuts it there."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def print_json(value: object) -> None:
    """Print a value as indented JSON; dates and UUIDs become strings."""
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=str).decode())


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print rows under headings, or the sentence `empty` when there are none."""
    from rich.table import Table

    table = Table(*headings, box=None, pad_edge=False)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last count decides below
        table.add_row(*("–" if value is None else str(value) for value in row))
    out.print(table if count else empty)


def progress_bar() -> Progress:
    """A progress bar on stderr; silent when stderr is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def parse_time(text: str | None, option: str) -> datetime | None:
    """An RFC 3339 time with a zone; exits with code 2 and a sentence when it is none."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a time: write 2026-01-31T18:00:00Z", param_hint=option) from error
    if value.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone: write {text}Z for UTC", param_hint=option)
    return value

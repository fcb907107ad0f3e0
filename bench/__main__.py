"""`make bench`: measure, print a table of ratios with their goals, write bench/results.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bench import ingest, refresh

GOALS = {
    "P1_ingest_to_copy": (0.40, "at least"),
    "P2_ingest_to_sqlalchemy": (2.0, "at least"),
    "P4_batch_to_full": (0.05, "at most"),
}


def main(
    events: Annotated[int, typer.Option(help="Events of the history that is refreshed.")] = 1_000_000,
    rows: Annotated[int, typer.Option(help="Events of each round of ingest.")] = 200_000,
) -> None:
    """Measure ingest against COPY and plain inserts, and the refresh after a 1 % batch against the full build.

    Example: python -m bench --events 200000
    """
    print(f"ingest, {rows:,} events a round")
    results = ingest.run(rows)
    print(f"refresh after a 1 % batch, {events:,} events")
    results |= refresh.run(events)
    print(f"\n{'figure':32} {'measured':>14}  goal")
    for name, value in results.items():
        print(f"{name:32} {value:14,.3f}  {verdict(name, value)}")
    (Path(__file__).parent / "results.json").write_text(json.dumps(results, indent=2))


def verdict(name: str, value: float) -> str:
    """The goal of a figure and whether it is reached; empty for figures without one."""
    if name not in GOALS:
        return ""
    goal, direction = GOALS[name]
    reached = value >= goal if direction == "at least" else value <= goal
    return f"{direction} {goal}: {'reached' if reached else 'MISSED'}"


if __name__ == "__main__":
    typer.run(main)

"""`make bench`: measure, print a table of ratios, write bench/results.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bench import refresh

GOALS = {"P4_batch_to_full": 0.05}


def main(events: Annotated[int, typer.Option(help="Events of the history.")] = 1_000_000) -> None:
    """Measure the refresh after a 1 % batch against the full build.

    Example: python -m bench --events 200000
    """
    print(f"refresh after a 1 % batch, {events:,} events")
    results = refresh.run(events)
    print(f"\n{'figure':28} {'measured':>14}  goal")
    for name, value in results.items():
        goal = GOALS.get(name)
        verdict = "" if goal is None else f"≤ {goal} {'reached' if value <= goal else 'MISSED'}"
        print(f"{name:28} {value:14,.3f}  {verdict}")
    (Path(__file__).parent / "results.json").write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    typer.run(main)

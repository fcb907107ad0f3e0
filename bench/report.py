"""Figures on the screen beside their goals, and kept in bench/results.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from bench.goals import BY_FIGURE

RESULTS = Path(__file__).parent / "results.json"


def report(results: dict[str, float]) -> None:
    """Print the figures beside their goals and keep them; results of other measurements stay."""
    print(f"\n{'figure':48} {'measured':>14}  goal")
    for name, value in results.items():
        print(f"{name:48} {value:14,.3f}  {BY_FIGURE[name].verdict(value) if name in BY_FIGURE else ''}")
    day = datetime.now(UTC).date().isoformat()
    RESULTS.write_text(json.dumps(kept() | {name: {"value": value, "day": day} for name, value in results.items()}, indent=2))


def kept() -> dict[str, dict[str, object]]:
    """What was measured so far: {figure: {value, day}}."""
    results: dict[str, dict[str, object]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return {name: one for name, one in results.items() if isinstance(one, dict)}

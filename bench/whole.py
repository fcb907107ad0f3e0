"""`make bench`: every ratio of the table in one run on one machine, how cost grows with history, and the page that says so."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from agentmarts.settings import Settings
from bench import ingest, live, refresh, service
from bench.scratch_warehouse import scratch_warehouse

LARGEST = "bench-001"
LIVE_MINUTES = 1.0
GROWING = {
    "full": "full_sql_seconds_3_filled",
    "batch": "batch_sql_seconds",
    "nothing_new": "nothing_new_sql_seconds_3_filled",
    "one_conversation": "one_conversation_sql_seconds_3_filled",
    "ingest": "history_seconds",
    "outcome_daily": "node_outcome_daily",
    "e_process": "node_int_learning__e_process",
}
"""Costs whose growth with history is measured; all domains are filled."""


def run(events: int, rows: int, *, large: bool) -> Iterator[dict[str, float]]:
    """Figures of one part after the other. `events`: of the history of 90 days; `rows`: of each round of ingest; `large`: also ten times
    the history."""
    print(f"ingest, {rows:,} events a round", flush=True)
    loaded = ingest.run(rows)
    yield loaded
    print(f"{events:,} events of 90 days", flush=True)
    with scratch_warehouse(27433) as (settings, home):
        one = dict(refresh.measure_all(settings, home, events, 90, (1, 2, 3)))
        yield one
        answered = _service(settings, home)
        yield answered | {"post_to_file_rate": answered["post_rows_per_second"] / loaded["ingest_rows_per_second"]}
    for times in (3, 10) if large else (3,):
        print(f"{events * times:,} events of {90 * times} days", flush=True)
        with scratch_warehouse(27433) as (settings, home):
            more = dict(refresh.measure_all(settings, home, events * times, 90 * times, (3,)))
            more |= _service(settings, home) if times > 3 else {}
        yield {f"{name}_at_{times}": value for name, value in more.items()}
        yield {f"growth_{name}": math.log(more[cost] / one[cost]) / math.log(times) for name, cost in GROWING.items()}
        if times == 3:
            yield {"P5_batch_on_3_histories": more["batch_sql_seconds"] / one["batch_sql_seconds"]}
    print(f"a whole installation, {LIVE_MINUTES:g} minutes of events", flush=True)
    yield live.run(LIVE_MINUTES)


def service_alone(events: int) -> dict[str, float]:
    """Figures of the service on a history of 90 days of so many events, of conversations alone; names end in `_at_size`."""
    with scratch_warehouse(27433) as (settings, home):
        refresh.load_history(settings, home, events, 90)
        refresh.measure(settings, "full", full=True, slowest=8)
        return {f"{name}_at_size": value for name, value in ({"events": float(events)} | _service(settings, home)).items()}


def _service(settings: Settings, home: Path) -> dict[str, float]:
    print("  the service", flush=True)
    return dict(service.run(settings, LARGEST, home / "history" / LARGEST / "conversation_events" / "history.ndjson"))

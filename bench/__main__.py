"""`make bench`: measure, print a table of figures with their goals, write bench/results.json.

Without a subcommand it is about speed; the subcommands simulate how right the statistics are.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bench import calibration_alarm, coaching_alarm, graph_scale, graph_year, ingest, live, refresh, success_bias
from bench.history import write_bench_files

GOALS = {
    "P1_ingest_to_copy": (0.40, "at least"),
    "P2_ingest_to_sqlalchemy": (2.0, "at least"),
    "P4_batch_to_full": (0.05, "at most"),
    **{f"nothing_new_sql_seconds_{n}_filled": (0.3, "at most") for n in (1, 2, 3)},
    **{f"nothing_new_wall_seconds_{n}_filled": (1.5, "at most") for n in (1, 2, 3)},
    **{f"one_conversation_sql_seconds_{n}_filled": (1.5, "at most") for n in (1, 2, 3)},
    **{f"one_conversation_wall_seconds_{n}_filled": (4.0, "at most") for n in (1, 2, 3)},
    "calibration_false_alarm_share": (0.05, "at most"),
    "calibration_detection_median_confident": (150, "at most"),
    "coaching_actionable_share": (0.10, "at most"),
    "bias_matured_largest": (0.01, "at most"),
    "graph_year_wrong_days_facebook": (0, "at most"),
    "graph_year_wrong_days_instagram": (0, "at most"),
    "graph_year_wrong_weeks": (0, "at most"),
    "graph_year_wrong_windows": (0, "at most"),
    "graph_year_wrong_posts": (0, "at most"),
    "graph_year_rows_a_rebuild_changes": (0, "at most"),
    "graph_scale_full_wall_seconds": (600, "at most"),
    "graph_scale_new_day_sql_seconds": (30, "at most"),
    "graph_scale_full_exponent": (1.1, "at most"),
    "graph_scale_new_day_exponent": (1.1, "at most"),
    "live_raw_to_mart_p95_seconds": (30, "at most"),
    "live_click_to_published_seconds": (15, "at most"),
    "live_idle_cpu_seconds_a_minute": (5, "at most"),
    "live_memory_mb": (900, "at most"),
}
UNTIL = datetime(2025, 5, 1, tzinfo=UTC)
"""Fixed, because the present would give other bytes every time. The 90 days before it have a change to summer time."""
RESULTS = Path(__file__).parent / "results.json"
Seed = Annotated[int, typer.Option(help="Another seed, another sample.")]

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    events: Annotated[int, typer.Option(help="Events of the history that is refreshed.")] = 1_000_000,
    rows: Annotated[int, typer.Option(help="Events of each round of ingest.")] = 200_000,
) -> None:
    """Measure ingest against COPY and plain inserts, and the refresh after a 1 % batch against the full build.

    Example: python -m bench --events 200000
    """
    if context.invoked_subcommand is not None:
        return
    print(f"ingest, {rows:,} events a round")
    results = ingest.run(rows)
    print(f"refresh after a 1 % batch, {events:,} events")
    report(results | refresh.run(events))


@app.command("refresh")
def measure_refresh(
    events: Annotated[int, typer.Option(help="Events of the history that is refreshed.")] = 1_000_000,
    days: Annotated[int, typer.Option(min=30, help="Days over which they are spread.")] = 90,
    domains: Annotated[int, typer.Option(min=1, max=3, help="How many domains to fill, one after the other.")] = 3,
) -> None:
    """A refresh with nothing new, after one conversation and after a 1 % batch, with one, two and three domains filled.

    Example: python -m bench refresh --events 200000
    """
    print(f"refresh, {events:,} events of {days} days")
    report(refresh.run(events, days=days, domains=domains))


@app.command("calibration_alarm")
def measure_calibration_alarm(
    groups: Annotated[int, typer.Option(min=8, help="Calibrated groups; half as many overconfident ones come on top.")] = 400,
    seed: Seed = 7,
) -> None:
    """Share of false calibration alarms, and the outcomes it takes to find 10 points of overconfidence.

    Example: python -m bench calibration_alarm --groups 40
    """
    print(f"calibration alarm, {groups:,} calibrated groups of {calibration_alarm.OUTCOMES} outcomes")
    report(calibration_alarm.run(groups, seed))


@app.command("coaching_alarm")
def measure_coaching_alarm(
    tenants: Annotated[int, typer.Option(min=1, help="Tenants in whom nothing makes a difference.")] = 300, seed: Seed = 7
) -> None:
    """Share of tenants without any effect that are shown an actionable coaching pattern.

    Example: python -m bench coaching_alarm --tenants 30
    """
    print(f"coaching, {tenants:,} tenants without effect, {coaching_alarm.TYPES} action types each")
    report(coaching_alarm.run(tenants, seed))


@app.command("success_bias")
def measure_success_bias(
    actions: Annotated[int, typer.Option(min=100, help="Actions of each of the three profiles.")] = 60_000, seed: Seed = 7
) -> None:
    """Bias of success rates when successes come early, evenly or late in a window of 30 days.

    Example: python -m bench success_bias --actions 10000
    """
    print(f"success rates, {actions:,} actions a profile")
    report(success_bias.run(actions, seed))


@app.command("graph_year")
def measure_graph_year(
    days: Annotated[int, typer.Option(min=7, help="Days pulled, from 1 March 2026 on.")] = 365,
    every: Annotated[int, typer.Option(min=1, help="Days between two pulls.")] = 1,
    seed: Seed = 7,
) -> None:
    """Days, weeks and windows of the social marts that differ from what really happened in the simulated Meta.

    Example: python -m bench graph_year --days 30
    """
    print(f"{days} days of pulls from a simulated Page and Instagram account")
    report(graph_year.run(days, seed, every))


@app.command("graph_scale")
def measure_graph_scale(
    accounts: Annotated[int, typer.Option(min=10, help="Pages, spread over ten tenants.")] = 100,
    days: Annotated[int, typer.Option(min=40, help="Days of history; a quarter of them is built too, to see how the cost grows.")] = 730,
) -> None:
    """A full build of an agency's accounts and one new day of all of them.

    Example: python -m bench graph_scale --accounts 20 --days 120
    """
    print(f"{accounts} accounts, {days} days")
    report(graph_scale.run(accounts, days))


@app.command("events")
def write_events(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write to; made if missing.")],
    events: Annotated[int, typer.Option(min=1, help="About how many events.")] = 1_000_000,
    tenants: Annotated[int, typer.Option(min=1, help="How many tenants; sizes follow Zipf's law, exponent 1.1.")] = 200,
    batch_percent: Annotated[float, typer.Option(min=0, max=50, help="Also write the next batch, this many percent of the events.")] = 0,
    days: Annotated[int, typer.Option(min=1, max=2_000, help="How many days before `--until` the history begins.")] = 90,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="The present (UTC). Nothing is later.")] = UNTIL,
    seed: Seed = 7,
) -> None:
    """Write what the refresh is measured on: many tenants, clean rows, 1 % of them up to 7 days late, one NDJSON file per tenant.

    OUT/<tenant>/conversation_events/history.ndjson, OUT/tenants.json with slugs, time zones and counts; the next batch, the hours after
    `--until`, goes to OUT-next. The same options always give the same bytes.

    Example: python -m bench events --out /tmp/events --events 100000 --batch-percent 1
    """
    following = out.with_name(out.name + "-next") if batch_percent > 0 else None
    for folder in (out, following) if following else (out,):
        _refuse_leftovers(folder, tenants)
    written = write_bench_files(
        out, events, until.replace(tzinfo=UTC), tenants=tenants, days=days, seed=seed, batch_percent=batch_percent, next_folder=following
    )
    total, more = sum(one.events for one in written), sum(one.next_events for one in written)
    print(f"{total:,} events of {len(written)} tenants in {out}; the largest has {written[0].events / total:.0%}.")
    if following:
        print(f"{more:,} events of the next batch in {following} ({more / total:.2%}).")


def _refuse_leftovers(folder: Path, tenants: int) -> None:
    """Tenants of an earlier call with more of them would be loaded along with the new ones."""
    wanted = {f"bench-{number:03d}" for number in range(1, tenants + 1)} | {"tenants.json"}
    others = sorted({entry.name for entry in folder.iterdir()} - wanted) if folder.is_dir() else []
    if others:
        raise typer.BadParameter(f"{folder} already holds other things ({others[0]} …); empty it or choose another --out")


@app.command("live")
def measure_live(
    minutes: Annotated[float, typer.Option(min=0.5, help="How long events are sent; the idle time afterwards comes on top.")] = 5.0,
) -> None:
    """Raw to mart over HTTP with sensors on, then CPU and memory of the whole installation at rest.

    Example: python -m bench live --minutes 2
    """
    print(f"a whole installation, {minutes:g} minutes of events, one conversation every {live.SEND_EVERY_SECONDS:g} s")
    report(live.run(minutes))


def report(results: dict[str, float]) -> None:
    """Print the figures beside their goals and keep them; results of other measurements stay."""
    print(f"\n{'figure':48} {'measured':>14}  goal")
    for name, value in results.items():
        print(f"{name:48} {value:14,.3f}  {verdict(name, value)}")
    earlier = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(earlier | results, indent=2))


def verdict(name: str, value: float) -> str:
    """The goal of a figure and whether it is reached; empty for figures without one."""
    if name not in GOALS:
        return ""
    goal, direction = GOALS[name]
    reached = value >= goal if direction == "at least" else value <= goal
    return f"{direction} {goal}: {'reached' if reached else 'MISSED'}"


if __name__ == "__main__":
    app()

"""`make bench`: measure, print a table of figures with their goals, write bench/results.json.

Without a subcommand it is about speed; the subcommands simulate how right the statistics are.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bench import calibration_alarm, coaching_alarm, graph_scale, graph_year, ingest, live, refresh, success_bias, whole
from bench.history import write_bench_files
from bench.performance_page import write_page
from bench.report import report

UNTIL = datetime(2025, 5, 1, tzinfo=UTC)
"""Fixed, because the present would give other bytes every time. The 90 days before it have a change to summer time."""
Seed = Annotated[int, typer.Option(help="Another seed, another sample.")]

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    events: Annotated[int, typer.Option(help="Events of the history of 90 days.")] = 1_000_000,
    rows: Annotated[int, typer.Option(help="Events of each round of ingest.")] = 300_000,
    large: Annotated[bool, typer.Option("--large", help="Also ten times the history, which takes another hour.")] = False,
) -> None:
    """Measure every row of the table, draw how cost grows with history, and write docs/performance.md; 25 minutes on two cores.

    Example: python -m bench --events 200000
    """
    if context.invoked_subcommand is not None:
        return
    for part in whole.run(events, rows, large=large):
        report(part)
        write_page()


@app.command("ingest")
def measure_ingest(rows: Annotated[int, typer.Option(help="Events of each round.")] = 300_000) -> None:
    """Ingest of NDJSON against COPY and plain inserts of the same rows.

    Example: python -m bench ingest --rows 100000
    """
    print(f"ingest, {rows:,} events a round")
    report(ingest.run(rows))


@app.command("service")
def measure_service(events: Annotated[int, typer.Option(help="Events of the history of 90 days.")] = 10_000_000) -> None:
    """What the service answers in a second on a large history; its figures end in `_at_size`.

    Example: python -m bench service --events 1000000
    """
    print(f"the service on {events:,} events")
    report(whole.service_alone(events))


@app.command("page")
def page() -> None:
    """Write docs/performance.md anew from what was measured last."""
    write_page()


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


if __name__ == "__main__":
    app()

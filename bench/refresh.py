"""P3 to P8: a refresh costs what changed. With one, two and three domains filled: nothing new, one conversation, a 1 % batch, all of it.

Only `refresh` of the library is called, so that the same bench can run against an earlier version of it.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import orjson
import psycopg

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.store.loader import open_writer
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import SUPERUSER, EmbeddedServer
from bench.history import BenchTenant, write_bench_files
from bench.other_domains import fill_learning, fill_social, more_outcomes
from bench.scratch_warehouse import scratch_warehouse

BATCH_PERCENT = 1.0
CALIBRATION = ("calibration_bins", "calibration_summary")
# As somebody would write it who needs a chart by tonight: no episodes, no outcomes, no replies that come the day after.
DAILY_METRICS_BY_HAND = """
with events as (
    select
        e.tenant_id, e.conversation_id, e.customer_id, e.event_type, e.occurred_at, e.response_time_ms,
        (e.occurred_at at time zone t.timezone)::date as metric_date,
        lag(e.event_type) over conversation as previous_type,
        lag(e.occurred_at) over conversation as previous_at
    from raw.conversation_events e
    join marts.dim_tenant t using (tenant_id)
    window conversation as (partition by e.tenant_id, e.conversation_id order by e.occurred_at, e.event_id)
),
customers as (
    select tenant_id, metric_date, count(*) as unique_customers
    from (select distinct tenant_id, metric_date, customer_id from events where customer_id is not null) once
    group by tenant_id, metric_date
)
select
    e.tenant_id,
    e.metric_date,
    count(distinct e.conversation_id) as conversations,
    count(*) filter (where e.event_type in ('message_sent', 'message_received')) as messages,
    count(distinct e.conversation_id) filter (where e.event_type = 'conversation_resolved') as resolved,
    count(distinct e.conversation_id) filter (where e.event_type = 'conversation_escalated') as escalated,
    count(distinct e.conversation_id) filter (where e.event_type = 'conversation_abandoned') as abandoned,
    percentile_cont(array[0.5, 0.95]) within group (order by coalesce(
        e.response_time_ms, extract(epoch from e.occurred_at - e.previous_at) * 1000
    )) filter (where e.event_type = 'message_sent' and e.previous_type = 'message_received') as response_times,
    max(c.unique_customers) as unique_customers
from events e
left join customers c using (tenant_id, metric_date)
group by e.tenant_id, e.metric_date
"""


@dataclass(frozen=True)
class Measured:
    """Seconds of one refresh: PostgreSQL at work on our statements (all sessions added up), on the wall, and of this process's CPU."""

    sql: float
    wall: float
    cpu: float
    seconds: Mapping[str, float]
    """Of each dbt node, by its name."""
    rows_changed: int

    def __str__(self) -> str:
        return (
            f"{self.sql:6.2f} s of SQL, {self.wall:6.2f} s on the wall, {self.cpu:6.2f} s of CPU in dbt and ours,"
            f" {len(self.seconds):3} nodes of dbt, {self.rows_changed:,} rows changed"
        )


def sql_seconds(settings: Settings) -> float:
    """Seconds that sessions of this database have spent executing SQL so far (pg_stat_database.active_time)."""
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        time.sleep(1.5)  # sessions report at most once a second
        connection.execute("select pg_stat_clear_snapshot()")
        row = connection.execute("select active_time / 1000 from pg_stat_database where datname = current_database()").fetchone()
    assert row is not None
    return float(row[0])


def _write_out(settings: Settings) -> None:
    """Let PostgreSQL write what the step before left in memory: a full build leaves gigabytes, which are no cost of the next refresh."""
    url = EmbeddedServer(settings).url("postgres", SUPERUSER).render_as_string(hide_password=False)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("checkpoint")


def measure(settings: Settings, what: str, *, full: bool = False, slowest: int = 0) -> Measured:
    """One refresh, timed; prints what it took and its slowest nodes."""
    _write_out(settings)
    before, begun, cpu = sql_seconds(settings), time.monotonic(), _cpu_seconds()
    result = refresh(settings, full=full)
    wall, cpu = time.monotonic() - begun, _cpu_seconds() - cpu
    seconds = {node.unique_id.split(".", 2)[-1]: node.seconds for node in result.nodes}
    measured = Measured(sql_seconds(settings) - before, wall, cpu, seconds, result.published.rows_changed)
    print(f"  {what:32} {measured}", flush=True)
    for name, taken in slowest_nodes(measured, slowest).items():
        print(f"    {taken:7.2f} s  {name[:100]}")
    return measured


def slowest_nodes(measured: Measured, count: int) -> dict[str, float]:
    """Seconds of the slowest models."""
    return dict(sorted(measured.seconds.items(), key=lambda item: -item[1])[:count])


def run(events: int, *, days: int = 90, domains: int = 3) -> dict[str, float]:
    """Load a history of so many events, build it, and refresh it in small steps while the domains fill; figures by name."""
    with scratch_warehouse(27433) as (settings, home):
        return dict(measure_all(settings, home, events, days, range(1, domains + 1)))


def measure_all(settings: Settings, home: Path, events: int, days: int, filled: Sequence[int]) -> Iterator[tuple[str, float]]:
    """As `run`, in an empty warehouse, which is left as it is then, with the files it was loaded from under `home`.

    `filled`: with how many domains filled to build and to measure, in order.
    """
    tenants, rows, loaded = load_history(settings, home, events, days)
    yield "events", rows
    yield "history_seconds", loaded
    fills: list[tuple[str, Callable[[Settings, datetime], int] | None]] = [
        ("conversations", None),
        ("learning", fill_learning),
        ("social", fill_social),
    ]
    for before, number in pairwise((0, *filled)):
        for domain, fill in fills[before:number]:
            if fill is not None:
                print(f"  {domain}: {fill(settings, now()):,} rows more")
        full = measure(settings, f"{number} filled: full", full=True, slowest=8)
        yield f"full_sql_seconds_{number}_filled", full.sql
        yield from ((f"node_{number}_{name}", taken) for name, taken in slowest_nodes(full, 12).items())
        if number == 1:
            yield from _one_statement(settings, full)
        if number > 1:
            yield from ((f"node_{name}", full.seconds[name]) for name in ("outcome_daily", "int_learning__e_process"))
        measure(settings, f"{number} filled: first after full")
        nothing = measure(settings, f"{number} filled: nothing new")
        _one_conversation(settings, home, tenants[0].slug, number)
        one = measure(settings, f"{number} filled: one conversation")
        for name, measured in (("nothing_new", nothing), ("one_conversation", one)):
            yield f"{name}_sql_seconds_{number}_filled", measured.sql
            yield f"{name}_wall_seconds_{number}_filled", measured.wall
    yield from _batch(settings, home, [tenant for tenant in tenants if tenant.next_path], full)
    if number > 1:
        yield from _more_outcomes(settings, full)
    yield from _scattered(settings, home, tenants, full)
    yield "refresh_memory_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load_history(settings: Settings, home: Path, events: int, days: int) -> tuple[list[BenchTenant], int, float]:
    """The tenants of a history under `home`, its rows, and in how many seconds they were loaded."""
    batch_percent = BATCH_PERCENT * 90 / days
    tenants = write_bench_files(
        home / "history", events, now() - timedelta(days=4), days=days, batch_percent=batch_percent, next_folder=home / "next"
    )
    for tenant in tenants:
        create_tenant(settings, slug=tenant.slug, timezone=tenant.timezone, currency=tenant.currency)
    begun = time.monotonic()
    rows = _load(settings, tenants, home / "history", lambda tenant: tenant.path)
    loaded = time.monotonic() - begun
    print(f"  ingested {rows:,} events of {len(tenants)} tenants in {loaded:.1f} s ({rows / loaded:,.0f} rows/s)", flush=True)
    return tenants, rows, loaded


def _batch(settings: Settings, home: Path, tenants: list[BenchTenant], full: Measured) -> Iterator[tuple[str, float]]:
    """P3, P4: 1 % more, some of it late; then the same once more."""
    took = []
    for what in ("events more", "events once more"):
        begun = time.monotonic()
        rows = _load(settings, tenants, home / "next", lambda tenant: str(tenant.next_path))
        loaded = time.monotonic() - begun
        measured = measure(settings, f"{rows:,} {what}", slowest=8 if rows else 0)
        took.append((rows, loaded + measured.wall, measured))
    (rows, first, batch), (_, replay, again) = took
    yield "batch_events", rows
    yield "batch_sql_seconds", batch.sql
    yield "batch_wall_seconds", batch.wall
    yield "P3_replay_to_first", replay / first
    yield "P3_replay_rows_changed", again.rows_changed
    yield "P4_batch_to_full", batch.sql / full.sql


def _one_statement(settings: Settings, full: Measured) -> Iterator[tuple[str, float]]:
    """P7: what dbt's start costs is no part of `full.sql`."""
    before = sql_seconds(settings)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("set local role am_owner")
        connection.execute(f"create table build.by_hand as {DAILY_METRICS_BY_HAND}")
        connection.rollback()
    by_hand = sql_seconds(settings) - before
    print(f"  daily metrics in one statement   {by_hand:6.2f} s of SQL")
    yield "by_hand_sql_seconds", by_hand
    yield "P7_full_to_one_statement", full.sql / by_hand


def _more_outcomes(settings: Settings, full: Measured) -> Iterator[tuple[str, float]]:
    """P8: 1 % of the actions without an outcome get one."""
    print(f"  {more_outcomes(settings, now()):,} outcomes more")
    measured = measure(settings, "1 % new outcomes")
    yield (
        "P8_calibration_to_full",
        sum(measured.seconds.get(name, 0.0) for name in CALIBRATION) / sum(full.seconds[name] for name in CALIBRATION),
    )


def _scattered(settings: Settings, home: Path, tenants: list[BenchTenant], full: Measured) -> Iterator[tuple[str, float]]:
    """P6: every hundredth event of the history happens once more, under another id."""
    for tenant in tenants:
        path = home / "scattered" / tenant.path
        path.parent.mkdir(parents=True)
        with (home / "history" / tenant.path).open("rb") as history:
            path.write_bytes(b"".join(line.replace(b'"event_id":"', b'"event_id":"again-', 1) for line in islice(history, 0, None, 100)))
    rows = _load(settings, tenants, home / "scattered", lambda tenant: tenant.path)
    scattered = measure(settings, f"{rows:,} events scattered", slowest=4)
    yield "scattered_sql_seconds", scattered.sql
    yield "P6_scattered_to_full", scattered.sql / full.sql


def _load(settings: Settings, tenants: list[BenchTenant], folder: Path, path_of: Callable[[BenchTenant], str]) -> int:
    with open_writer(settings) as writer:  # one for many files, as for those of a landing
        return sum(
            load_file(
                settings, str(folder / path_of(tenant)), tenant=tenant.slug, stream="conversation_events", received_at=now(), writer=writer
            ).accepted
            for tenant in tenants
        )


def _one_conversation(settings: Settings, folder: Path, tenant: str, number: int) -> None:
    """Four events of an hour ago."""
    begun = now() - timedelta(hours=1)
    kinds = ("conversation_started", "message_received", "message_sent", "conversation_resolved")
    path = folder / f"one_{number}.ndjson"
    path.write_bytes(
        b"\n".join(
            orjson.dumps(
                {
                    "event_id": f"one-{number}-{second}",
                    "conversation_id": f"one-{number}",
                    "event_type": kind,
                    "occurred_at": (begun + timedelta(seconds=second)).isoformat(),
                    "customer_id": f"one-{number}",
                    "text": "Where is my order?" if kind == "message_received" else None,
                    "closed_by": "ai_agent" if kind == "conversation_resolved" else None,
                }
            )
            for second, kind in enumerate(kinds)
        )
    )
    report = load_file(settings, str(path), tenant=tenant, stream="conversation_events", received_at=now())
    assert report.accepted == len(kinds), report.reasons


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

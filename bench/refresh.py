"""P4, P5: a refresh costs what changed. With one, two and three domains filled: nothing new, one conversation, a 1 % batch, all of it.

Only `refresh` of the library is called, so that the same bench can run against an earlier version of it.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import psycopg

from agentmarts.refresh.run import refresh
from agentmarts.settings import Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import SUPERUSER, EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up
from bench.history import BenchTenant, write_bench_files
from bench.other_domains import fill_learning, fill_social


@dataclass(frozen=True)
class Measured:
    """Seconds of one refresh: PostgreSQL at work on our statements (all sessions added up), on the wall, and of this process's CPU."""

    sql: float
    wall: float
    cpu: float
    nodes: int
    rows_changed: int

    def __str__(self) -> str:
        return (
            f"{self.sql:6.2f} s of SQL, {self.wall:6.2f} s on the wall, {self.cpu:6.2f} s of CPU in dbt and ours,"
            f" {self.nodes:3} nodes of dbt, {self.rows_changed:,} rows changed"
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
    measured = Measured(sql_seconds(settings) - before, wall, cpu, len(result.nodes), result.published.rows_changed)
    print(f"  {what:32} {measured}", flush=True)
    for node in sorted(result.nodes, key=lambda node: -node.seconds)[:slowest]:
        print(f"    {node.seconds:7.2f} s  {node.unique_id.split('.', 2)[-1][:100]}")
    return measured


def run(events: int, *, days: int = 90, domains: int = 3) -> dict[str, float]:
    """Load a history of so many events, build it, and refresh it in small steps while the domains fill; figures by name."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, postgres_port=27433, DATABASE_URL=None)  # type: ignore[call-arg]
        server = EmbeddedServer(settings)
        server.start()
        try:
            return dict(_measure_all(settings, home, events, days, domains))
        finally:
            server.stop()


def _measure_all(settings: Settings, home: Path, events: int, days: int, domains: int) -> Iterator[tuple[str, float]]:
    migrate_up(settings)
    tenants = write_bench_files(
        home / "history", events, now() - timedelta(days=4), days=days, batch_percent=1.0 * 90 / days, next_folder=home / "next"
    )
    begun = time.monotonic()
    for tenant in tenants:
        create_tenant(settings, slug=tenant.slug, timezone=tenant.timezone, currency=tenant.currency)
    rows = _load(settings, tenants, home / "history", lambda tenant: tenant.path)
    loaded = time.monotonic() - begun
    print(f"  ingested {rows:,} events in {loaded:.1f} s ({rows / loaded:,.0f} rows/s)")
    yield "events", rows
    yield "ingest_rows_per_second", rows / loaded
    fills: list[tuple[str, Callable[[Settings, datetime], int] | None]] = [
        ("conversations", None),
        ("learning", fill_learning),
        ("social", fill_social),
    ]
    for number, (domain, fill) in enumerate(fills[:domains], start=1):
        if fill is not None:
            print(f"  {domain}: {fill(settings, now()):,} rows more")
        full = measure(settings, f"{number} filled: full", full=True)
        measure(settings, f"{number} filled: first after full")
        nothing = measure(settings, f"{number} filled: nothing new")
        _one_conversation(settings, home, tenants[0].slug, number)
        one = measure(settings, f"{number} filled: one conversation")
        yield f"full_sql_seconds_{number}_filled", full.sql
        for name, measured in (("nothing_new", nothing), ("one_conversation", one)):
            yield f"{name}_sql_seconds_{number}_filled", measured.sql
            yield f"{name}_wall_seconds_{number}_filled", measured.wall
    batch_rows = _load(settings, [tenant for tenant in tenants if tenant.next_path], home / "next", lambda tenant: str(tenant.next_path))
    batch = measure(settings, f"{batch_rows:,} events more", slowest=8)
    yield "batch_events", batch_rows
    yield "batch_sql_seconds", batch.sql
    yield "batch_wall_seconds", batch.wall
    yield "P4_batch_to_full", batch.sql / full.sql


def _load(settings: Settings, tenants: list[BenchTenant], folder: Path, path_of: Callable[[BenchTenant], str]) -> int:
    return sum(
        load_file(settings, str(folder / path_of(tenant)), tenant=tenant.slug, stream="conversation_events", received_at=now()).accepted
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

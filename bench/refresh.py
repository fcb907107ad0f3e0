"""P4: SQL time of refresh and publish after a 1 % batch with real lateness, against the full build and publish."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from agentmarts.settings import Settings, now
from agentmarts.streams.files import load_file
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.migrations import migrate_up
from agentmarts.warehouse.refresh import begin, complete, dbt_arguments, publish_run, transform_lock
from agentmarts.warehouse.tenants import create_tenant
from agentmarts.warehouse.transform import run_dbt
from demo.bench_history import write_bench_files


@dataclass(frozen=True)
class Measured:
    """Seconds of one refresh: PostgreSQL at work on our statements (all sessions added up), and on the wall with dbt's start-up."""

    mode: str
    sql: float
    wall: float
    rows_changed: int


def sql_seconds(settings: Settings) -> float:
    """Seconds that sessions of this database have spent executing SQL so far (pg_stat_database.active_time)."""
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        time.sleep(1.5)  # sessions report at most once a second
        connection.execute("select pg_stat_clear_snapshot()")
        row = connection.execute("select active_time / 1000 from pg_stat_database where datname = current_database()").fetchone()
    assert row is not None
    return float(row[0])


def measure(settings: Settings) -> Measured:
    """One refresh, timed; prints its slowest nodes."""
    before = sql_seconds(settings)
    run_id = uuid4().hex
    with transform_lock(settings):
        begun = time.monotonic()
        window = begin(settings, run_id=run_id)
        nodes = run_dbt(settings, dbt_arguments(window))
        complete(settings, run_id)
        result = publish_run(settings, run_id)
        wall = time.monotonic() - begun
    slowest = sorted(nodes, key=lambda node: -node.seconds)[:12]
    for node in slowest:
        print(f"    {node.seconds:7.2f} s  {node.unique_id.split('.', 2)[-1][:100]}")
    return Measured(window.mode, sql_seconds(settings) - before, wall, result.rows_changed)


def run(events: int) -> dict[str, float]:
    """Load the history, build it, load the next 1 %, refresh, and refresh again with nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, postgres_port=27433, DATABASE_URL=None)  # type: ignore[call-arg]
        server = EmbeddedServer(settings)
        server.start()
        try:
            return _measure_all(settings, home, events)
        finally:
            server.stop()


def _measure_all(settings: Settings, home: Path, events: int) -> dict[str, float]:
    migrate_up(settings)
    tenants = write_bench_files(home / "history", events, now() - timedelta(days=4), batch_percent=1.0, next_folder=home / "next")
    begun = time.monotonic()
    rows = 0
    for tenant in tenants:
        create_tenant(settings, slug=tenant.slug, timezone=tenant.timezone, currency=tenant.currency)
        path = home / "history" / tenant.path
        rows += load_file(settings, str(path), tenant=tenant.slug, stream="conversation_events", received_at=now()).accepted
    loaded = time.monotonic() - begun
    print(f"  ingested {rows:,} events in {loaded:.1f} s ({rows / loaded:,.0f} rows/s)")
    full = measure(settings)
    print(f"  full: {full}")
    batch = 0
    for tenant in tenants:
        if tenant.next_path is not None:
            path = home / "next" / tenant.next_path
            batch += load_file(settings, str(path), tenant=tenant.slug, stream="conversation_events", received_at=now()).accepted
    incremental = measure(settings)
    print(f"  {batch:,} events more: {incremental}")
    nothing = measure(settings)
    print(f"  nothing new: {nothing}")
    return {
        "events": rows,
        "ingest_rows_per_second": rows / loaded,
        "full_sql_seconds": full.sql,
        "batch_events": batch,
        "batch_sql_seconds": incremental.sql,
        "P4_batch_to_full": incremental.sql / full.sql,
        "nothing_new_sql_seconds": nothing.sql,
    }

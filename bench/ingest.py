"""P1, P2 and the ingest half of P3: loading NDJSON against a raw COPY and against SQLAlchemy inserts of the same rows."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, MetaData, Table, create_engine, insert, select

from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.streams.landing.files import load_file
from agentmarts.streams.store.loader import LoadReport
from agentmarts.tenancy.tenants import create_tenant, find_tenant
from agentmarts.warehouse.connection import Role, connect, database_url
from bench.history import write_bench_files
from bench.scratch_warehouse import scratch_warehouse

PORT = 27533
ROUNDS = 3
"""Each way in is measured so often, taking turns, and its best round counts: whatever else the machine does only slows it down."""
START_SECONDS = 5.0
"""After so long both processes have started."""
INSERT_ROWS = 20_000
"""SQLAlchemy is slow enough to be measured on fewer rows."""


def run(events: int) -> dict[str, float]:
    """Rows per second of each way in, and the ratios; one embedded server of its own, `events` rows a round."""
    with scratch_warehouse(PORT) as (settings, home):
        before = _peak_mb()
        rounds = [_measure(settings, home / str(number), events, seed=number) for number in range(ROUNDS)]
        scaling = _two_processes(settings, home, events)
    best = {name: max(measured[name] for measured in rounds) for name in rounds[0]}
    return {
        **best,
        "P1_ingest_to_copy": best["ingest_rows_per_second"] / best["copy_rows_per_second"],
        "P2_ingest_to_sqlalchemy": best["ingest_rows_per_second"] / best["sqlalchemy_rows_per_second"],
        "reingest_to_ingest": best["ingest_rows_per_second"] / best["reingest_rows_per_second"],
        "two_processes_rows_per_second": scaling,
        "two_processes_to_one": scaling / best["ingest_rows_per_second"],
        "ingest_memory_mb": max(measured["ingest_peak_mb"] for measured in rounds) - before,
    }


def _two_processes(settings: Settings, folder: Path, events: int) -> float:
    """Rows a second of two processes that load for two tenants at the same time."""
    files = {}
    for number in range(2):
        create_tenant(settings, slug=f"writer-{number}")
        (tenant,) = write_bench_files(folder / f"writer-{number}", events, now() - timedelta(days=1), tenants=1, seed=number)
        files[f"writer-{number}"] = (folder / f"writer-{number}" / tenant.path, tenant.events)
    begin = time.time() + START_SECONDS
    commands = [
        [sys.executable, "-m", "bench.ingest", str(settings.home_path), str(begin), slug, str(path)] for slug, (path, _) in files.items()
    ]
    processes = [subprocess.Popen(command, cwd=PROJECT_ROOT) for command in commands]
    assert all(process.wait() == 0 for process in processes)
    return sum(rows for _, rows in files.values()) / (time.time() - begin)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(settings: Settings, folder: Path, events: int, seed: int) -> dict[str, float]:
    (tenant,) = write_bench_files(folder, events, now() - timedelta(days=1), tenants=1, seed=seed)
    slug = f"round-{seed}"
    create_tenant(settings, slug=slug)
    path = str(folder / tenant.path)
    ingest, rows = _timed(lambda: _load(settings, path, slug).accepted)
    peak = _peak_mb()
    again, repeats = _timed(lambda: _load(settings, path, slug).duplicates)
    assert repeats == rows, f"{rows} rows went in, but only {repeats} were recognised"
    columns, text = _exported(settings, slug)
    copy, _ = _timed(lambda: _copy(settings, columns, text))
    url = database_url(settings, Role.INGEST).set(drivername="postgresql+psycopg")
    engine = create_engine(url.render_as_string(hide_password=False))
    sample = _rows(engine)
    inserted, insert_rows = _timed(lambda: _insert(engine, sample))
    engine.dispose()
    return {
        "ingest_rows_per_second": rows / ingest,
        "ingest_peak_mb": peak,
        "reingest_rows_per_second": rows / again,
        "copy_rows_per_second": rows / copy,
        "sqlalchemy_rows_per_second": insert_rows / inserted,
    }


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _load(settings: Settings, path: str, slug: str) -> LoadReport:
    report = load_file(settings, path, tenant=slug, stream="conversation_events", received_at=now())
    assert report.quarantined == 0, report.reasons
    return report


def _exported(settings: Settings, slug: str) -> tuple[str, list[bytes]]:
    """The tenant's rows as COPY text; the bare tables with the same primary key are made anew on the way."""
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("set local role am_owner")
        for name in ("bare_copy", "bare_insert"):
            connection.execute(f"drop table if exists raw.{name}")
            connection.execute(
                f"create table raw.{name} (like raw.conversation_events including defaults, "
                "primary key (tenant_id, conversation_id, event_id, occurred_at))"
            )
            connection.execute(f"grant all on raw.{name} to am_ingest")
        names = connection.execute(
            "select attname from pg_attribute where attrelid = 'raw.conversation_events'::regclass and attnum > 0 order by attnum"
        ).fetchall()
        columns = ", ".join(name for (name,) in names if name != "ingest_xid")
        tenant_id = find_tenant(settings, slug).tenant_id
        query = f"copy (select {columns} from raw.conversation_events where tenant_id = '{tenant_id}') to stdout"
        with connection.cursor().copy(query) as copy:
            return columns, [bytes(block) for block in copy]


def _copy(settings: Settings, columns: str, text: list[bytes]) -> int:
    blocks = [b"".join(text[start : start + 1_000]) for start in range(0, len(text), 1_000)]
    with connect(settings, Role.INGEST) as connection:
        cursor: psycopg.Cursor[tuple[object, ...]] = connection.cursor()
        with cursor.copy(f"copy raw.bare_copy ({columns}) from stdin") as copy:
            for block in blocks:
                copy.write(block)
        return cursor.rowcount


def _rows(engine: Engine) -> list[dict[str, Any]]:
    source = _table(engine, "bare_copy")
    wanted = [column for column in source.columns if column.name != "ingest_xid"]
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(*wanted).limit(INSERT_ROWS)).mappings()]


def _insert(engine: Engine, rows: list[dict[str, Any]]) -> int:
    """What people usually write: dictionaries into `connection.execute(insert(table), rows)`, 1,000 at a time."""
    table = _table(engine, "bare_insert")
    with engine.begin() as connection:
        for start in range(0, len(rows), 1_000):
            connection.execute(insert(table), rows[start : start + 1_000])
    return len(rows)


def _table(engine: Engine, name: str) -> Table:
    return Table(name, MetaData(), schema="raw", autoload_with=engine)


if __name__ == "__main__":
    _, _home, _begin, _slug, _path = sys.argv
    _settings = Settings(home=Path(_home), postgres_port=PORT, DATABASE_URL=None)  # type: ignore[call-arg]
    time.sleep(max(0.0, float(_begin) - time.time()))
    _load(_settings, _path, _slug)

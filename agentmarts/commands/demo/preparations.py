"""What the demo's job needs and what does not need each other: done in processes of their own, beside the pulls from Meta."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from agentmarts.refresh.transform import ensure_manifest
from agentmarts.settings import load_settings, now

DAYS = 90
FILE_DAYS = 7
"""A demo's day has too few events for a file of its own."""


@contextmanager
def preparations() -> Iterator[list[Future[str]]]:
    """Their results are sentences for people, once they are done. A preparation that fails raises from its future."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        yield [processes.submit(_parse_dbt_project), processes.submit(_write_landing_files)]


def _parse_dbt_project() -> str:
    ensure_manifest(load_settings())
    return "The dbt project is parsed."


def _write_landing_files() -> str:
    from demo.demo_tenants import DEMO_TENANTS
    from demo.landing.landing_files import write_landing_files
    from demo.landing.landing_learning import write_learning_files

    folder = Path(load_settings().landing_url)
    if any((folder / tenant.slug).exists() for tenant in DEMO_TENANTS):
        return f"Landing files are in {folder} already."
    until = now()
    files = write_landing_files(folder, DEMO_TENANTS, until, days=DAYS, file_days=FILE_DAYS)
    files += write_learning_files(folder, DEMO_TENANTS, until, days=DAYS)
    rows, bad = sum(file.rows for file in files), sum(file.bad_rows for file in files)
    return f"Wrote {rows:,} events of {DAYS} days into {len(files)} landing files under {folder}; {bad} of them are bad on purpose."

"""P10 to P13: what the service answers in a second, beside endpoints of the same app that do next to nothing.

The service is a process of its own, as `agentmarts serve` starts it, but without limits of rate. It answers for the largest tenant.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

from agentmarts.service.app import create_app
from agentmarts.service.state import service_of
from agentmarts.service.warehouse.auth import Reader
from agentmarts.service.warehouse.database import Statement
from agentmarts.settings import PROJECT_ROOT, Limits, Settings, now
from agentmarts.tenancy.api_keys import create_key
from agentmarts.tenancy.tenants import find_tenant
from agentmarts.warehouse.connection import Role, connect
from bench.http_load import HttpLoad

PORT = 28800
EVENTS_A_REQUEST = 1_000
EVENT_REQUESTS = 60
DASHBOARD = "/v1/analytics/dashboard"
EVENTS = "/v1/events?stream=conversation_events&results=errors"
MART = "conversations"
"""The mart with most rows, and a wide one."""


def run(settings: Settings, tenant: str, history: Path) -> Iterator[tuple[str, float]]:
    """Figures of the service on a built warehouse whose server runs; `history`: an NDJSON file whose events are posted anew."""
    _, key = create_key(settings, name="bench", tenants=[tenant], scopes=["read", "write"])
    load = HttpLoad(PORT, {"Authorization": f"Bearer {key}"})
    with _running(settings) as process:
        _, cold = load.once("GET", DASHBOARD)
        rates = {name: load.rate([f"/bench/{name}"]) for name in ("nothing", "select_one", "bare_select_one")}
        rates["dashboard"] = load.rate([DASHBOARD])
        tag = load.once("GET", DASHBOARD)[0].headers["etag"]
        rates["not_modified"] = load.rate([DASHBOARD], {"If-None-Match": tag}, expected=304)
        yield from _export(settings, tenant, key, process)
        yield from _post(load, history)
    with _running(settings, AGENTMARTS_SERVICE_CACHED_BODY_BYTES="0"):
        days = [now().date() - timedelta(days=number) for number in range(60)]
        rates["dashboard_not_remembered"] = load.rate([DASHBOARD])
        rates["page"] = load.rate([f"/v1/marts/{MART}?limit=100&started_at=lt.{day}T12:00:00Z" for day in days])
    for name, rate in rates.items():
        print(f"  {name:24} {rate}", flush=True)
        yield f"{name}_per_second", rate.per_second
    yield "dashboard_first_ms", cold * 1000
    yield "dashboard_p95_ms", rates["dashboard_not_remembered"].p95_ms
    yield "P10_dashboard_to_select_one", rates["dashboard"].per_second / rates["select_one"].per_second
    yield "P11_dashboard_to_bare_select_one", rates["dashboard"].per_second / rates["bare_select_one"].per_second
    yield "P12_not_modified_to_nothing", rates["not_modified"].per_second / rates["nothing"].per_second


def _export(settings: Settings, tenant: str, key: str, process: psutil.Process) -> Iterator[tuple[str, float]]:
    with connect(settings, Role.MIGRATOR) as connection:
        tenant_id = find_tenant(settings, tenant).tenant_id
        begun = time.perf_counter()
        with connection.cursor().copy(f"copy (select * from marts.{MART} where tenant_id = '{tenant_id}') to stdout (format csv)") as copy:
            rows = sum(bytes(block).count(b"\n") for block in copy)
        copied = rows / (time.perf_counter() - begun)
    before = peak = process.memory_info().rss
    begun = time.perf_counter()
    with httpx.stream(
        "GET", f"http://127.0.0.1:{PORT}/v1/marts/{MART}.csv", headers={"Authorization": f"Bearer {key}"}, timeout=600, trust_env=False
    ) as answer:
        answer.raise_for_status()
        lines = 0
        for chunk in answer.iter_raw(1024 * 1024):
            lines += chunk.count(b"\n")
            peak = max(peak, process.memory_info().rss)
    exported = lines / (time.perf_counter() - begun)
    print(f"  export of {rows:,} rows          {exported:8,.0f}/s   COPY {copied:,.0f}/s   {(peak - before) / 1024**2:.0f} MB more memory")
    yield "export_rows_per_second", exported
    yield "P13_export_to_copy", exported / copied
    yield "P13_export_memory_mb", (peak - before) / 1024**2


def _post(load: HttpLoad, history: Path) -> Iterator[tuple[str, float]]:
    """New events a second in requests of 1,000 each, two at a time."""
    lines = history.read_bytes().splitlines()[: EVENT_REQUESTS * EVENTS_A_REQUEST]
    new = [line.replace(b'"event_id":"', b'"event_id":"post-', 1) for line in lines]
    bodies = [b"\n".join(new[start : start + EVENTS_A_REQUEST]) for start in range(0, len(new), EVENTS_A_REQUEST)]
    kind = {"Content-Type": "application/x-ndjson"}
    load.post_all(EVENTS, bodies[:2], kind, 2)  # connects
    seconds = load.post_all(EVENTS, bodies[2:], kind, 2)
    posted = (len(new) - 2 * EVENTS_A_REQUEST) / seconds
    print(f"  {'events posted':24} {posted:8,.0f}/s   in requests of {EVENTS_A_REQUEST:,}")
    yield "post_rows_per_second", posted


@contextmanager
def _running(settings: Settings, **more: str) -> Iterator[psutil.Process]:
    environment = {**os.environ, "AGENTMARTS_HOME": str(settings.home_path), **more}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "bench.service"], cwd=PROJECT_ROOT, env=environment)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/readyz", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def measured_app() -> FastAPI:
    """The service without limits of rate, and three endpoints to compare it with."""
    app = create_app(limits=Limits(requests_per_second=1e6, burst=1_000_000))

    async def select_one(request: Request, caller: Reader) -> Response:
        await service_of(request).database.read(caller.tenant_id, Statement("select 1"))
        return Response(b"1")

    async def bare_select_one(request: Request) -> Response:
        await service_of(request).database.own(Statement("select 1"))
        return Response(b"1")

    async def nothing(caller: Reader) -> Response:
        return Response(b"1")

    for endpoint in (select_one, bare_select_one, nothing):
        app.add_api_route(f"/bench/{endpoint.__name__}", endpoint, include_in_schema=False)
    return app


if __name__ == "__main__":
    uvicorn.run(measured_app(), port=PORT, access_log=False, log_config=None)

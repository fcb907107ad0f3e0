"""A whole installation at work and at rest: how long an accepted event takes to be in a mart, and what the processes cost meanwhile.

What is measured is what `agentmarts up` starts, with sensors and schedules on, in a home of its own. Times on the wall are only worth
something on a machine that does nothing else; CPU is counted in seconds of the processes, whatever else runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from agentmarts import supervisor
from agentmarts.settings import PROJECT_ROOT, Settings, now
from agentmarts.tenancy.api_keys import create_key
from agentmarts.tenancy.tenants import create_tenant
from agentmarts.warehouse.connection import Role, connect
from agentmarts.warehouse.embedded import EmbeddedServer
from demo.demo_tenants import DemoTenant
from demo.landing.landing_files import write_landing_files

TENANT = DemoTenant("live", "Europe/Berlin", "kiosk", 60)
HISTORY_DAYS = 20
SEND_EVERY_SECONDS = 4.0
PATIENCE_SECONDS = 180.0
"""How long the last events are waited for."""
SETTLE_SECONDS = 45.0
CLICKS = 3
IDLE_MINUTES = 2.0
PORTS = {"POSTGRES": 27633, "SERVICE": 28600, "UI": 28700}


@dataclass(frozen=True)
class Cost:
    """Of one process or one kind: seconds of CPU a minute and proportional memory (MB), in which shared pages count once in all."""

    cpu: float
    memory: float


def run(minutes: float) -> dict[str, float]:
    """Start, send for some minutes, wait for the rest, rest, stop."""
    with tempfile.TemporaryDirectory(prefix="agentmarts-live-") as folder:
        settings = Settings(home=Path(folder), postgres_port=PORTS["POSTGRES"], DATABASE_URL=None)  # type: ignore[call-arg]
        environment = {**os.environ, "AGENTMARTS_HOME": folder, "AGENTMARTS_AUTOMATION": "on"}
        environment |= {f"AGENTMARTS_{name}_PORT": str(port) for name, port in PORTS.items()}
        environment.pop("DATABASE_URL", None)

        def agentmarts(*arguments: str) -> None:
            program = [sys.executable, "-c", "from agentmarts.cli import main; main()", *arguments]
            subprocess.run(program, cwd=PROJECT_ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

        agentmarts("up", "--no-ui")
        try:
            create_tenant(settings, slug=TENANT.slug, timezone=TENANT.timezone)
            files = write_landing_files(Path(settings.landing_url), [TENANT], now(), days=HISTORY_DAYS, seed=11)
            agentmarts(
                "ingest", "conversation_events", "--tenant", TENANT.slug, *(str(f.path) for f in files if "conversation" in f.stream)
            )
            agentmarts("refresh")
            agentmarts("up")
            delays = _delays(settings, minutes)
            time.sleep(SETTLE_SECONDS)
            costs = _costs(settings, IDLE_MINUTES)
            clicks = _clicks(settings)  # stops the sensors
        finally:
            agentmarts("down")
    print(f"\n{'idle':24} {'CPU s/min':>10} {'MB':>8}")
    for name, cost in sorted(costs.items(), key=lambda item: -item[1].cpu):
        print(f"{name:24} {cost.cpu:10.2f} {cost.memory:8.1f}")
    return {
        "live_raw_to_mart_p50_seconds": statistics.median(delays),
        "live_raw_to_mart_p95_seconds": statistics.quantiles(delays, n=20)[-1],
        "live_click_to_published_seconds": statistics.median(clicks),
        "live_idle_cpu_seconds_a_minute": sum(cost.cpu for cost in costs.values()),
        "live_memory_mb": sum(cost.memory for cost in costs.values()),
        "live_memory_without_postgresql_mb": sum(cost.memory for name, cost in costs.items() if not name.startswith("postgres")),
    }


def _delays(settings: Settings, minutes: float) -> list[float]:
    """Seconds from the answer of the service to being in marts.conversations, one conversation every few seconds."""
    running = supervisor.running(settings)
    assert running is not None
    _, key = create_key(settings, name="live", tenants=[TENANT.slug], scopes=["write"])
    waiting: dict[str, float] = {}
    delays: list[float] = []
    begun = sent = time.monotonic()
    with (
        httpx.Client(base_url=str(running.service_url), headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client,
        connect(settings, Role.MIGRATOR, autocommit=True) as connection,
    ):
        while True:
            at = time.monotonic()
            if at - begun < minutes * 60 and at >= sent:
                sent += SEND_EVERY_SECONDS
                waiting[_send(client)] = time.monotonic()
            seen = connection.execute("select conversation_id from marts.conversations where conversation_id = any(%s)", (list(waiting),))
            delays += [time.monotonic() - waiting.pop(conversation) for (conversation,) in seen.fetchall()]
            if at - begun >= minutes * 60 and not waiting:
                return delays
            if at - begun > minutes * 60 + PATIENCE_SECONDS:
                raise TimeoutError(f"{len(waiting)} events never came to the mart; see {settings.home_path / 'logs'}")
            time.sleep(0.25)


_SENSORS = """
query { sensorsOrError(repositorySelector: {repositoryLocationName: "agentmarts", repositoryName: "__repository__"}) {
  ... on Sensors { results { name sensorState { id } } } } }
"""
_STOP = "mutation($id: String!) { stopSensor(id: $id) { __typename ... on PythonError { message } } }"
_LAUNCH = """
mutation { launchRun(executionParams: {
  selector: {repositoryLocationName: "agentmarts", repositoryName: "__repository__", jobName: "refresh"}, runConfigData: {}}) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""


def _clicks(settings: Settings) -> list[float]:
    """Seconds from "Launch run" of job `refresh` in the UI, as it asks for it, until its news are published; no sensor is faster."""
    running = supervisor.running(settings)
    assert running is not None
    _, key = create_key(settings, name="clicks", tenants=[TENANT.slug], scopes=["write"])
    with (
        httpx.Client(base_url=str(running.service_url), headers={"Authorization": f"Bearer {key}"}, trust_env=False) as service,
        httpx.Client(base_url=str(running.ui_url), trust_env=False, timeout=60) as ui,
        connect(settings, Role.MIGRATOR, autocommit=True) as connection,
    ):

        def ask(query: str, **variables: str) -> dict[str, Any]:
            answer: dict[str, Any] = ui.post("/graphql", json={"query": query, "variables": variables}).raise_for_status().json()
            assert "errors" not in answer, answer
            return dict(answer["data"])

        for sensor in ask(_SENSORS)["sensorsOrError"]["results"]:
            ask(_STOP, id=sensor["sensorState"]["id"])
        time.sleep(SETTLE_SECONDS)  # runs that were asked for before
        seconds = []
        for _ in range(CLICKS):
            conversation = _send(service)
            clicked = time.monotonic()
            launched = ask(_LAUNCH)["launchRun"]
            assert launched["__typename"] == "LaunchRunSuccess", launched
            while not connection.execute("select 1 from marts.conversations where conversation_id = %s", (conversation,)).fetchone():
                assert time.monotonic() - clicked < PATIENCE_SECONDS, f"run {launched['run']['runId']} published nothing"
                time.sleep(0.1)
            seconds.append(time.monotonic() - clicked)
    return seconds


def _send(client: httpx.Client) -> str:
    conversation, at = uuid4().hex, now()
    events = [
        {"event_type": "started"},
        {"event_type": "message_received", "text": "Where is my order?", "customer_id": "c1"},
        {"event_type": "message_sent", "text": "On its way.", "response_time_ms": 900, "confidence": 0.9},
    ]
    for number, event in enumerate(events):
        occurred_at = (at - timedelta(seconds=10 - number)).isoformat()
        event |= {"stream": "conversation_events", "event_id": uuid4().hex, "conversation_id": conversation, "occurred_at": occurred_at}
    answer = client.post("/v1/events", json={"events": events}).raise_for_status().json()
    assert answer["accepted"] == len(events), answer
    return conversation


def _costs(settings: Settings, minutes: float) -> dict[str, Cost]:
    """What each kind of process costs; of PostgreSQL also the sessions that come and go, whose CPU its postmaster inherits."""
    before = _cpu(settings)
    time.sleep(minutes * 60)
    after = _cpu(settings)
    spent: dict[str, float] = defaultdict(float)
    memory: dict[str, float] = defaultdict(float)
    for process, (name, seconds) in after.items():
        spent[name] += seconds - before.get(process, (name, 0.0))[1]
        try:
            memory[name] += process.memory_full_info().pss / 1e6
        except psutil.NoSuchProcess:
            continue
    return {name: Cost(max(0.0, seconds) / minutes, memory[name]) for name, seconds in spent.items()}


def _cpu(settings: Settings) -> dict[psutil.Process, tuple[str, float]]:
    running = supervisor.running(settings)
    assert running is not None
    postmaster = psutil.Process(int((EmbeddedServer(settings).data / "postmaster.pid").read_text().splitlines()[0]))
    ended = postmaster.cpu_times()
    found = {postmaster: ("postgres: postmaster", ended.user + ended.system + ended.children_user + ended.children_system)}
    for root in (psutil.Process(running.pid), postmaster):
        for process in [root, *root.children(recursive=True)]:
            if process == postmaster:
                continue
            try:
                times = process.cpu_times()
                # What the supervisor starts and waits for is its own doing; runs are not idle.
                children = times.children_user + times.children_system if process.pid == running.pid else 0.0
                found[process] = (_name(process.cmdline()), times.user + times.system + children)
            except psutil.NoSuchProcess:
                continue
    return found


def _name(command: list[str]) -> str:
    """What a process is called in the table."""
    line = " ".join(command)
    kinds = {
        "agentmarts.supervisor": "supervisor",
        "dagster_project.code_server": "code server and workers",
        "dagster-webserver": "webserver",
        "dagster-daemon": "daemon",
        " serve ": "service",
        "resource_tracker": "resource tracker",
        "postgres": "postgres: sessions",
    }
    return next((kind for part, kind in kinds.items() if part in line), line[:24])

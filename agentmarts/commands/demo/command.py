"""`agentmarts demo`: the whole thing on one machine: two tenants, 90 days of conversations, 60 of agents' actions, a simulated Meta."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

import typer

from agentmarts.commands.demo.meta import simulated_meta
from agentmarts.commands.demo.preparations import DAYS, preparations
from agentmarts.commands.demo.pulls import connected_on, pull_past
from agentmarts.commands.installation import start_processes, start_server
from agentmarts.commands.output import out
from agentmarts.commands.progress_lines import ProgressLines
from agentmarts.settings import PROJECT_ROOT, Settings, load_settings
from agentmarts.supervisor import Running, dagster_environment
from agentmarts.tenancy.api_keys import create_key
from agentmarts.tenancy.bi_users import create_bi_user
from agentmarts.tenancy.tenants import create_tenant, list_tenants
from agentmarts.warehouse.connection import Role, connect, database_url
from agentmarts.warehouse.databases import ensure_dagster_database

JOB = "ingest_build_publish"


@dataclass(frozen=True)
class DemoAccess:
    """Credentials made for the demo, kept in AGENTMARTS_HOME/demo_access.json (mode 0600) so that every run prints the same."""

    tenant: str
    api_key: str
    bi_role: str
    bi_password: str


def demo_command(
    once: Annotated[bool, typer.Option("--once", help="Do it all, but leave neither the UI nor the service running.")] = False,
) -> None:
    """Server, migrations, two tenants, 90 days of events, ten days of a simulated Meta, the Dagster job, UI and service. Safe to repeat.

    Example: agentmarts demo --once
    """
    started = time.monotonic()
    settings = load_settings()
    with ProgressLines() as progress:
        progress.doing("server", "Starting PostgreSQL")
        start_server(settings, parse=False)
        _create_tenants(settings)
        ensure_dagster_database(settings)
        (settings.home_path / "logs").mkdir(parents=True, exist_ok=True)
        progress.finished("server")
        social = list_tenants(settings)[0].tenant_id
        with simulated_meta(settings, connected_on(settings, social)) as meta, _job_process(settings) as job:
            with preparations() as prepared:
                progress.doing("preparations", f"Writing {DAYS} days of events, parsing the dbt project")
                pull_past(meta, social, progress)
                for one in prepared:
                    out.print(one.result())
                progress.finished("preparations")
            _run_job(settings, job, progress)
        access = _access(settings)
        progress.doing("processes", "Starting the UI and the service")
        running = None if once else start_processes(settings, automation="on")
    _print_numbers(settings, time.monotonic() - started)
    _print_findings(settings)
    _print_addresses(settings, access, running)


def _create_tenants(settings: Settings) -> None:
    from demo.demo_tenants import DEMO_TENANTS

    known = {tenant.slug for tenant in list_tenants(settings)}
    for tenant in DEMO_TENANTS:
        if tenant.slug not in known:
            create_tenant(settings, slug=tenant.slug, timezone=tenant.timezone, currency=tenant.currency.upper())
            out.print(f"Created tenant {tenant.slug} ({tenant.timezone}).")


@contextmanager
def _job_process(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A process that has Dagster and dbt in memory by the time the job can run; ended with the block if it never began."""
    environment: Mapping[str, str] = {**os.environ, **dagster_environment(settings)}
    with subprocess.Popen(
        [sys.executable, "-m", "dagster_project.run_job", JOB],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT_ROOT,
        env=environment,
    ) as process:
        yield process


def _run_job(settings: Settings, process: subprocess.Popen[str], progress: ProgressLines) -> None:
    """Run the real Dagster job in its process; what it does right now is shown while it runs."""
    log_file = settings.home_path / "logs" / "demo_job.log"
    begun = time.monotonic()
    progress.doing(JOB, "Dagster job: starting")
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):  # it ended already: its log says why
        process.stdin.write("go\n")
        process.stdin.flush()
    with log_file.open("w") as log:
        for line in process.stdout:
            log.write(line)
            if said := _said(line):
                progress.doing(JOB, f"Dagster job: {said}")
        code = process.wait()
    progress.finished(JOB)
    if code:
        raise RuntimeError(f"the Dagster job {JOB} failed: see {log_file}, then run `agentmarts demo` again")
    out.print(f"Dagster job {JOB}: landing files → raw → build → marts in {time.monotonic() - begun:.0f} s.")


def _said(line: str) -> str | None:
    """What a line of the job's log says is being done: a file, a step, or a model that is made."""
    text = line.strip()
    if any(f" - {kind} - " in text for kind in ("INFO", "STEP_START", "ASSET_MATERIALIZATION")):
        return text.rsplit(" - ", 1)[-1][:100]
    return None


def _access(settings: Settings) -> DemoAccess:
    path = settings.home_path / "demo_access.json"
    if path.exists():
        return DemoAccess(**json.loads(path.read_text()))
    tenant = list_tenants(settings)[0].slug
    _, key = create_key(settings, name="demo", tenants=[tenant], scopes=["read", "write"])
    user = create_bi_user(settings, tenants=[tenant])
    access = DemoAccess(tenant, key, user.role_name, user.password)
    path.touch(mode=0o600)
    path.write_text(json.dumps(vars(access)))
    return access


def _print_numbers(settings: Settings, seconds: float) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute(
            """
            select (select count(*) from raw.conversation_events), (select count(*) from raw.quality_scores),
                   (select count(*) from raw.agent_actions), (select count(*) from raw.feedback),
                   (select count(*) from raw.quarantine), (select count(*) from marts.conversations),
                   (select count(*) from marts.daily_metrics), (select version from ops.publish_cursor)
            """
        ).fetchone()
    if row:
        events, scores, actions, ratings, quarantined, conversations, days, version = row
        out.print(
            f"\n[bold]{events:,} events, {scores:,} scores, {actions:,} actions and {ratings:,} ratings[/bold] ingested, "
            f"{quarantined} rows in quarantine; "
            f"{conversations:,} conversation episodes and {days} days in the marts (version {version}), {seconds:.0f} s in all.\n"
        )


def _print_findings(settings: Settings) -> None:
    """What the marts have found out about the agents: the generator gave some of them too much confidence, and one too little."""
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute(
            """
            select t.slug, s.action_type, round(100 * s.mean_confidence), round(100 * s.base_rate), s.n, s.direction
            from marts.calibration_summary s join marts.dim_tenant t using (tenant_id)
            where s.label_policy = 'headline' and s.e_alarm_at is not null order by abs(s.citl) desc, t.slug
            """
        ).fetchall()
    for tenant, action_type, said, came_true, outcomes, direction in rows:
        out.print(
            f"Calibration alarm: {action_type} of {tenant} predicts {said} % and succeeds in {came_true} % of {outcomes:,}, {direction}."
        )
    if rows:
        out.print()


def _print_addresses(settings: Settings, access: DemoAccess, running: Running | None) -> None:
    url = database_url(settings)
    lines = [
        "As an analyst ({tenant} only, whatever one types):",
        "  psql 'postgresql://{role}:{password}@{host}:{port}/{database}' "
        "-c 'select metric_date, total_conversations, contained_rate from marts.daily_metrics order by 1 desc limit 7'",
        "BI tools: PostgreSQL, host {host}, port {port}, database {database}, user {role}, password {password}",
        "API key:  {key}",
    ]
    if running is not None:
        lines = [
            "Dagster UI   {ui}   (materialize, schedules, checks)",
            "Service      {service}/docs",
            "  curl -H 'Authorization: Bearer {key}' '{service}/v1/analytics/dashboard?period=month'",
            "  curl -H 'Authorization: Bearer {key}' '{service}/v1/learning/calibration/send_email/map?p=0.90'",
            *lines,
            "Stop it all: .venv/bin/agentmarts down",
        ]
    else:
        lines += ["Stay up with UI and service: make demo", "Stop PostgreSQL: .venv/bin/agentmarts down"]
    values = {
        "tenant": access.tenant,
        "role": access.bi_role,
        "password": access.bi_password,
        "host": url.host,
        "port": url.port or 5432,
        "database": url.database,
        "key": access.api_key,
        "ui": running.ui_url if running else None,
        "service": running.service_url if running else None,
    }
    out.print("\n".join(lines).format(**values), markup=False, soft_wrap=True)
    out.print(
        "\nTry next: .venv/bin/agentmarts status · doctor · quarantine list · tenant list · recalculate --help; "
        "docs/ explains the marts, README.md how to use your own Postgres and data.",
        soft_wrap=True,
    )

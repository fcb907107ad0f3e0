"""The command line: every command teaches, wrong calls exit 2, failures exit 1 with what to do, JSON where a script would ask."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from agentmarts.cli import app
from agentmarts.commands.lazy_command import LazyCommand
from agentmarts.settings import PROJECT_ROOT, Settings

RUNNER = CliRunner()
HEAVY = (
    "dagster", "dbt", "fastapi", "fsspec", "httpx", "jinja2", "msgspec", "numpy", "pyarrow", "s3fs", "scipy", "sqlalchemy", "starlette",
    "uvicorn", "yaml",
)  # fmt: skip
"""Packages that commands about the database and the list of commands can do without."""
START = """
import sys
from agentmarts.cli import main
try:
    main()
finally:
    sys.stderr.write(" ".join(sys.modules))
"""


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Words of every command, groups walked through."""
    for name, listed in (group or typer.main.get_command(app)).commands.items():
        command = listed.load() if isinstance(listed, LazyCommand) else listed
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.fixture
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert settings.database_url is not None
    assert settings.secret_key is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("AGENTMARTS_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("AGENTMARTS_HOME", str(settings.home_path))
    return settings


def run(*arguments: str) -> tuple[int, str, str]:
    """The real command in a process of its own: exit code, stdout, stderr."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("agentmarts")), *arguments], capture_output=True, text=True, cwd=PROJECT_ROOT, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_teaches_with_an_example(path: tuple[str, ...]) -> None:
    result = RUNNER.invoke(app, [*path, "--help"])
    assert result.exit_code == 0
    assert f"Example: agentmarts {' '.join(path)}" in " ".join(result.output.split())


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for listed in typer.main.get_command(app).commands.values():  # type: ignore[attr-defined]
        command = listed.load()
        assert listed.help == command.help.partition("\n\n")[0].replace("\n", " ")
        assert (listed.name, listed.short_help, listed.hidden, listed.deprecated, listed.rich_help_panel) == (
            command.name, command.short_help, command.hidden, command.deprecated, command.rich_help_panel or None
        )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], ("psycopg", "pydantic_settings")),
        (["--version"], ("psycopg", "pydantic_settings", "rich")),
        (["psql", "--", "-c", "select 1"], ("psycopg", "rich")),
        (["tenant", "list"], ()),
        (["key", "list"], ()),
    ],
    ids=" ".join,
)
def test_a_start_imports_nothing_heavy(installation: Settings, arguments: list[str], unneeded: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", START, *arguments], capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)
    assert done.returncode == 0, done.stderr
    packages = {name.partition(".")[0] for name in done.stderr.split()}
    assert "typer" in packages
    assert packages & {*HEAVY, *unneeded} == set()


def test_the_commands_of_the_design_exist() -> None:
    names = {" ".join(path) for path in commands()}
    wanted = {
        "demo", "up", "down", "status", "doctor", "migrate plan", "migrate up", "migrate verify", "migrate status", "tenant create",
        "tenant list", "tenant set", "key create", "key list", "key rotate", "key revoke", "bi-user create", "bi-user list",
        "bi-user revoke", "ingest", "refresh", "recalculate", "quarantine list", "quarantine replay", "serve", "psql",
        "graph account add", "graph account list", "graph account check", "graph account pause",
        "graph account resume", "graph pull", "graph backfill", "graph probe",
    }  # fmt: skip
    assert wanted - names == set()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingest", "no_such_stream", "x", "--tenant", "acme"], "no_such_stream"),
        (["refresh", "--as-of", "yesterday"], "is not a time"),
        (["refresh", "--as-of", "2026-01-01T00:00:00"], "has no zone"),
        (["recalculate", "--from", "2026-13-01", "--to", "2026-01-01"], "2026-13-01"),
        (["graph", "backfill", "--from", "2026-02-01", "--to", "2026-01-01"], "is before 2026-02-01"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_wrong_call_exits_2_and_says_what_is_wrong(arguments: list[str], sentence: str) -> None:
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.split())


def test_an_unknown_tenant_exits_1_with_a_sentence_on_stderr(installation: Settings, tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text("{}\n")
    code, output, errors = run("ingest", "conversation_events", str(file), "--tenant", "nobody")
    assert (code, output) == (1, "")
    assert "nobody" in errors
    assert "Traceback" not in errors


def test_an_unreachable_database_exits_1_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2secret@127.0.0.1:1/none")
    code, _, errors = run("migrate", "status")
    assert code == 1
    assert "agentmarts doctor" in errors
    assert "hunter2secret" not in errors


def test_from_nothing_to_a_mart_by_commands_alone(installation: Settings, tmp_path: Path) -> None:
    assert run("tenant", "create", "acme", "--timezone", "America/New_York")[0] == 0
    assert run("tenant", "create", "acme")[0] == 1
    file = tmp_path / "events.ndjson"
    event = {"conversation_id": "c1", "event_id": "e1", "event_type": "started", "occurred_at": "2026-01-05T12:00:00Z"}
    file.write_text(json.dumps(event) + "\n" + json.dumps(event | {"event_id": "e2", "event_type": "dance"}) + "\n")
    code, output, errors = run("ingest", "conversation_events", str(file), "--tenant", "acme", "--json")
    assert code == 0, errors
    [report] = json.loads(output)
    assert (report["accepted"], report["quarantined"], report["reasons"]) == (1, 1, {"unknown_event_type": 1})
    code, output, errors = run("refresh", "--json")
    assert code == 0, errors
    assert json.loads(output)["version"] == 1
    [row] = json.loads(run("quarantine", "list", "--json")[1])
    assert row["reason"] == "unknown_event_type"
    status = json.loads(run("status", "--json")[1])
    assert (status["version"], status["quarantined"], status["waiting_rows"]) == (1, 1, {})
    assert run("recalculate", "--from", "2026-01-05", "--to", "2026-01-05", "--tenant", "acme")[0] == 0
    code, output, _ = run("psql", "--", "-At", "-c", "select total_conversations from marts.daily_metrics where metric_date = '2026-01-05'")
    assert (code, output.strip()) == (0, "1")


def test_the_doctor_names_the_command_that_mends_it(installation: Settings) -> None:
    findings = {one["check"]: one for one in json.loads(run("doctor", "--json")[1])}
    assert findings["migrations"]["severity"] == "ok"
    assert findings["refresh"] == {
        "check": "refresh", "severity": "warning", "sentence": "Nothing was published yet.", "remedy": "`agentmarts refresh`"
    }  # fmt: skip

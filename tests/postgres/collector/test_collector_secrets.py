"""No token, proof or app secret of the simulator is left anywhere: not in a table, a log record, an exception or a repr."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from agentmarts.cli import app
from agentmarts.meta_graph.api.client import GraphClient
from agentmarts.meta_graph.collecting.collector import collect
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.meta_graph.collecting import INSTAGRAM, PAGE, Collector

TABLES = """
select table_schema, table_name from information_schema.tables where table_schema in ('raw', 'ops', 'build', 'marts')
"""


def tables_with(settings: Settings, secrets: list[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """All tables, and those of which some row, as text, holds one of the secrets."""
    with connect(settings, Role.MIGRATOR) as connection:
        tables = [(str(schema), str(table)) for schema, table in connection.execute(TABLES).fetchall()]
        found = []
        for schema, table in tables:
            sql = f'select exists (select from {schema}."{table}" t, unnest(%s::text[]) s where strpos(t::text, s) > 0)'
            if connection.execute(sql, [secrets]).fetchone() == (True,):
                found.append((schema, table))
    return tables, found


def quote_secrets(collector: Collector) -> None:
    """Let Meta's errors, of every kind, quote what was sent to it."""
    graph = collector.graph
    for token in graph.ask("tokens"):
        value, proof = token["value"], token["proof"]
        quoted = f"Malformed access token {value}; proof {proof}: ?access_token={value}&x={graph.world.app_secret}"
        path = {"page": f"^{PAGE}", "system": f"^{INSTAGRAM}|^179"}.get(token["name"], "^debug_token")
        for number, code in enumerate((1, 100, 190, 80001)):
            error = {"code": code, "message": quoted, "is_transient": code == 1}
            graph.fail("error", error=error, path=path, times=2, skip=number)


def all_that_happens(collector: Collector) -> list[str]:
    """Runs with everything that may show a secret: answers with paging links, each error that quotes a token, broken answers."""
    graph, said = collector.graph, []

    def run() -> None:
        said.extend(f"{one!r} {one} {one.error} {one.outcome}" for one in collector.run().values())
        graph.advance(timedelta(hours=25))

    run()
    graph.tell("tokens", {"name": "page", "revoked_by": 460})
    graph.tell("tokens", {"name": "system", "expires_at": graph.now().isoformat()})
    run()
    for name in ("page", "system"):
        graph.tell("tokens", {"name": name, "revoked_by": None, "expires_at": 0})
    quote_secrets(collector)
    run()
    for kind in ("html", "truncated", "cut", "service_unavailable", "http_500", "batch_null"):
        graph.fail(kind, times=3)
    run()
    graph.tell("usage", {"scope": "app", "pct": 99})
    run()
    graph.tell("usage", {"scope": "app", "clear": True})
    graph.remove("page", "page_views_total")
    graph.remove("ig_media", "saved")
    graph.tell("switches", {"disguises_throttle": True})
    run()
    return said


@pytest.mark.usefixtures("short_past")
def test_no_secret_is_left_anywhere(collector: Collector, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        said = all_that_happens(collector)
    secrets = collector.graph.secrets()
    assert len(secrets) > 8
    assert collector.one("select count(*) from raw.graph_responses where error_code is not null") > 5

    tables, found = tables_with(collector.settings, secrets)
    assert {("raw", "graph_responses"), ("raw", "graph_budgets"), ("raw", "quarantine")} <= set(tables)
    assert found == []

    ours = [record for record in caplog.records if not record.name.startswith(("asyncio", "uvicorn"))]
    assert any(record.name.startswith("httpcore") for record in ours), "the HTTP library did speak"
    shown = [f"{record.getMessage()} {record.args!r} {record.exc_text or ''}" for record in ours] + said
    assert len(said) == 12
    assert [text[:200] for text in shown if any(secret in text for secret in secrets)] == []


def test_a_canary_would_be_found(collector: Collector) -> None:
    """The search itself works: what is put there on purpose is seen."""
    token = collector.graph.secrets()[1]
    with connect(collector.settings, Role.MIGRATOR) as connection:
        connection.execute("update raw.tenants set name = %s", [f"x{token}y"])
    assert tables_with(collector.settings, [token])[1] == [("raw", "tenants")]


COMMANDS = (
    ["graph", "account", "list"],
    ["graph", "account", "list", "--json"],
    ["graph", "account", "check"],
    ["graph", "account", "check", "--json"],
    ["graph", "pull"],
    ["graph", "pull", "--json"],
    ["graph", "backfill", "--from", "2026-02-10", "--to", "2026-02-12"],
    ["graph", "probe"],
    ["graph", "probe", "--json"],
)


@pytest.mark.parametrize("quotes", [False, True], ids=["all is well", "errors quote secrets"])
def test_no_command_shows_a_secret(
    collector: Collector, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, quotes: bool
) -> None:
    """With everything they can be made to say: tables and JSON, debug logs, exceptions."""
    for name, value in collector.environment().items():
        monkeypatch.setenv(name, value)
    for waiting in (GraphClient.__init__, collect):
        monkeypatch.setattr(waiting, "__kwdefaults__", {**waiting.__kwdefaults__, "sleep": lambda seconds: None})
    secrets = collector.graph.secrets()
    said = []
    with caplog.at_level(logging.DEBUG):
        for command in COMMANDS:
            if quotes:
                quote_secrets(collector)
            when = ["--now", collector.graph.now().isoformat()] if "account" not in command else []
            done = CliRunner().invoke(app, ["--verbose", *command, *when])
            assert done.exit_code in (0, 1), done.output
            said += [done.output, *traceback.format_exception(done.exception)]
            collector.graph.forget("faults")
            collector.graph.advance(timedelta(hours=1))
    shown = said + [f"{record.getMessage()} {record.args!r} {record.exc_text or ''}" for record in caplog.records]
    assert any(record.name.startswith("httpcore") for record in caplog.records), "the HTTP library did speak"
    assert [text[:200] for text in shown if any(secret in text for secret in secrets)] == []
    assert tables_with(collector.settings, secrets)[1] == []


@pytest.mark.parametrize("graph_id", [PAGE, INSTAGRAM])
def test_secrets_travel_in_header_and_proof_only(collector: Collector, graph_id: str) -> None:
    journal = collector.calls(graph_id)
    alone = [entry for entry in journal if entry["batch_index"] is None and entry["method"] == "GET"]
    assert {entry["sent_by"] for entry in alone} == {"header"}
    assert all(entry["has_proof"] for entry in journal)

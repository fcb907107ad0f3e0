"""Answers and unreadable parts: kept whole, never with a token."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from agentmarts.meta_graph.model import Unreadable
from agentmarts.meta_graph.store.responses import UnscrubbedResponseError, store_response
from agentmarts.meta_graph.store.writer import quarantine_unreadable
from agentmarts.settings import Settings
from agentmarts.streams.store.quarantine import ReplayReport, list_quarantine, replay
from tests.support.meta_graph.stored import NOW, TOKEN, Answer, Refusal, UsageHeaders, an_account, collector

PROOF = "0123456789abcdef" * 4
ABOUT: dict[str, Any] = {"run_id": "run-1", "plan_key": "k1", "attempt": 1, "edge": "insights"}


def test_everything_of_an_answer_is_kept(settings: Settings) -> None:
    account = an_account(settings)
    answer = Answer(
        params={"metric": "reach", "input_token": "***"}, scrubbed_body={"data": [{"name": "reach", "title": "nul \x00 half \ud800"}]},
        usage=UsageHeaders({"app": {"call_pct": 3.0}}), fault=Refusal(100, 33), http_status=400, batch_index=0,
    )  # fmt: skip
    with collector(settings) as connection:
        response_id = store_response(connection, account.tenant_id, account.account_id, answer, **ABOUT)
        row = connection.execute(
            "select response_id, run_id, plan_key, attempt, batch_index, edge, method, path, params, requested_version, served_version, "
            "http_status, error_code, error_subcode, usage, body, fetched_at, duration_ms from raw.graph_responses where account_id = %s",
            [account.account_id],
        ).fetchone()
    assert row == (
        response_id, "run-1", "k1", 1, 0, "insights", "GET", "17841/insights", {"metric": "reach", "input_token": "***"}, "v25.0",
        "v25.0", 400, 100, 33, {"app": {"call_pct": 3.0}}, {"data": [{"name": "reach", "title": "nul \ufffd half \ufffd"}]}, NOW,
        12,
    )  # fmt: skip


def test_no_answer_is_kept_too(settings: Settings) -> None:
    account = an_account(settings)
    cut = Answer(http_status=None, served_version=None, scrubbed_body=None)
    with collector(settings) as connection:
        store_response(connection, account.tenant_id, account.account_id, cut, **ABOUT)
        assert connection.execute("select http_status, body, usage from raw.graph_responses").fetchone() == (None, None, None)


@pytest.mark.parametrize(
    "leak",
    [
        {"scrubbed_body": {"paging": {"next": f"https://graph.facebook.com/v25.0/1/insights?access_token={TOKEN}&since=1"}}},
        {"scrubbed_body": {"access_token": TOKEN}},
        {"scrubbed_body": [{"\u0061ccess_TOKEN": TOKEN}]},
        {"params": {"access_token": TOKEN}},
        {"params": {"appsecret_proof": PROOF}},
        {"path": f"/v25.0/1?access_token={TOKEN}"},
        {"usage": UsageHeaders({"access_token": TOKEN})},
    ],
)
def test_an_unscrubbed_answer_is_refused_and_the_transaction_lives_on(settings: Settings, leak: dict[str, Any]) -> None:
    account = an_account(settings)
    answer = replace(Answer(), **leak)
    with collector(settings) as connection:
        with pytest.raises(UnscrubbedResponseError) as refusal:
            store_response(connection, account.tenant_id, account.account_id, answer, **ABOUT)
        assert TOKEN not in str(refusal.value)
        assert connection.execute("select count(*) from raw.graph_responses").fetchone() == (0,)


@pytest.mark.parametrize(
    ("column", "leak"),
    [
        ("body", Jsonb({"paging": {"next": f"https://graph.facebook.com/?access_token={TOKEN}"}})),
        ("body", Jsonb({"Appsecret_Proof": PROOF})),
        ("params", Jsonb({"access_token": TOKEN})),
        ("params", Jsonb({"appsecret_proof": PROOF})),
        ("params", Jsonb({"input_token": TOKEN})),
        ("params", Jsonb({"client_secret": PROOF[:32]})),
        ("body", Jsonb({"url": f"https://graph.facebook.com/?appsecret_proof={PROOF}"})),
        ("body", Jsonb({"url": f"appsecret_proof%3D{PROOF}"})),
        ("body", Jsonb({"body": f'{{"appsecret_proof":"{PROOF}"}}'})),
        ("params", Jsonb({"fb_exchange_token": TOKEN})),
        ("path", f"/v25.0/me?access_token={TOKEN}"),
    ],
)
def test_the_table_refuses_a_token_whoever_writes(settings: Settings, column: str, leak: Any) -> None:
    """The last line of defence: a CHECK, and its message does not repeat the row."""
    account = an_account(settings)
    with collector(settings) as connection:
        store_response(connection, account.tenant_id, account.account_id, Answer(), **ABOUT)
        with pytest.raises(psycopg.errors.CheckViolation) as refusal:
            connection.execute(
                "insert into raw.graph_responses (tenant_id, account_id, response_id, run_id, plan_key, attempt, edge, method, path, "
                "params, body, requested_version, fetched_at) "
                "values (%(tenant)s, %(account)s, gen_random_uuid(), 'r', 'k', 1, 'e', 'GET', %(path)s, %(params)s, "
                "%(body)s, 'v25.0', now())",
                {"tenant": account.tenant_id, "account": account.account_id, "path": "/x", "params": Jsonb({}), "body": None, column: leak},
            )
    assert TOKEN not in str(refusal.value)
    assert PROOF not in str(refusal.value)


def test_an_error_about_the_proof_is_kept(settings: Settings) -> None:
    account = an_account(settings)
    body = {"error": {"message": "Invalid appsecret_proof provided in the API argument", "code": 100}, "url": "appsecret_proof=***"}
    with collector(settings) as connection:
        store_response(connection, account.tenant_id, account.account_id, Answer(scrubbed_body=body), **ABOUT)
        assert connection.execute("select body from raw.graph_responses").fetchone() == (body,)


def test_a_body_that_is_no_json_is_an_error(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection, pytest.raises(ValueError, match="not JSON compliant"):
        store_response(connection, account.tenant_id, account.account_id, Answer(scrubbed_body=float("nan")), **ABOUT)


def test_unreadable_parts_go_to_the_quarantine_once(settings: Settings) -> None:
    account = an_account(settings)
    part = Unreadable("reach", "value is a list", [{"name": "reach", "value": ["é", "\x00"]}])
    leaking = Unreadable("views", "no such shape", {"next": f"https://graph.facebook.com/?access_token={TOKEN}"})
    with collector(settings) as connection:
        for days in range(2):
            at = NOW + timedelta(days=days)
            quarantine_unreadable(connection, account.tenant_id, [part, leaking], source="ig_total 17841", received_at=at)
        quarantine_unreadable(connection, account.tenant_id, [], source="ig_total 17841", received_at=NOW)
        connection.commit()
    rows = list_quarantine(settings, reason="unreadable_answer")
    assert {(row.tenant, row.stream, row.detail, row.times_seen, row.source) for row in rows} == {
        ("acme", "metric_observations", "reach: value is a list", 2, "ig_total 17841[0]"),
        ("acme", "metric_observations", "views: no such shape", 2, "ig_total 17841[1]"),
    }
    assert {row.payload for row in rows} == {
        '{"metric": "reach", "fragment": [{"name": "reach", "value": ["\\u00e9", "\\ufffd"]}]}',
        '{"metric": "views", "fragment": "withheld: it names a secret"}',
    }


def test_a_replay_leaves_parts_of_answers_alone(settings: Settings) -> None:
    account = an_account(settings)
    with collector(settings) as connection:
        quarantine_unreadable(connection, account.tenant_id, [Unreadable("reach", "odd", 1)], source="ig_total 17841", received_at=NOW)
        connection.commit()
    before = list_quarantine(settings)
    assert replay(settings, received_at=NOW) == ReplayReport(0, 0)
    assert list_quarantine(settings) == before

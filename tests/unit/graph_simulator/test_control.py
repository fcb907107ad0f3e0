"""Behaviours 29 and 30: the journal without secrets, and what the control API changes; the command line."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from agentmarts.settings import PROJECT_ROOT
from graph_simulator.world.tokens import proof_of
from tests.support.facts.simulated_graph import Graph


def test_the_journal_says_what_was_asked(graph: Graph) -> None:
    graph.get(f"{graph.page}/insights", metric="page_media_view", period="day")
    graph.get("12345", token="user")
    first, second = graph.control("journal")
    assert {name: first[name] for name in ("number", "at", "method", "path", "version", "cost", "status", "token_name", "has_proof")} == {
        "number": 1,
        "at": "2026-03-01T12:00:00Z",
        "method": "GET",
        "path": f"{graph.page}/insights",
        "version": "v25.0",
        "cost": 1,
        "status": 200,
        "token_name": "page",
        "has_proof": True,
    }
    assert first["params"] == {"metric": "page_media_view", "period": "day"}
    assert (second["status"], second["error_code"], second["error_subcode"]) == (400, 100, 33)
    assert [entry["number"] for entry in graph.control("journal", since=1)] == [2]
    graph.http.delete("/_control/journal")
    assert graph.control("journal") == []


def test_no_secret_is_in_the_journal(graph: Graph) -> None:
    token = graph.world.token("page")
    proof = proof_of(graph.world.app_secret, token)
    graph.http.get("/v25.0/me", params={"access_token": token, "appsecret_proof": proof})
    graph.ok("debug_token", input_token=token)
    graph.batch("me", f"me?access_token={token}&appsecret_proof={proof}")
    graph.http.get("/v25.0/oauth/access_token", params={"client_secret": graph.world.app_secret, "fb_exchange_token": token})
    text = graph.http.get("/_control/journal").text
    assert len(graph.control("journal")) == 6
    assert all(secret not in text for secret in ("EAAG-canary", proof, graph.world.app_secret))
    assert all(secret not in repr(graph.world) for secret in ("EAAG-canary", graph.world.app_secret))


def test_truth_of_a_window_an_instant_and_a_dimension(graph: Graph) -> None:
    window = {"since": "2026-02-01T00:00:00Z", "until": "2026-02-08T00:00:00Z"}
    views = graph.truth("views", graph.gram, **window)
    assert views == graph.truth("views", graph.gram, paid=True, **window) + graph.truth("views", graph.gram, paid=False, **window)
    assert sum(graph.truth("views", graph.gram, dimension="follow_type", **window).values()) == views
    media = graph.objects(graph.gram, "media")[10]["id"]
    early = graph.truth("views", media, at="2026-02-20T00:00:00Z")
    assert early < graph.truth("views", media)


@pytest.mark.parametrize(
    "wrong",
    [{"metric": "views"}, {"metric": "nothing", "object": "{gram}"}, {"metric": "views", "object": "{gram}", "since": "2026-02-01"}],
)
def test_a_question_without_truth(graph: Graph, wrong: dict[str, str]) -> None:
    params = {name: value.format(gram=graph.gram) for name, value in wrong.items()}
    response = graph.http.get("/_control/truth", params=params)
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("switches", {"gravity": True}),
        ("switches", {"ig_stamp": "noon"}),
        ("switches", {"provisional": "yes"}),
        ("tokens", {"name": "nobody"}),
        ("tokens", {"name": "page", "colour": "red"}),
        ("objects", {"object": "1"}),
        ("metrics", {"kill": {}}),
        ("usage", {"scope": "moon", "id": "1"}),
        ("clock", {}),
        ("clock", {"to": "soon"}),
        ("weather", {}),
    ],
)
def test_wrong_calls_say_so(graph: Graph, name: str, body: dict[str, object]) -> None:
    response = graph.http.post(f"/_control/{name}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]


def test_reset_forgets_everything(graph: Graph) -> None:
    before = graph.get(graph.page).json()
    graph.steer("clock", advance_seconds=86_400)
    graph.steer("switches", requires_proof=False)
    graph.steer("tokens", name="page", revoked_by=460)
    graph.steer("metrics", remove={"object": "page", "metric": "page_follows"})
    graph.steer("usage", scope="app", pct=100)
    graph.steer("faults", kind="html", times=9)
    graph.steer("objects", object=graph.objects(graph.page, "post")[0]["id"], is_deleted=True)
    graph.steer("reset")
    assert graph.control("journal") == []
    assert graph.control("metrics") == {"removed": [], "added": []}
    assert graph.control("switches")["requires_proof"] is True
    assert graph.get(graph.page).json() == before
    assert len(graph.ok(f"{graph.page}/published_posts", limit=100)["data"]) == 100


def test_accounts_tell_the_ids(graph: Graph) -> None:
    accounts = graph.control("accounts")
    assert accounts["app_id"] == graph.world.app_id
    assert [(one["platform"], one["id"], one["linked_id"]) for one in accounts["accounts"]] == [
        ("facebook", graph.page, graph.gram),
        ("instagram", graph.gram, graph.page),
    ]
    assert graph.ok(graph.page, fields="instagram_business_account")["instagram_business_account"] == {"id": graph.gram}


def test_the_command_serves_a_world_and_says_where() -> None:
    command = [
        sys.executable,
        "-m",
        "graph_simulator",
        "--seed",
        "5",
        "--posts",
        "4",
        "--days",
        "20",
        "--clock",
        "2026-02-20T00:00:00Z",
    ]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert httpx.get(f"{url}/_control/clock").json() == {"now": "2026-02-20T00:00:00Z"}
            assert httpx.get(f"{url}/_control/tokens").json()[0]["value"] == "EAAG-canary-5-1"
        finally:
            process.terminate()


def test_help_teaches() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "graph_simulator", "--help"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert all(word in shown.stdout for word in ("--port", "--seed", "--clock", "_control/truth"))

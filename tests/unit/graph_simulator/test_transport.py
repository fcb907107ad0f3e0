"""Behaviours 1 to 6: versions, clock, the ways to send a token, proof, the look of answers."""

from __future__ import annotations

import pytest

from graph_simulator.world.tokens import proof_of
from tests.support.facts.simulated_graph import Graph, figure


def test_a_living_version_answers_itself(graph: Graph) -> None:
    assert graph.get(graph.page).headers["facebook-api-version"] == "v25.0"


@pytest.mark.parametrize("dead", ["v2.0", "v19.0", "v20.0"])
def test_a_dead_version_is_served_by_the_oldest_living_one(graph: Graph, dead: str) -> None:
    graph.steer("clock", to="2026-10-01T00:00:00Z")
    graph.version = dead
    response = graph.get(graph.page, token="system")
    assert response.status_code == 200
    assert response.headers["facebook-api-version"] == "v21.0"


@pytest.mark.parametrize("unknown", ["v26.0", "v99.0", "v1.0", "v25.5"])
def test_a_version_that_is_not_there_is_an_unknown_path(graph: Graph, unknown: str) -> None:
    graph.version = unknown
    error = graph.error(graph.page)
    assert error["code"] == 2500
    assert error["message"] == f"Unknown path components: /{unknown}"


def test_the_clock_moves_only_when_told(graph: Graph) -> None:
    assert graph.control("clock") == {"now": "2026-03-01T12:00:00Z"}
    before = graph.ok(f"{graph.page}", fields="followers_count")["followers_count"]
    assert graph.ok(f"{graph.page}", fields="followers_count")["followers_count"] == before
    assert graph.steer("clock", advance_seconds=10 * 86_400) == {"now": "2026-03-11T12:00:00Z"}
    assert graph.ok(f"{graph.page}", fields="followers_count")["followers_count"] == graph.truth("followers_count", graph.page)
    assert graph.steer("clock", to="2026-07-30T00:00:00Z") == {"now": "2026-07-30T00:00:00Z"}


def test_a_token_comes_as_bearer_or_as_parameter(graph: Graph) -> None:
    token = graph.world.token("page")
    proof = proof_of(graph.world.app_secret, token)
    response = graph.http.get(f"/v25.0/{graph.page}", params={"access_token": token, "appsecret_proof": proof})
    assert response.json() == graph.ok(graph.page)
    assert [entry["sent_by"] for entry in graph.control("journal")] == ["parameter", "header"]


def test_no_token(graph: Graph) -> None:
    error = graph.http.get(f"/v25.0/{graph.page}").json()["error"]
    assert error["code"] == 104


def test_an_unknown_token(graph: Graph) -> None:
    error = graph.error(graph.page, token="EAAG-nobody")
    assert (error["code"], error["type"]) == (190, "OAuthException")


def test_a_wrong_proof(graph: Graph) -> None:
    headers = {"Authorization": f"Bearer {graph.world.token('page')}"}
    error = graph.http.get(f"/v25.0/{graph.page}", headers=headers, params={"appsecret_proof": "00" * 32}).json()["error"]
    assert (error["code"], error["message"]) == (100, "Invalid appsecret_proof provided in the API argument")


def test_a_missing_proof_is_refused_where_the_app_demands_it(graph: Graph) -> None:
    headers = {"Authorization": f"Bearer {graph.world.token('page')}"}
    refused = graph.http.get(f"/v25.0/{graph.page}", headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 100)
    graph.steer("switches", requires_proof=False)
    assert graph.http.get(f"/v25.0/{graph.page}", headers=headers).status_code == 200


def test_traces_differ_and_times_have_no_colon(graph: Graph) -> None:
    traces = {graph.error("12345")["fbtrace_id"] for _ in range(2)}
    assert len(traces) == 2
    post = graph.ok(f"{graph.page}/published_posts", limit=1)["data"][0]
    assert post["created_time"].endswith("+0000")


def test_reactions_have_lower_case_keys_and_no_zeros(graph: Graph) -> None:
    fields = "insights.metric(post_reactions_by_type_total)"
    posts = graph.ok(f"{graph.page}/published_posts", limit=100, fields=fields)["data"]
    seen = [figure(post["insights"], "post_reactions_by_type_total") for post in posts]
    assert set().union(*seen) == {"like", "love", "haha", "wow", "sorry", "anger"}
    assert all(number > 0 for reactions in seen for number in reactions.values())
    assert any(reactions == {} or len(reactions) == 1 for reactions in seen)


def test_v26_rejects_date_format_and_ignores_pretty_and_debug(graph: Graph) -> None:
    assert graph.get(graph.page, date_format="U").status_code == 200
    graph.steer("clock", to="2026-08-01T00:00:00Z")
    graph.version = "v26.0"
    assert graph.error(graph.page, token="system", date_format="U")["code"] == 100
    assert graph.get(graph.page, token="system", pretty="1", debug="all").text == graph.get(graph.page, token="system").text


def test_an_unknown_path(graph: Graph) -> None:
    error = graph.error(f"{graph.page}/insights/more")
    assert error["code"] == 2500
    assert error["message"].startswith("Unknown path components")

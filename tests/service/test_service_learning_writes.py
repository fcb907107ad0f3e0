"""POST /v1/learning/…: one event each, durable, exactly once with an Idempotency-Key, and refused with a pointer to what is wrong."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from agentmarts.settings import Limits, Settings, now
from agentmarts.tenancy.api_keys import create_key
from agentmarts.warehouse.connection import Role, connect
from tests.support.serving import Customer, assert_problem, register, service

ACTION = {"action_type": "send_email", "outcome_type": "email_engagement", "predicted_confidence": 0.72}
FEEDBACK = {"source": "inline", "rating": -1, "target_type": "message", "target_id": "m-1"}
RESOLVE = {"outcome_status": "positive"}


def stored(settings: Settings, stream: str) -> list[dict[str, Any]]:
    """All rows of a stream, in order of arrival."""
    with connect(settings, Role.MIGRATOR) as connection:
        query = f"select to_jsonb(r) - 'ingest_xid' from raw.{stream} r order by ingest_xid"
        return [row for (row,) in connection.execute(query.encode()).fetchall()]


def quarantined(settings: Settings) -> int:
    with connect(settings, Role.MIGRATOR) as connection:
        row = connection.execute("select count(*) from raw.quarantine").fetchone()
        assert row is not None
        return int(row[0])


def post(client: httpx.Client, path: str, body: object, key: str | None = None) -> httpx.Response:
    return client.post(f"/v1/learning/{path}", json=body, headers={"Idempotency-Key": key} if key is not None else {})


def new_action(client: httpx.Client, **more: object) -> str:
    response = post(client, "actions", {**ACTION, **more})
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["action_id"])


def test_an_action_is_recorded(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    before = now()
    response = post(client, "actions", {**ACTION, "conversation_id": "c-1", "rep_id": "rep-7", "window_hours": 48.0, "channel": "email"})
    assert response.status_code == 201, response.text
    assert response.headers["cache-control"] == "no-store"
    data = response.json()["data"]
    assert data == {"action_id": data["action_id"], "status": "recorded"}
    [row] = stored(settings, "agent_actions")
    assert row["event_id"] == data["action_id"]
    assert row["tenant_id"] == str(acme.tenant_id)
    assert before <= datetime.fromisoformat(row["occurred_at"]) <= now()
    assert (row["action_type"], row["outcome_type"], row["predicted_confidence"]) == ("send_email", "email_engagement", 0.72)
    assert (row["conversation_id"], row["rep_id"], row["window_hours"]) == ("c-1", "rep-7", 48)
    assert row["event_data"] == {"channel": "email"}
    assert not row["naive_timestamp"]


def test_an_action_of_the_past(settings: Settings, client: httpx.Client) -> None:
    new_action(client, occurred_at="2025-06-01T10:00:00+02:00", predicted_confidence=1.7)
    [row] = stored(settings, "agent_actions")
    assert row["occurred_at"] == "2025-06-01T08:00:00+00:00"
    assert row["predicted_confidence"] == 1.7, "clamped in the marts, and marked there"


def test_feedback_is_recorded(settings: Settings, client: httpx.Client) -> None:
    body = {**FEEDBACK, "conversation_state_id": "c-1", "action_id": "a-1", "comment": "x" * 1000, "reviewer_id": "u-1"}
    response = post(client, "feedback", {**body, "reviewer_role": "manager"})
    assert response.status_code == 201, response.text
    data = response.json()["data"]
    assert data == {"feedback_id": data["feedback_id"], "status": "recorded"}
    [row] = stored(settings, "feedback")
    assert row["event_id"] == data["feedback_id"]
    assert (row["source"], row["rating"], row["target_type"], row["target_id"]) == ("inline", -1, "message", "m-1")
    assert (row["conversation_id"], row["action_id"], row["comment"]) == ("c-1", "a-1", "x" * 1000)
    assert (row["reviewer_id"], row["reviewer_role"]) == ("u-1", "manager")
    assert row["event_data"] == {}


@pytest.mark.parametrize(
    ("given", "reviewer"),
    [
        ({}, ("key of acme", "api_key")),
        ({"reviewer_role": "bot"}, ("key of acme", "bot")),
        ({"reviewer_id": ""}, ("key of acme", "api_key")),
        ({"reviewer_id": "u-1"}, ("u-1", None)),
        ({"reviewer_id": "u-1", "reviewer_role": "rep"}, ("u-1", "rep")),
    ],
)
def test_the_key_reviews_when_nobody_is_named(
    settings: Settings, client: httpx.Client, given: dict[str, str], reviewer: tuple[str, str | None]
) -> None:
    assert post(client, "feedback", {**FEEDBACK, **given}).status_code == 201
    [row] = stored(settings, "feedback")
    assert (row["reviewer_id"], row["reviewer_role"]) == reviewer


@pytest.mark.parametrize(
    ("source", "allowed", "refused"),
    [("inline", [-1, 0, 1, 1.0], [-2, 2, 5]), ("dashboard", [1, 2, 3, 4, 5, 5.0], [-1, 0, 6])],
)
def test_ratings_stay_on_their_scale(
    settings: Settings, client: httpx.Client, source: str, allowed: list[float], refused: list[int]
) -> None:
    for rating in allowed:
        assert post(client, "feedback", {**FEEDBACK, "source": source, "rating": rating}).status_code == 201
    for rating in refused:
        problem = assert_problem(
            post(client, "feedback", {**FEEDBACK, "source": source, "rating": rating}), 422, "invalid-body", "#/body/rating"
        )
        assert f"of source {source} is" in problem["detail"]
    assert [row["rating"] for row in stored(settings, "feedback")] == [int(rating) for rating in allowed]


def test_a_person_resolves_an_action(settings: Settings, client: httpx.Client) -> None:
    action = new_action(client)
    response = post(client, f"outcomes/{action}/resolve", {"outcome_status": "negative", "outcome_score": 0.25, "comment": "No."})
    assert response.status_code == 202, response.text
    data = response.json()["data"]
    assert list(data) == ["event_id"]
    again = post(client, f"outcomes/{action}/resolve", RESOLVE)
    assert again.status_code == 202, "also when it is resolved already: the latest label counts"
    first, second = stored(settings, "outcome_signals")
    assert first["event_id"] == data["event_id"]
    assert (first["action_id"], first["outcome_status"], first["outcome_score"]) == (action, "negative", 0.25)
    assert (first["signal_source"], second["signal_source"]) == ("human_label", "human_label")
    assert first["event_data"] == {"comment": "No.", "reviewer_id": "key of acme"}
    assert (second["outcome_status"], second["outcome_score"]) == ("positive", None)
    assert first["occurred_at"] < second["occurred_at"]


def test_actions_with_any_id_can_be_resolved(settings: Settings, client: httpx.Client) -> None:
    name = "crm/2025 06?é%"
    event = {"stream": "agent_actions", "event_id": name, "occurred_at": "2025-06-01T10:00:00Z", **ACTION}
    assert client.post("/v1/events", json=[event]).json()["accepted"] == 1
    response = client.post("/v1/learning/outcomes/crm%2F2025%2006%3F%C3%A9%25/resolve", json=RESOLVE)
    assert response.status_code == 202, response.text
    assert [row["action_id"] for row in stored(settings, "outcome_signals")] == [name]


def test_an_unknown_action_is_a_mistake(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    stranger = register(settings, "stranger")
    theirs = client.post("/v1/learning/actions", json=ACTION, headers=stranger.headers).json()["data"]["action_id"]
    for action in ("nothing", theirs, "x" * 500, "a%00b"):
        assert_problem(post(client, f"outcomes/{action}/resolve", RESOLVE), 404, "not-found")
    assert_problem(post(client, "outcomes//resolve", RESOLVE), 404, "not-found")
    assert stored(settings, "outcome_signals") == []
    mine = client.post(f"/v1/learning/outcomes/{theirs}/resolve", json=RESOLVE, headers=stranger.headers)
    assert mine.status_code == 202
    assert [row["tenant_id"] for row in stored(settings, "outcome_signals")] == [str(stranger.tenant_id)]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("actions", {**ACTION, "predicted_confidence": "high"}, "#/body/predicted_confidence"),
        ("actions", {**ACTION, "predicted_confidence": None}, "#/body/predicted_confidence"),
        ("actions", {**ACTION, "predicted_confidence": True}, "#/body/predicted_confidence"),
        ("actions", {**ACTION, "action_type": ""}, "#/body/action_type"),
        ("actions", {**ACTION, "action_type": "x" * 201}, "#/body/action_type"),
        ("actions", {**ACTION, "window_hours": 0}, "#/body/window_hours"),
        ("actions", {**ACTION, "window_hours": 8761}, "#/body/window_hours"),
        ("actions", {**ACTION, "window_hours": 1.5}, "#/body/window_hours"),
        ("actions", {**ACTION, "chanel": "email"}, "#/body/chanel"),
        ("actions", {**ACTION, "action_id": "mine"}, "#/body/action_id"),
        ("actions", {**ACTION, "tenant_id": "x"}, "#/body/tenant_id"),
        ("actions", {**ACTION, "occurred_at": "yesterday"}, "#/body/occurred_at"),
        ("actions", {**ACTION, "occurred_at": "1999-12-31T23:59:59Z"}, "#/body/occurred_at"),
        ("actions", {**ACTION, "occurred_at": 1750000000}, "#/body/occurred_at"),
        ("actions", {"action_type": "x", "predicted_confidence": 0.5}, "#/body/outcome_type"),
        ("actions", [ACTION], "#/body"),
        ("actions", {**ACTION, "action_type": "a\x00b"}, "#/body"),
        ("feedback", {**FEEDBACK, "source": "email"}, "#/body/source"),
        ("feedback", {**FEEDBACK, "rating": 0.5}, "#/body/rating"),
        ("feedback", {**FEEDBACK, "rating": "1"}, "#/body/rating"),
        ("feedback", {**FEEDBACK, "rating": True}, "#/body/rating"),
        ("feedback", {**FEEDBACK, "target_type": "agent"}, "#/body/target_type"),
        ("feedback", {**FEEDBACK, "target_id": ""}, "#/body/target_id"),
        ("feedback", {**FEEDBACK, "comment": "x" * 1001}, "#/body/comment"),
        ("feedback", {**FEEDBACK, "conversation_id": "a", "conversation_state_id": "b"}, "#/body/conversation_state_id"),
        ("outcomes/{action}/resolve", {"outcome_status": "expired"}, "#/body/outcome_status"),
        ("outcomes/{action}/resolve", {"outcome_status": "positive", "outcome_score": 1.01}, "#/body/outcome_score"),
        ("outcomes/{action}/resolve", {"outcome_status": "positive", "comment": "x" * 1001}, "#/body/comment"),
        ("outcomes/{action}/resolve", {"outcome_status": "positive", "signal_source": "automatic"}, "#/body/signal_source"),
        ("outcomes/{action}/resolve", {}, "#/body/outcome_status"),
    ],
)
def test_bodies_that_do_not_fit(settings: Settings, client: httpx.Client, path: str, body: object, pointer: str) -> None:
    action = new_action(client)
    assert_problem(post(client, path.format(action=action), body), 422, "invalid-body", pointer)
    assert [len(stored(settings, stream)) for stream in ("agent_actions", "feedback", "outcome_signals")] == [1, 0, 0]
    assert quarantined(settings) == 0, "the sender was told; nothing stays behind"


def test_every_fault_is_named(client: httpx.Client) -> None:
    problem = assert_problem(post(client, "feedback", {"source": "inline", "rating": 9, "target_type": "x"}), 422, "invalid-body")
    assert {error["pointer"] for error in problem["errors"]} == {"#/body/rating", "#/body/target_type", "#/body/target_id"}
    future = (now() + timedelta(minutes=10)).isoformat()
    problem = assert_problem(post(client, "actions", {**ACTION, "occurred_at": future}), 422, "invalid-body", "#/body/occurred_at")
    assert "occurred_at" in problem["detail"]


@pytest.mark.parametrize("path", ["actions", "feedback", "outcomes/{action}/resolve"])
def test_bodies_that_cannot_be_read(settings: Settings, client: httpx.Client, path: str) -> None:
    url = f"/v1/learning/{path.format(action=new_action(client))}"
    for broken in (b"", b"{", b"\xff", b'{"rating": NaN', b"[" * 100_000, b'{"comment": "\\ud800"}'):
        assert_problem(client.post(url, content=broken, headers={"Content-Type": "application/json"}), 400, "invalid-request")
    for number in (b"NaN", b"Infinity", b"1e999"):
        body = b'{"action_type": "a", "outcome_type": "b", "predicted_confidence": ' + number + b"}"
        assert client.post(url, content=body).status_code in (400, 422)
    assert_problem(client.post(url, content=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"}), 415, "unsupported-body")
    assert_problem(client.post(f"{url}?results=errors", json=FEEDBACK), 400, "invalid-request", "#/query/results")
    assert len(stored(settings, "agent_actions")) == 1


def test_limits(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(body_bytes=1000, burst=1000)) as client:
        client.headers.update(acme.headers)
        assert_problem(client.post("/v1/learning/feedback", content=b" " * 1001), 413, "body-too-large")
        assert post(client, "feedback", FEEDBACK).status_code == 201


def test_writing_needs_its_scope(settings: Settings, client: httpx.Client) -> None:
    _, key = create_key(settings, name="reader", tenants=["acme"], scopes=["read"])
    reader = {"Authorization": f"Bearer {key}"}
    action = new_action(client)
    for path, body in (("actions", ACTION), ("feedback", FEEDBACK), (f"outcomes/{action}/resolve", RESOLVE)):
        assert_problem(client.post(f"/v1/learning/{path}", json=body, headers=reader), 403, "forbidden")
        assert_problem(client.post(f"/v1/learning/{path}", json=body, headers={"Authorization": ""}), 401, "unauthenticated")
    assert client.get("/v1/learning/outcomes", headers=reader).status_code == 200
    _, write_only = create_key(settings, name="writer", tenants=["acme"], scopes=["write"])
    writer = {"Authorization": f"Bearer {write_only}"}
    assert client.post("/v1/learning/feedback", json=FEEDBACK, headers=writer).status_code == 201
    assert_problem(client.get("/v1/learning/feedback", headers=writer), 403, "forbidden")


@pytest.mark.parametrize(
    ("path", "body", "other", "stream", "status"),
    [
        ("actions", ACTION, {**ACTION, "rep_id": "r"}, "agent_actions", 201),
        ("feedback", FEEDBACK, {**FEEDBACK, "rating": 1}, "feedback", 201),
        ("outcomes/a-1/resolve", RESOLVE, {"outcome_status": "negative"}, "outcome_signals", 202),
    ],
)
def test_a_repeated_request_gets_the_first_answer(
    settings: Settings, client: httpx.Client, path: str, body: object, other: object, stream: str, status: int
) -> None:
    known = {"stream": "agent_actions", "event_id": "a-1", "occurred_at": "2025-06-01T10:00:00Z", **ACTION}
    assert client.post("/v1/events", json=[known]).json()["accepted"] == 1
    earlier = len(stored(settings, stream))
    first, again = post(client, path, body, "delivery 7"), post(client, path, body, "delivery 7")
    assert (first.status_code, again.status_code) == (status, status)
    assert again.content == first.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert_problem(post(client, path, other, "delivery 7"), 422, "idempotency-mismatch")
    assert len(stored(settings, stream)) == earlier + 1
    assert post(client, path, body).status_code == status
    assert len(stored(settings, stream)) == earlier + 2, "without a key it is a request like any other"
    for bad in ("", "x" * 256):
        assert_problem(post(client, path, body, bad), 400, "invalid-request")


def test_refused_requests_are_not_remembered(settings: Settings, client: httpx.Client) -> None:
    assert_problem(post(client, "feedback", {**FEEDBACK, "rating": 9}, "k"), 422, "invalid-body")
    assert post(client, "feedback", FEEDBACK, "k").status_code == 201
    assert_problem(post(client, "outcomes/later/resolve", RESOLVE, "k"), 404, "not-found")
    known = {"stream": "agent_actions", "event_id": "later", "occurred_at": "2025-06-01T10:00:00Z", **ACTION}
    client.post("/v1/events", json=[known])
    assert post(client, "outcomes/later/resolve", RESOLVE, "k").status_code == 202


def test_equal_requests_at_the_same_time(settings: Settings, client: httpx.Client) -> None:
    answers: list[httpx.Response] = []

    def send() -> None:
        answers.append(post(client, "feedback", FEEDBACK, "same"))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = {answer.text for answer in answers if answer.status_code == 201}
    assert len(done) == 1
    assert len(stored(settings, "feedback")) == 1
    assert stored(settings, "feedback")[0]["event_id"] == json.loads(done.pop())["data"]["feedback_id"]


def test_documentation(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/v1/learning/actions", "/v1/learning/feedback", "/v1/learning/outcomes/{action_id}/resolve"):
        operation = paths[path]["post"]
        content = operation["requestBody"]["content"]["application/json"]
        assert set(content["example"]) <= set(content["schema"]["properties"])
        assert set(content["schema"]["required"]) <= set(content["example"])
        assert {"400", "401", "403", "409", "413", "415", "422", "429", "503", "507"} <= set(operation["responses"])
        assert "Idempotency-Key".lower() in {parameter["name"].lower() for parameter in operation["parameters"]}
        answer = client.post(path.format(action_id=new_action(client)), json=content["example"])
        assert str(answer.status_code) in operation["responses"], answer.text
        example = operation["responses"][str(answer.status_code)]["content"]["application/json"]["example"]
        assert set(answer.json()["data"]) == set(example["data"])

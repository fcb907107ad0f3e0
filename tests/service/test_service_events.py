"""POST /v1/events: envelopes, limits, answers and repetition."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from agentmarts.settings import Limits, Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.serving import Customer, assert_problem, register, service

URL = "/v1/events"


def event(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "stream": "conversation_events",
        "event_id": f"e-{number}",
        "conversation_id": f"c-{number}",
        "event_type": "message_received",
        "occurred_at": "2025-06-18T10:00:00Z",
        "text": "Where is my order?",
        **more,
    }


def stored(settings: Settings) -> list[tuple[str, str]]:
    with connect(settings, Role.MIGRATOR) as connection:
        rows = connection.execute(
            "select t.slug, e.event_id from raw.conversation_events e join raw.tenants t using (tenant_id) order by 2"
        )
        return [(slug, event_id) for slug, event_id in rows.fetchall()]


def test_answers_for_each_event(settings: Settings, client: httpx.Client) -> None:
    lines = [json.dumps(event(1)), json.dumps(event(1)), json.dumps(event(2, conversation_id=None)), "{", json.dumps(event(3))]
    response = client.post(URL, content="\n".join(lines), headers={"Content-Type": "application/x-ndjson"})
    assert response.status_code == 200, response.text
    body = response.json()
    assert (body["accepted"], body["duplicates"], body["quarantined"]) == (2, 1, 2)
    assert [one["status"] for one in body["results"]] == ["accepted", "duplicate", "quarantined", "quarantined", "accepted"]
    assert [one["index"] for one in body["results"]] == list(range(5))
    assert body["results"][0] == {"index": 0, "event_id": "e-1", "status": "accepted"}
    assert [body["results"][n]["reason"] for n in (2, 3)] == ["missing_field", "not_json"]
    assert all(body["results"][n]["detail"] for n in (2, 3))
    assert stored(settings) == [("acme", "e-1"), ("acme", "e-3")]
    errors = client.post(f"{URL}?results=errors", json=[event(1), {}]).json()
    assert (errors["duplicates"], len(errors["results"]), errors["results"][0]["index"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps([event(1), event(2)]), "application/json"),
        (json.dumps({"events": [event(1), event(2)]}, indent=2), "application/json; charset=utf-8"),
        (json.dumps(event(1)) + "\n\n" + json.dumps(event(2)) + "\n", "application/x-ndjson"),
        (json.dumps(event(1)) + "\r\n" + json.dumps(event(2)), "application/jsonl"),
        (json.dumps([event(1), event(2)]), ""),
        (json.dumps(event(1)) + "\n" + json.dumps(event(2)), ""),
    ],
)
def test_envelopes(settings: Settings, client: httpx.Client, body: str, content_type: str) -> None:
    for encoding in ("identity", "gzip"):
        content = gzip.compress(body.encode()) if encoding == "gzip" else body.encode()
        headers = {"Content-Encoding": encoding, **({"Content-Type": content_type} if content_type else {})}
        response = client.post(URL, content=content, headers=headers)
        assert response.status_code == 200, response.text
        assert response.json()["accepted"] == (2 if encoding == "identity" else 0)
    assert stored(settings) == [("acme", "e-1"), ("acme", "e-2")]


def test_default_stream(settings: Settings, client: httpx.Client) -> None:
    bare = {name: value for name, value in event().items() if name != "stream"}
    assert client.post(f"{URL}?stream=conversation_events", json=[bare]).json()["accepted"] == 1
    assert_problem(client.post(f"{URL}?stream=nothing", json=[bare]), 400, "invalid-request", "#/query/stream")
    assert client.post(URL, json=[bare, event(2)]).json()["results"][0]["reason"] == "unknown_stream"
    assert_problem(client.post(f"{URL}?streams=x", json=[]), 400, "invalid-request", "#/query/streams")
    assert client.post(URL, json=[]).json() == {"accepted": 0, "duplicates": 0, "quarantined": 0, "results": []}


def test_a_request_of_which_nothing_was_accepted_says_so(settings: Settings, client: httpx.Client) -> None:
    key = {"Idempotency-Key": "none"}
    for _ in range(2):
        refused = client.post(URL, json=[event(1, event_type="snoozed"), {}], headers=key)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
        body = refused.json()
        assert (body["type"], body["accepted"], body["quarantined"]) == ("/problems/nothing-accepted", 0, 2)
        assert [one["reason"] for one in body["results"]] == ["unknown_event_type", "unknown_stream"]
    assert refused.headers["Idempotency-Replayed"] == "true"
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from raw.quarantine").fetchone() == (2,), "they are kept, once"
    assert client.post(URL, json=[event(1)]).status_code == 200
    assert client.post(URL, json=[event(1), {}]).status_code == 200, "a duplicate is stored"


BAD = ['{"text": "\\ud800"}', '{"a":' * 2_000 + "1" + "}" * 2_000, '{"a": NaN}', '{"a": "\x01"}', "nonsense"]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("envelope", ["[%s]", '{"x": [1, {"events": [2]}], "events": [ %s ]\n}', "%s"])
def test_an_item_that_is_no_json_refuses_itself_alone(settings: Settings, client: httpx.Client, bad: str, envelope: str) -> None:
    good = [json.dumps(event(1, text='a, "quoted" [ bracket')), json.dumps(event(2))]
    separator = "\n" if envelope == "%s" else ",\n"
    body = envelope % separator.join([good[0], bad, good[1]])
    kind = "application/x-ndjson" if envelope == "%s" else "application/json"
    answer = client.post(URL, content=body.encode(), headers={"Content-Type": kind})
    assert [one["status"] for one in answer.json()["results"]] == ["accepted", "quarantined", "accepted"], answer.text
    assert stored(settings) == [("acme", "e-1"), ("acme", "e-2")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", "application/json"), (b"[1,", "application/json"), (b'{"event":[]}', "application/json"), (b'"x"', "application/json"),
     (b'[{"a": NaN}] [', "application/json"), (b"\xff\xfe", "application/json"), (b"[" * 100_000, "application/json"),
     (b'{"events":{}}', "application/json")],
)  # fmt: skip
def test_envelopes_that_cannot_be_read(settings: Settings, client: httpx.Client, body: bytes, content_type: str) -> None:
    assert_problem(client.post(URL, content=body, headers={"Content-Type": content_type}), 400, "invalid-request")
    assert stored(settings) == []


def test_other_bodies_are_refused(client: httpx.Client) -> None:
    assert_problem(client.post(URL, content=b"a,b", headers={"Content-Type": "text/csv"}), 415, "unsupported-body")
    brotli = {"Content-Type": "application/json", "Content-Encoding": "br"}
    assert_problem(client.post(URL, content=b"[]", headers=brotli), 415, "unsupported-body")
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert_problem(client.post(URL, content=b"[]", headers=packed), 400, "invalid-request")
    assert_problem(client.post(URL, content=gzip.compress(b"[]")[:-9], headers=packed), 400, "invalid-request")


def test_limits(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(ingest_body_bytes=100_000, ingest_items=3, burst=1000)) as client:
        client.headers.update(acme.headers)
        assert_problem(client.post(URL, json=[event(n) for n in range(4)]), 413, "body-too-large")
        assert_problem(client.post(URL, content=b" " * 100_001), 413, "body-too-large")

        def trickle() -> Iterator[bytes]:
            for _ in range(200):
                yield b" " * 1000

        assert_problem(client.post(URL, content=trickle()), 413, "body-too-large")
        bomb = gzip.compress(b"[" + b" " * 20_000_000 + b"]")
        assert len(bomb) < 100_000
        assert_problem(client.post(URL, content=bomb, headers={"Content-Encoding": "gzip"}), 413, "body-too-large")
        members = gzip.compress(b"[") + gzip.compress(b"]")
        assert client.post(URL, content=members, headers={"Content-Encoding": "gzip"}).status_code == 200
        big = client.post(URL, json=[event(1, text="x" * 70_000)]).json()
        assert big["results"][0]["reason"] == "body_too_large"
    assert stored(settings) == []


def test_a_body_must_arrive_in_time(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(body_seconds=0.3)) as client:
        address = urlsplit(str(client.base_url))
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as wire:
            head = f"POST {URL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {acme.key}\r\nContent-Length: 100\r\n\r\n[".encode()
            wire.sendall(head)
            answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/body-timeout" in answer


def test_a_tenant_that_is_not_the_keys(settings: Settings, client: httpx.Client) -> None:
    foreign = register(settings, "foreign")
    for field in ("store_id", "tenant_id", "tenant"):
        named = event(1, **{field: str(foreign.tenant_id)})
        assert_problem(client.post(URL, json=[named, named]), 403, "forbidden")
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from raw.quarantine").fetchone() == (0,), "a refused request wrote nothing"
    mixed = client.post(URL, json=[named, event(2)]).json()
    assert [one["status"] for one in mixed["results"]] == ["quarantined", "accepted"]
    assert stored(settings) == [("acme", "e-2")]


def test_a_repeated_request_gets_the_first_answer(settings: Settings, client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "delivery 7"}
    first = client.post(URL, json=[event(1), {}], headers=headers)
    again = client.post(URL, json=[event(1), {}], headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert_problem(client.post(URL, json=[event(2)], headers=headers), 422, "idempotency-mismatch")
    assert_problem(client.post(f"{URL}?results=errors", json=[event(1), {}], headers=headers), 422, "idempotency-mismatch")
    assert stored(settings) == [("acme", "e-1")]
    other = register(settings, "other")
    theirs = client.post(URL, json=[event(5)], headers={**headers, **other.headers})
    assert (theirs.status_code, theirs.json()["accepted"]) == (200, 1), "keys belong to tenants"
    assert client.post(URL, json=[event(1), {}]).json()["duplicates"] == 1, "without a key it is a request like any other"
    for bad in ("", "x" * 256):
        assert_problem(client.post(URL, json=[], headers={"Idempotency-Key": bad}), 400, "invalid-request")


def test_answers_are_kept_for_a_day(settings: Settings, client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "k"}
    client.post(URL, json=[event(1)], headers=headers)
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("update ops.idempotency set created_at = created_at - interval '25 hours'")
    later = client.post(URL, json=[event(2)], headers=headers)
    assert (later.status_code, later.json()["accepted"]) == (200, 1)
    with connect(settings, Role.MIGRATOR) as connection:
        assert connection.execute("select count(*) from ops.idempotency").fetchone() == (1,)


def test_refused_requests_are_not_remembered(settings: Settings, client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert_problem(client.post(URL, content=b"[", headers=headers), 400, "invalid-request")
    assert client.post(URL, json=[event(1)], headers={"Idempotency-Key": "k"}).json()["accepted"] == 1


def test_at_the_same_time(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    """Of equal requests at once one takes effect; the others wait for its answer or are told to."""
    answers: list[httpx.Response] = []

    def send() -> None:
        answers.append(client.post(URL, json=[event(n) for n in range(50)], headers={"Idempotency-Key": "same"}))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    done = [answer for answer in answers if answer.status_code == 200]
    assert done
    assert {answer.json()["accepted"] for answer in done} == {50}
    assert sum("idempotency-replayed" not in answer.headers for answer in done) == 1
    assert len(stored(settings)) == 50


def test_still_running(settings: Settings, client: httpx.Client, acme: Customer) -> None:
    with connect(settings, Role.INGEST, autocommit=True) as connection:
        name = f"idempotency:{acme.tenant_id}:{URL}:busy"
        connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (name,))
        response = client.post(URL, json=[event(1)], headers={"Idempotency-Key": "busy"})
        assert_problem(response, 409, "still-running")
    assert stored(settings) == []
    deadline = time.monotonic() + 5
    while client.post(URL, json=[event(1)], headers={"Idempotency-Key": "busy"}).status_code != 200:
        assert time.monotonic() < deadline


def test_reading_is_not_writing(client: httpx.Client) -> None:
    response = client.get(URL)
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"
    overridden = client.get("/v1/marts", headers={"X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 200

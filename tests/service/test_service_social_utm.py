"""/v1/social/utm: tagged as agentmarts.utm tags, the same by GET and POST, and every mistake is named."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from agentmarts.settings import Limits, Settings
from agentmarts.tenancy.api_keys import create_key
from agentmarts.utm import tag_text, tag_url, utm_tags
from tests.support.serving import Customer, assert_problem, register, service

PATH = "/v1/social/utm"
FIELDS = {"platform": "instagram", "campaign_slug": "tips-may-2025", "post_id": "p-1042"}
TAGS = utm_tags("instagram", "tips-may-2025", "p-1042")
URL = "https://u:p@straße.example:8443/x%2Fy;v?a=1;b=+&c&a=%7e&utm_source=old#part?x=1"
TEXT = f"Neu 🎉 ({URL}), \u201ehttps://b.example\u201c\r\nund a.example.\x00 Ende"


def ask(client: httpx.Client, method: str, fields: dict[str, Any]) -> httpx.Response:
    return client.get(PATH, params=fields) if method == "GET" else client.post(PATH, json=fields)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_addresses_and_texts_are_tagged(reader: httpx.Client, method: str) -> None:
    response = ask(reader, method, {**FIELDS, "url": URL})
    assert response.status_code == 200, response.text
    assert response.json() == {"data": {"url": tag_url(URL, TAGS), "utm": TAGS.parameters()}}
    tagged = tag_text(TEXT, TAGS)
    assert len(tagged.links) == 2
    expected = {"data": {"text": tagged.text, "links": list(tagged.links), "utm": TAGS.parameters()}}
    assert ask(reader, method, {**FIELDS, "text": TEXT}).json() == expected
    assert ask(reader, method, {**FIELDS, "text": tagged.text}).json() == expected, "twice is once"
    for text in ("", "No address, only shop.example."):
        assert ask(reader, method, {**FIELDS, "text": text}).json()["data"] == {"text": text, "links": [], "utm": TAGS.parameters()}
    named = ask(reader, method, {**FIELDS, "url": URL, "campaign_slug": "Tips - May 2025"})
    assert named.json()["data"]["utm"] == TAGS.parameters()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"url": "shop.example/x"}, "url"),
        ({"url": "ftp://shop.example/x"}, "url"),
        ({"url": "https://shop.example/a b"}, "url"),
        ({"url": ""}, "url"),
        ({}, "url"),
        ({"url": URL, "text": TEXT}, "text"),
        ({"url": URL, "platform": "myspace"}, "platform"),
        ({"url": URL, "platform": "Instagram"}, "platform"),
        ({"url": URL, "campaign_slug": ""}, "campaign_slug"),
        ({"url": URL, "campaign_slug": " - "}, "campaign_slug"),
        ({"url": URL, "campaign_slug": "x" * 201}, "campaign_slug"),
        ({"url": URL, "post_id": ""}, "post_id"),
        ({"url": URL, "post_id": "x" * 201}, "post_id"),
        ({"url": URL, "utm_term": "x"}, "utm_term"),
    ],
)
def test_mistakes(reader: httpx.Client, change: dict[str, str], name: str) -> None:
    fields = {**FIELDS, **change}
    assert_problem(ask(reader, "GET", fields), 400, "invalid-request", f"#/query/{name}")
    assert_problem(ask(reader, "POST", fields), 422, "invalid-body", f"#/body/{name}")


def test_what_is_needed(reader: httpx.Client) -> None:
    for name in FIELDS:
        fields = {key: value for key, value in {**FIELDS, "url": URL}.items() if key != name}
        assert_problem(ask(reader, "GET", fields), 400, "invalid-request", f"#/query/{name}")
        assert_problem(ask(reader, "POST", fields), 422, "invalid-body", f"#/body/{name}")


def test_nothing_of_an_address_is_lost_in_the_address(reader: httpx.Client) -> None:
    """Not escaped, `&` ends the parameter: that is an error, not a shorter address. Nor does broken UTF-8 become other characters."""
    rest = "platform=facebook&campaign_slug=c&post_id=1"
    assert_problem(reader.get(f"{PATH}?url=https://a.example/?a=1&b=2&{rest}"), 400, "invalid-request", "#/query/b")
    assert_problem(reader.get(f"{PATH}?text=one&text=two&{rest}"), 400, "invalid-request", "#/query/text")
    assert_problem(reader.get(f"{PATH}?text=a%FFb&{rest}"), 400, "invalid-request")
    assert reader.get(f"{PATH}?text=a%EF%BF%BDb&{rest}").json()["data"]["text"] == "a\ufffdb"


def test_lengths(reader: httpx.Client) -> None:
    for fill in ("x", "🎉"):
        short, long = fill * 4_000, fill * 100_000
        assert ask(reader, "GET", {**FIELDS, "text": short}).json()["data"]["text"] == short
        assert_problem(ask(reader, "GET", {**FIELDS, "text": short + fill}), 400, "invalid-request", "#/query/text")
        assert ask(reader, "POST", {**FIELDS, "text": long}).json()["data"]["text"] == long
        assert_problem(ask(reader, "POST", {**FIELDS, "text": long + fill}), 422, "invalid-body", "#/body/text")
    links = "https://a.example " * 1_000
    assert len(ask(reader, "POST", {**FIELDS, "text": links}).json()["data"]["links"]) == 1_000
    assert_problem(ask(reader, "POST", {**FIELDS, "text": f"{links} https://a.example"}), 422, "invalid-body", "#/body/text")


def test_size_of_the_body(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(body_bytes=1000)) as client:
        client.headers.update(acme.headers)
        assert_problem(ask(client, "POST", {**FIELDS, "text": "x" * 1000}), 413, "body-too-large")


def test_bodies_that_cannot_be_read(reader: httpx.Client) -> None:
    for broken in (b"", b"{", b"\xff", b'{"text": "\\ud800"}'):
        assert_problem(reader.post(PATH, content=broken), 400, "invalid-request")
    assert_problem(reader.post(PATH, json=[]), 422, "invalid-body", "#/body")
    assert_problem(reader.post(PATH, json={**FIELDS, "text": 1}), 422, "invalid-body", "#/body/text")
    assert_problem(reader.post(PATH, data={"text": "x"}), 415, "unsupported-body")
    assert_problem(reader.post(f"{PATH}?platform=facebook", json=FIELDS), 400, "invalid-request", "#/query/platform")
    assert_problem(reader.put(PATH, json=FIELDS), 405, "method-not-allowed")


def test_keys_and_scopes(settings: Settings, client: httpx.Client) -> None:
    _, key = create_key(settings, name="reader", tenants=["acme"], scopes=["read"])
    reader = {"Authorization": f"Bearer {key}"}
    fields = {**FIELDS, "url": URL}
    assert client.get(PATH, params=fields, headers=reader).status_code == 200
    assert_problem(client.post(PATH, json=fields, headers=reader), 403, "forbidden")
    _, key = create_key(settings, name="writer", tenants=["acme"], scopes=["write"])
    writer = {"Authorization": f"Bearer {key}"}
    assert client.post(PATH, json=fields, headers=writer).status_code == 200
    assert_problem(client.get(PATH, params=fields, headers=writer), 403, "forbidden")
    for answer in (client.get(PATH, params=fields, headers={"Authorization": ""}), client.post(PATH, headers={"Authorization": ""})):
        assert_problem(answer, 401, "unauthenticated")


def test_rate_limit(settings: Settings, acme: Customer) -> None:
    with service(settings, Limits(requests_per_second=0.001, burst=2)) as client:
        client.headers.update(acme.headers)
        assert ask(client, "GET", {**FIELDS, "url": URL}).status_code == 200
        assert ask(client, "POST", {**FIELDS, "url": URL}).status_code == 200
        assert_problem(ask(client, "GET", {**FIELDS, "url": URL}), 429, "rate-limited")


def test_an_unchanged_answer_is_not_sent_again(settings: Settings, client: httpx.Client) -> None:
    first = ask(client, "GET", {**FIELDS, "url": URL})
    tag = {"If-None-Match": first.headers["etag"]}
    again = client.get(PATH, params={**FIELDS, "url": URL}, headers=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert first.headers["cache-control"].startswith("private")
    assert client.get(PATH, params={**FIELDS, "url": f"{URL}x"}, headers=tag).status_code == 200
    other = register(settings, "other")
    assert client.get(PATH, params={**FIELDS, "url": URL}, headers={**tag, **other.headers}).status_code == 200
    assert_problem(client.get(PATH, params={**FIELDS, "url": "x"}, headers={"If-None-Match": "*"}), 400, "invalid-request")


def test_idempotency_keys(reader: httpx.Client) -> None:
    """There is no effect to guard: each request gets its own answer; only a key of a wrong length is refused, as everywhere."""
    for text in ("https://a.example", "https://b.example"):
        answer = reader.post(PATH, json={**FIELDS, "text": text}, headers={"Idempotency-Key": "one"})
        assert answer.json()["data"]["text"] == tag_text(text, TAGS).text
    assert_problem(reader.post(PATH, json={**FIELDS, "url": URL}, headers={"Idempotency-Key": "x" * 256}), 400, "invalid-request")


def test_documentation(reader: httpx.Client) -> None:
    operations = reader.get("/openapi.json").json()["paths"][PATH]
    assert set(operations) == {"get", "post"}
    content = operations["post"]["requestBody"]["content"]["application/json"]
    assert set(content["example"]) <= set(content["schema"]["properties"])
    assert content["schema"]["required"] == list(FIELDS)
    assert content["schema"]["properties"]["platform"]["enum"] == ["facebook", "instagram"]
    assert "$" not in str(content["schema"])
    for method, operation in operations.items():
        assert operation["tags"] == ["social"]
        assert reader.request(method, PATH, json=[]).status_code in (400, 422)
        example = operation["responses"]["200"]["content"]["application/json"]["example"]
        assert ask(reader, method.upper(), content["example"]).json() == example
    assert {"304"} == set(operations["get"]["responses"]) - set(operations["post"]["responses"])
    assert {"408", "413", "415", "422"} == set(operations["post"]["responses"]) - set(operations["get"]["responses"])
    parameters = {one["name"]: one for one in operations["get"]["parameters"]}
    assert set(parameters) == {"url", "text", *FIELDS}
    assert all(one["description"] for one in parameters.values())

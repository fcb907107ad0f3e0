"""OpenAPI of the learning endpoints: what it shows is what comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from agentmarts.service.http.openapi import shape_of
from agentmarts.settings import Settings
from tests.support.marts.published_learning import publish_learning
from tests.support.serving import publish_all, register, service

ADDRESSES = {
    "/v1/learning/calibration/{action_type}": ["/v1/learning/calibration/send_email"],
    "/v1/learning/calibration/{action_type}/map": ["/v1/learning/calibration/send_email/map?p=0.5"],
    "/v1/learning/coaching": ["/v1/learning/coaching"],
    **{f"/v1/learning/dashboards/{role}": [f"/v1/learning/dashboards/{role}"] for role in ("rep", "manager", "executive")},
    "/v1/learning/feedback": ["/v1/learning/feedback"],
    "/v1/learning/outcomes": ["/v1/learning/outcomes"],
}


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    acme = register(settings, "acme")
    publish_all(settings, acme)
    publish_learning(settings, acme)
    with service(settings) as client:
        client.headers.update(acme.headers)
        yield client


def missing(example: Any, answer: Any, place: str = "data") -> list[str]:
    """Places of the example that the answer lacks, or where it has another type."""
    if example is None or answer is None:
        return []
    if isinstance(example, dict):
        if not isinstance(answer, dict):
            return [place]
        return [
            fault
            for name, value in example.items()
            for fault in (missing(value, answer[name], f"{place}.{name}") if name in answer else [f"{place}.{name}"])
        ]
    if isinstance(example, list):
        if not isinstance(answer, list):
            return [place]
        return missing(example[0], answer[0], f"{place}[0]") if example and answer else []
    same = isinstance(answer, int | float) if isinstance(example, int | float) else isinstance(answer, type(example))
    return [] if same else [place]


def test_examples_show_what_comes(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    described = {path for path, operations in paths.items() if path.startswith("/v1/learning/") and "get" in operations}
    assert described == set(ADDRESSES)
    for path, addresses in ADDRESSES.items():
        content = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        for address in addresses:
            answer = client.get(address).json()
            assert set(answer) == set(content["example"]) == set(content["schema"]["required"]), address
            assert missing(content["example"]["data"], answer["data"]) == [], address


def test_operations_are_described(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    operations = [(path, *item) for path, one in paths.items() if path.startswith("/v1/learning/") for item in one.items()]
    assert len(operations) == len(ADDRESSES) + 3
    for path, method, operation in operations:
        assert operation["tags"] == ["learning"]
        assert len(operation["description"]) > 60, path
        if method == "get":
            data = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]
            assert (data if data["type"] == "object" else data["items"])["properties"], f"{path} shows no keys"
        for parameter in operation.get("parameters", []):
            assert parameter.get("description") or parameter["in"] == "path", (path, parameter["name"])


def test_the_shape_of_an_example() -> None:
    assert shape_of({"a": [None, 1.5], "b": True, "c": None, "d": [], "e": "x"}) == {
        "type": "object",
        "properties": {
            "a": {"type": "array", "items": {"type": ["number", "null"]}},
            "b": {"type": ["boolean", "null"]},
            "c": {},
            "d": {"type": "array"},
            "e": {"type": ["string", "null"]},
        },
    }

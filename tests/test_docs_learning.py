"""docs/learning.md: its curl commands work as they stand, and every learning endpoint has one."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agentmarts.settings import Settings
from tests.published_learning import publish_learning
from tests.serving import Customer, publish_all, register, service

PAGE = Path(__file__).parent.parent / "docs" / "learning.md"
BASE = "http://127.0.0.1:8000"


def commands() -> list[list[str]]:
    """The curl commands of the page, as a shell splits them."""
    text = PAGE.read_text().replace("\\\n", "")
    return [shlex.split(line.removeprefix("$ ")) for line in text.splitlines() if line.startswith("$ curl ")]


@pytest.fixture
def acme(settings: Settings) -> Customer:
    customer = register(settings, "acme")
    publish_all(settings, customer)
    publish_learning(settings, customer)
    return customer


@pytest.fixture
def client(settings: Settings, acme: Customer) -> Iterator[httpx.Client]:
    with service(settings) as client:
        yield client


def test_the_commands_work(client: httpx.Client, acme: Customer) -> None:
    action_id, statuses = "", []
    for command in commands():
        options = list(itertools.pairwise(command))
        headers = dict(text.replace("$KEY", acme.key).split(": ", 1) for name, text in options if name == "-H")
        content = next((text for name, text in options if name == "-d"), None)
        method = "POST" if ("-X", "POST") in options else "GET"
        address = command[-1].replace("$ACTION_ID", action_id)
        assert address.startswith(BASE)
        response = client.request(method, address.removeprefix(BASE), headers=headers, content=content)
        assert response.is_success, (command, response.text)
        if address.endswith("/actions"):
            action_id = response.json()["data"]["action_id"]
        statuses.append(response.status_code)
    assert {200, 201, 202} == set(statuses)


def test_every_endpoint_is_shown(client: httpx.Client) -> None:
    shown = {(("POST" if "POST" in command else "GET"), command[-1].removeprefix(BASE).partition("?")[0]) for command in commands()}
    paths = client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method in operations if path.startswith("/v1/learning/") else ():
            pattern = re.sub(r"\{\w+\}", "[^/]+", path)
            assert any(one == method.upper() and re.fullmatch(pattern, address) for one, address in shown), (method, path)

"""docs/learning.md: its curl commands work as they stand, and every learning endpoint has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from agentmarts.settings import Settings
from tests.support.documented_commands import commands
from tests.support.published_learning import publish_learning
from tests.support.serving import Customer, publish_all, register, service

PAGE = "learning.md"


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
    variables, statuses = {"KEY": acme.key}, []
    for command in commands(PAGE):
        response = command.send(client, variables)
        assert response.is_success, (command, response.text)
        if command.path.endswith("/actions"):
            variables["ACTION_ID"] = response.json()["data"]["action_id"]
        statuses.append(response.status_code)
    assert {200, 201, 202} == set(statuses)


def test_every_endpoint_is_shown(client: httpx.Client) -> None:
    shown = {(command.method, command.path.partition("?")[0]) for command in commands(PAGE)}
    paths = client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method in operations if path.startswith("/v1/learning/") else ():
            pattern = re.sub(r"\{\w+\}", "[^/]+", path)
            assert any(one == method.upper() and re.fullmatch(pattern, address) for one, address in shown), (method, path)

"""docs/learning.md: its curl commands and queries work as they stand, and every learning endpoint has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from agentmarts.settings import PROJECT_ROOT, Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.documented_commands import commands
from tests.support.marts.published_learning import publish_learning
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


def test_the_queries_work(settings: Settings, acme: Customer) -> None:
    """As the tenant's reader; of the functions that the page lists each can be called."""
    page = (PROJECT_ROOT / "docs" / PAGE).read_text()
    queries = [query for block in re.findall(r"```sql\n(.*?)```", page, re.S) for query in block.split(";\n") if query]
    assert len(queries) == 3
    with connect(settings, Role.API) as connection:
        connection.execute("set local role api_reader")
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(acme.tenant_id),))
        found = [connection.execute(query.encode()).fetchall() for query in queries]
        functions = {name for (name,) in connection.execute("select proname from pg_proc where pronamespace = 'marts'::regnamespace")}
    assert len(found[0]) >= 1, "a calibration of each type"
    assert len(found[1]) == 1, "one row of figures"
    [table] = re.findall(r"\| function \| gives \|\n\|---\|---\|\n(.*?)\n\n", page, re.S)
    assert set(re.findall(r"`(\w+)(?:\(.*?\))?`", "\n".join(line.split("|")[1] for line in table.splitlines()))) <= functions

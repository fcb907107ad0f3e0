"""Whatever goes wrong is answered with problem details, and a database that comes back is used again."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from psycopg import sql
from starlette.types import Receive, Scope, Send

from agentmarts.service.http.middleware import RequestBoundary
from agentmarts.service.http.problems import BY_SLUG, Problem, ProblemKind, problem_response
from agentmarts.service.http.redaction import RedactionFilter
from agentmarts.settings import Limits, Settings
from agentmarts.tenancy.api_keys import generate_key
from agentmarts.warehouse.connection import Role, connect, database_url
from agentmarts.warehouse.embedded import SUPERUSER, EmbeddedServer
from tests.support.serving import assert_problem, publish_all, register, service


def test_unknown_addresses_and_methods(settings: Settings) -> None:
    acme = register(settings, "acme")
    with service(settings) as client:
        for path in ("/", "/v1", "/v1/", "/v1/marts/", "/v1/marts/nothing", "/v1/marts/a/b", "/docs/", "/v1/analytics"):
            assert_problem(client.get(path, headers=acme.headers), 404, "not-found")
        for method, path in (("POST", "/v1/marts"), ("DELETE", "/v1/marts/daily_metrics"), ("PUT", "/v1/events"), ("PATCH", "/livez")):
            response = client.request(method, path, headers=acme.headers)
            assert_problem(response, 405, "method-not-allowed")
            assert response.headers["allow"] in ("GET", "POST")
        assert client.options("/v1/marts").status_code == 405


def test_every_kind_has_its_page(settings: Settings) -> None:
    with service(settings) as client:
        for slug, kind in BY_SLUG.items():
            page = client.get(f"/problems/{slug}")
            assert page.status_code == 200
            assert kind.title in page.text
            assert kind.meaning in page.text
        assert_problem(client.get("/problems/nothing"), 404, "not-found")


def test_request_ids(settings: Settings) -> None:
    with service(settings) as client:
        assert client.get("/livez", headers={"X-Request-Id": "trace-42.a_b"}).headers["x-request-id"] == "trace-42.a_b"
        refused = client.get("/nowhere", headers={"X-Request-Id": "trace-43"})
        assert refused.json()["instance"] == "urn:request:trace-43"
        for bad in ("", "x" * 65, "a b", "<script>"):
            assert client.get("/livez", headers={"X-Request-Id": bad}).headers["x-request-id"] != bad
        first, second = (client.get("/livez").headers["x-request-id"] for _ in range(2))
        assert first != second


def test_documentation(settings: Settings) -> None:
    with service(settings) as client:
        openapi = client.get("/openapi.json").json()
        page = client.get("/docs")
        assert page.headers["content-type"].startswith("text/html")
        assert "http" not in page.text.replace("HTTP", ""), "nothing is loaded from elsewhere"
        for path, operations in openapi["paths"].items():
            assert path in page.text.replace("&#x27;", "'")
            for operation in operations.values():
                assert operation["summary"]
                assert operation["description"]
                if path.startswith("/v1"):
                    assert operation["security"] == [{"ApiKey": []}]
                    assert {"400", "401", "403", "429", "503"} <= set(operation["responses"])
                    assert {"200", "201", "202"} & set(operation["responses"])
                    assert "HTTPValidationError" not in str(operation["responses"].get("422"))
                    for status, answer in operation["responses"].items():
                        if int(status) >= 400:
                            assert list(answer["content"]) == ["application/problem+json"]
        parameters = {one["name"] for one in openapi["paths"]["/v1/marts/{mart}"]["get"]["parameters"]}
        assert {"mart", "select", "order", "limit", "cursor", "count"} <= parameters


def run(app: Any, request: httpx.Request | None = None) -> httpx.Response:
    """One request through an ASGI application without a server."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/anything")

    return asyncio.run(send())


def test_a_fault_nobody_foresaw(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("select secret from psycopg am_live_x")

    with caplog.at_level(logging.ERROR, "agentmarts.service"):
        response = run(RequestBoundary(broken, 1))
    assert_problem(response, 500, "internal")
    assert response.headers["x-request-id"] in caplog.text, "the log tells more, under the same id"


def test_a_fault_after_the_answer_began_breaks_it_off() -> None:
    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError

    sent: list[Any] = []

    async def call() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        await RequestBoundary(breaking, 1)(scope, lambda: asyncio.sleep(0), send)  # type: ignore[arg-type]

    with pytest.raises(RuntimeError):
        asyncio.run(call())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_only_so_many_at_once() -> None:
    release = asyncio.Event()
    inside = 0

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal inside
        inside += 1
        await release.wait()
        await problem_response(Problem(ProblemKind.NOT_FOUND, "x"), "id")(scope, receive, send)

    async def call() -> list[httpx.Response]:
        boundary = RequestBoundary(slow, 2)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(boundary), base_url="http://x") as client:
            waiting = [asyncio.create_task(client.get("/v1")) for _ in range(2)]
            while inside < 2:
                await asyncio.sleep(0.01)
            third = await client.get("/v1")
            alive = asyncio.create_task(client.get("/livez"))
            while inside < 3:
                await asyncio.sleep(0.01)
            release.set()
            return [third, *await asyncio.gather(*waiting, alive), await client.get("/v1")]

    third, *others = asyncio.run(call())
    assert_problem(third, 503, "overloaded")
    assert third.headers["retry-after"] == "1"
    assert [other.status_code for other in others] == [404] * 4
    assert Limits().in_flight == 64


def end_sessions_of_the_service(server: EmbeddedServer, settings: Settings) -> None:
    """As a restart of the server would, for one database."""
    database = database_url(settings).database
    with psycopg.connect(server.url("postgres", SUPERUSER).render_as_string(hide_password=False)) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'am_api' and datname = %s", (database,)
        )


def accept_connections(server: EmbeddedServer, settings: Settings, yes: bool) -> None:
    database = sql.Identifier(database_url(settings).database or "")
    with psycopg.connect(server.url("postgres").render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("alter database {} allow_connections {}").format(database, sql.Literal(yes)))


def test_a_database_that_goes_and_comes_back(server: EmbeddedServer, settings: Settings) -> None:
    acme = register(settings, "acme")
    publish_all(settings, acme)
    url = "/v1/marts/dim_tenant?select=slug"
    with service(settings) as client:
        client.headers.update(acme.headers)
        assert client.get(url).json()["data"] == [{"slug": "acme"}]
        try:
            accept_connections(server, settings, False)
            end_sessions_of_the_service(server, settings)
            gone = client.get(url)
            assert_problem(gone, 503, "database-unavailable")
            assert int(gone.headers["retry-after"]) > 0
            assert client.get("/livez").status_code == 200
            assert client.get("/readyz").status_code == 503
        finally:
            accept_connections(server, settings, True)
        deadline = time.monotonic() + 15
        while (response := client.get(url)).status_code != 200:
            assert time.monotonic() < deadline, response.text
            time.sleep(0.2)
        assert response.json()["data"] == [{"slug": "acme"}]


def test_connections_cut_in_between_are_replaced_unnoticed(server: EmbeddedServer, settings: Settings) -> None:
    """The request that finds its connection dead gets another."""
    acme = register(settings, "acme")
    with service(settings) as client:
        client.headers.update(acme.headers)
        for _ in range(3):
            assert client.get("/v1/marts/dim_date").status_code == 200
            end_sessions_of_the_service(server, settings)
        assert client.get("/v1/marts/dim_date").status_code == 200


def test_a_query_that_takes_too_long(settings: Settings) -> None:
    acme = register(settings, "acme")
    publish_all(settings, acme)
    with service(settings, Limits(query_milliseconds=1, burst=1000)) as client:
        client.headers.update(acme.headers)
        with connect(settings, Role.PUBLISH) as connection:
            connection.execute(
                "insert into marts.customer_days select %s, '2025-06-18', 'c' || n, 1, 1, now(), false, 1 from generate_series(1, 50000) n",
                (acme.tenant_id,),
            )
        assert_problem(client.get("/v1/marts/customer_days?limit=10000&count=exact"), 503, "query-timeout")


def test_secrets_stay_out_of_logs() -> None:
    key = generate_key()[2]
    secrets = [key, "hunter2"]
    texts = [f"GET /v1/marts?key={key}", f"Authorization: Bearer {key}", "postgresql://am_api:hunter2@127.0.0.1/x", "password=hunter2"]
    filtered = RedactionFilter()
    for text in texts:
        try:
            raise ValueError(text)
        except ValueError as error:
            info = (type(error), error, error.__traceback__)
        for record in (
            logging.LogRecord("x", logging.INFO, "x", 1, text, None, None),
            logging.LogRecord("x", logging.INFO, "x", 1, "%s", (text,), None),
            logging.LogRecord("x", logging.ERROR, "x", 1, "failed", None, info),
        ):
            assert filtered.filter(record)
            line = logging.Formatter().format(record)
            assert not any(secret in line for secret in secrets), line


def test_listens_on_this_machine_only_unless_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentmarts.service import app

    called: dict[str, Any] = {}
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr(uvicorn, "run", lambda application, **options: called.update(options))
    try:
        app.serve(settings)
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    assert (called["host"], called["port"], called["access_log"]) == ("127.0.0.1", settings.service_port, False)

"""The ASGI application: transport of a Graph, its scripted failures, and the control API."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graph_simulator.http.control import control
from graph_simulator.http.faults import TRANSPORT, Fault
from graph_simulator.http.requests import Incoming, Outgoing, respond, respond_to_batch, split_version
from graph_simulator.simulator import Simulator
from graph_simulator.world.world import World

_JSON = "application/json; charset=UTF-8"


def create_simulator(world: World) -> Starlette:
    """An ASGI application of its own state over a world. `app.state.simulator` is that state, for tests in the same process."""
    sim = Simulator(world)

    async def graph(request: Request) -> Response:
        return await _graph(sim, request)

    async def steer(request: Request) -> Response:
        return await _steer(sim, request)

    methods = ["GET", "POST", "DELETE"]
    app = Starlette(routes=[Route("/_control/{name:path}", steer, methods=methods), Route("/{path:path}", graph, methods=methods)])
    app.state.simulator = sim
    return app


async def _steer(sim: Simulator, request: Request) -> Response:
    raw = await request.body()
    try:
        body = orjson.loads(raw) if raw else {}
        with sim.lock:
            answer = control(sim, request.method, request.path_params["name"], request.query_params, body)
    except KeyError as error:
        return Response(orjson.dumps({"error": f"{error.args[0]!r} is missing or unknown"}), 400, media_type=_JSON)
    except ValueError as error:
        return Response(orjson.dumps({"error": str(error)}), 400, media_type=_JSON)
    return Response(orjson.dumps(answer, default=sorted), media_type=_JSON)


async def _graph(sim: Simulator, request: Request) -> Response:
    incoming = _incoming(request, await request.body())
    with sim.lock:
        is_batch = incoming.method == "POST" and "batch" in incoming.params
        _, path = split_version(incoming.path)
        fault = sim.faults.strike(TRANSPORT, incoming.method, path, dict(incoming.params))
        outgoing = respond_to_batch(sim, incoming) if is_batch else respond(sim, incoming)
    return await _failing(fault, outgoing, request) if fault else _response(outgoing)


def _incoming(request: Request, body: bytes) -> Incoming:
    params: dict[str, str] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() in {"bearer", "oauth"} else ""
    method = params.get("method", "").upper() or request.method
    return Incoming(method, request.url.path, params, bearer, str(request.base_url).rstrip("/"))


def _response(outgoing: Outgoing) -> Response:
    return Response(orjson.dumps(outgoing.body), outgoing.status, _plain(outgoing.headers), _JSON)


def _plain(headers: Mapping[str, str]) -> dict[str, str]:
    return dict(headers)


async def _failing(fault: Fault, outgoing: Outgoing, request: Request) -> Response:
    """The answer as a scripted fault leaves it. The call itself was made, and counted."""
    body = orjson.dumps(outgoing.body)
    if fault.kind in {"http_500", "http_503"}:
        return PlainTextResponse("", 500 if fault.kind == "http_500" else 503)
    if fault.kind == "service_unavailable":
        return PlainTextResponse("Service Unavailable", 200)
    if fault.kind == "html":
        return Response("<!DOCTYPE html><html><title>Sorry, something went wrong.</title></html>", 200, media_type="text/html")
    if fault.kind == "truncated":
        return Response(body[: len(body) // 2], outgoing.status, _plain(outgoing.headers), _JSON)
    if fault.kind == "cut":
        return _CutResponse(body, outgoing.status, _plain(outgoing.headers), _JSON)
    await _until_gone(request, fault.seconds)
    return _response(outgoing)


async def _until_gone(request: Request, seconds: float) -> None:
    """Wait, but no longer than the client does."""

    async def gone() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(0.02)

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(gone(), seconds)


class _CutResponse(Response):
    """Announces its whole length, sends half, and ends: the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: len(self.body) // 2], "more_body": True})

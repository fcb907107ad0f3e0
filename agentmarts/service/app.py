"""The application: put together from its parts, no input or output before it starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from agentmarts import __version__
from agentmarts.service import health
from agentmarts.service.analytics import endpoints as conversations
from agentmarts.service.events import endpoints as events
from agentmarts.service.http.docs import docs_page
from agentmarts.service.http.middleware import RequestBoundary
from agentmarts.service.http.openapi import without_framework_errors
from agentmarts.service.http.problems import BY_SLUG, BY_STATUS, FieldError, Problem, ProblemKind, pointer, problem_response
from agentmarts.service.http.redaction import redact_logs
from agentmarts.service.learning import endpoints as learning
from agentmarts.service.marts import endpoints as marts
from agentmarts.service.social import utm as social_utm
from agentmarts.service.state import Service
from agentmarts.settings import Limits, Settings, load_settings

DESCRIPTION = """Marts of conversations with AI agents, for the tenant of the API key.

Every answer says of which version it is and how fresh (`meta`); send its `ETag` back as `If-None-Match` and an unchanged one costs nothing.
Errors are problem details (RFC 9457). Unknown is `null`, never 0."""


def create_app(settings: Settings | None = None, limits: Limits | None = None) -> FastAPI:
    """The ASGI application; without settings those of the environment."""
    settings = settings or load_settings()
    limits = limits or Limits()
    service = Service(settings, limits)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.database.open()
        service.events.open()
        noting = asyncio.create_task(service.keys.note_use_every_minute())
        try:
            yield
        finally:
            noting.cancel()
            with suppress(Problem):  # without the database a note of last use is lost, which is no harm
                await service.keys.note_use()
            await service.database.close()
            await asyncio.to_thread(service.events.close)

    app = FastAPI(
        title="agentmarts",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.add_middleware(RequestBoundary, in_flight=limits.in_flight)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _validation_error)
    for router in (conversations.router, learning.router, social_utm.router, marts.router, events.router, health.router):
        app.include_router(router)
    app.add_api_route("/problems/{slug}", problem_page, include_in_schema=False)
    app.add_api_route("/docs", documentation, include_in_schema=False)
    app.openapi = without_framework_errors(app)  # type: ignore[method-assign]
    return app


def serve(settings: Settings, host: str = "127.0.0.1", port: int | None = None) -> None:
    """Run the service until it is told to stop (SIGTERM, SIGINT)."""
    redact_logs()
    # Addresses may hold what people type into filters: no access log.
    uvicorn.run(
        create_app(settings),
        host=host,
        port=settings.service_port if port is None else port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
        log_config=None,
    )


async def problem_page(slug: str) -> Response:
    """What a kind of problem means and what to do: where `type` of every problem points."""
    kind = BY_SLUG.get(slug)
    if kind is None:
        raise Problem(ProblemKind.NOT_FOUND, "There is no such kind of problem.")
    return PlainTextResponse(f"{kind.title} ({kind.status})\n\n{kind.meaning}\n")


async def documentation(request: Request) -> Response:
    """The endpoints for people to read."""
    return HTMLResponse(docs_page(request.app.openapi()))


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem_response(problem, request.scope["request_id"])


async def _http_exception(request: Request, error: Exception) -> Response:
    """What the router itself refuses: unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    kind = BY_STATUS.get(error.status_code, ProblemKind.INTERNAL if error.status_code >= 500 else ProblemKind.INVALID_REQUEST)
    return problem_response(Problem(kind, kind.value.meaning, headers=dict(error.headers or {})), request.scope["request_id"])


async def _validation_error(request: Request, error: Exception) -> Response:
    """Parameters that do not fit: 400 for the address and headers, 422 for a body."""
    assert isinstance(error, RequestValidationError)
    faults = [FieldError(pointer(*fault["loc"]), fault["msg"]) for fault in error.errors()]
    kind = ProblemKind.INVALID_BODY if any(fault["loc"][0] == "body" for fault in error.errors()) else ProblemKind.INVALID_REQUEST
    detail = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors()[:5])
    return problem_response(Problem(kind, detail, errors=faults), request.scope["request_id"])

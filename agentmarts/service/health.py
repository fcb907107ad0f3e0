"""Is the process alive, and can it do its work: what an orchestrator asks. Neither needs a key, neither tells of tenants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass

import orjson
import psycopg
from fastapi import APIRouter, Request
from starlette.responses import Response

from agentmarts.service.http.problems import Problem
from agentmarts.service.state import Service, service_of
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from agentmarts.warehouse.migrations import MigrationError, catalogue_lint, migration_status

router = APIRouter(tags=["operations"])
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Check:
    """One condition of readiness; `reason` says what is wrong and what mends it, or how things stand."""

    name: str
    ok: bool
    reason: str


@router.get("/livez", summary="Is the process alive")
async def livez() -> Response:
    """200 as long as the process answers; says nothing of the warehouse."""
    return Response(b'{"status":"ok"}', 200, NO_STORE, "application/json")


@router.get("/readyz", summary="Can the service do its work", responses={503: {"description": "Not ready; `checks` say why."}})
async def readyz(request: Request) -> Response:
    """200 when every check passes, else 503; each check says how it stands and what to do."""
    service = service_of(request)
    checks = [*await asyncio.to_thread(warehouse_checks, service.settings), await _catalogue(service)]
    ready = all(check.ok for check in checks)
    body = {"status": "ready" if ready else "not ready", "checks": [asdict(check) for check in checks]}
    return Response(orjson.dumps(body), 200 if ready else 503, NO_STORE, "application/json")


def warehouse_checks(settings: Settings) -> list[Check]:
    """What must hold of the warehouse, asked over a connection of its own. Blocking."""
    try:
        with connect(settings, Role.API, autocommit=True) as connection:
            return [Check("database", True, "answers"), *(_guarded(check, connection) for check in CHECKS)]
    except psycopg.OperationalError:
        return [Check("database", False, "does not answer: start it with `agentmarts up`")]


def _guarded(check: Callable[[Connection], Check], connection: Connection) -> Check:
    try:
        return check(connection)
    except psycopg.Error as error:
        return Check(check.__name__.strip("_"), False, f"cannot be asked ({type(error).__name__}): run `agentmarts doctor`")


def _migrations(connection: Connection) -> Check:
    try:
        waiting = [status.migration.path.name for status in migration_status(connection) if status.state != "applied"]
    except MigrationError as error:
        return Check("migrations", False, str(error))
    if waiting:
        return Check("migrations", False, f"{', '.join(waiting)} not applied: run `agentmarts migrate up`")
    return Check("migrations", True, "at head")


def _access(connection: Connection) -> Check:
    faults = catalogue_lint(connection)
    if faults:
        return Check("access", False, "; ".join(f"{name}: {problem}" for name, problem in faults))
    return Check("access", True, "row level security as it should be")


def _durability(connection: Connection) -> Check:
    off = [
        name for name in ("fsync", "full_page_writes") if connection.execute("select current_setting(%s)", (name,)).fetchone() != ("on",)
    ]
    return Check("durability", not off, f"{', '.join(off)} off: a crash may lose what was acknowledged" if off else "fsync is on")


def _publish(connection: Connection) -> Check:
    """Told, not demanded: an old version is still served, and says so in `meta`."""
    row = connection.execute("select version, published_at from ops.publish_cursor").fetchone()
    if row is None:
        return Check("publish", False, "ops.publish_cursor is empty: run `agentmarts migrate verify`")
    return Check("publish", True, f"version {row[0]} of {row[1].isoformat()}" if row[1] else "nothing published yet")


CHECKS = (_migrations, _access, _durability, _publish)


async def _catalogue(service: Service) -> Check:
    try:
        marts = await service.catalogue.get()
    except Problem as problem:
        return Check("catalogue", False, problem.detail)
    return Check("catalogue", bool(marts), f"{len(marts)} marts" if marts else "schema marts has no tables: run `agentmarts migrate up`")

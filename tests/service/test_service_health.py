"""/livez and /readyz: every reason not to be ready is named together with what mends it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from psycopg import sql
from pydantic import SecretStr

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Role, connect
from tests.support.serving import publish_all, register, service


def checks(client: httpx.Client) -> tuple[int, dict[str, dict[str, Any]]]:
    response = client.get("/readyz")
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["status"] == ("ready" if response.status_code == 200 else "not ready")
    return response.status_code, {check["name"]: check for check in body["checks"]}


@pytest.mark.usefixtures("safe_server")
def test_ready(settings: Settings) -> None:
    with service(settings) as client:
        status, found = checks(client)
        assert status == 200
        assert set(found) == {"database", "migrations", "access", "durability", "publish", "catalogue"}
        assert all(check["ok"] for check in found.values())
        assert found["publish"]["reason"] == "nothing published yet"
        assert client.get("/livez").json() == {"status": "ok"}
    publish_all(settings, register(settings, "acme"), version=7)
    with service(settings) as client:
        assert checks(client)[1]["publish"]["reason"].startswith("version 7 of 2025-06-18")


@pytest.mark.parametrize(
    ("statement", "check", "reason"),
    [
        (
            "delete from ops.migrations where version = 'R__policies'",
            "migrations",
            "R__policies.sql not applied: run `agentmarts migrate up`",
        ),
        ("update ops.migrations set sha256 = 'x' where version = 'R__grants'", "migrations", "R__grants.sql not applied"),
        ("update ops.migrations set sha256 = 'x' where version = '0001'", "migrations", "was edited after it had been applied"),
        ("insert into ops.migrations values ('9999', 'later', 'x', now(), 1, '9')", "migrations", "does not know"),
        ("alter table marts.daily_metrics no force row level security", "access", "marts.daily_metrics: not forced"),
        ("alter table marts.conversations disable row level security", "access", "row level security off"),
        ("grant select on ops.api_keys to bi_reader", "access", "bi_reader can read it"),
        ("delete from ops.publish_cursor", "publish", "empty"),
        ("revoke select on ops.migrations from am_api", "migrations", "cannot be asked (InsufficientPrivilege)"),
    ],
)
def test_reasons(settings: Settings, statement: str, check: str, reason: str) -> None:
    with connect(settings, Role.MIGRATOR) as connection:
        connection.execute("set local role am_owner")
        connection.execute(statement.encode())
    with service(settings) as client:
        status, found = checks(client)
        assert status == 503
        assert not found[check]["ok"]
        assert reason in found[check]["reason"]
        assert client.get("/livez").status_code == 200


def test_without_migrations(settings: Settings) -> None:
    """An empty database: requests are told, and the service need not be restarted once it is migrated."""
    with connect(settings, Role.MIGRATOR, autocommit=True) as connection:
        for schema in ("marts", "ops", "raw", "build"):
            connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))
    with service(settings) as client:
        status, found = checks(client)
        assert (status, found["migrations"]["ok"], found["catalogue"]["ok"]) == (503, False, False)
        assert "0001_roles_and_schemas.sql" in found["migrations"]["reason"]
        from agentmarts.tenancy.api_keys import generate_key

        answer = client.get("/v1/marts", headers={"Authorization": f"Bearer {generate_key()[2]}"})
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")


def test_without_a_database(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"database_url": SecretStr("postgresql://nobody:s3cret@127.0.0.1:1/none")})
    from agentmarts.service.app import create_app
    from agentmarts.service.health import warehouse_checks

    create_app(nowhere)  # no input or output before it starts
    [check] = warehouse_checks(nowhere)
    assert not check.ok
    assert "s3cret" not in check.reason

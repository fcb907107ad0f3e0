"""Addresses of the warehouse, one database role per kind of work. Whoever only needs an address does not load the driver."""

from __future__ import annotations

from enum import StrEnum

from agentmarts.settings import Settings
from agentmarts.warehouse.embedded import EmbeddedServer
from agentmarts.warehouse.postgres_url import PostgresUrl


class Role(StrEnum):
    """Who connects. Every role sees and changes only what its work needs (sql_migrations/R__grants.sql)."""

    MIGRATOR = "am_migrator"
    INGEST = "am_ingest"
    TRANSFORM = "am_transform"
    PUBLISH = "am_publish"
    API = "am_api"


LOGIN_ROLES = (Role.INGEST, Role.TRANSFORM, Role.PUBLISH, Role.API)
"""Roles whose password `agentmarts migrate up` sets; the migrator is whoever DATABASE_URL names."""


def database_url(settings: Settings, role: Role = Role.MIGRATOR) -> PostgresUrl:
    """Address of the warehouse for a role, password included; never print it (`render_as_string()` hides the password).

    With DATABASE_URL the migrator is the role of that address; the other roles have passwords derived from the secret key.
    """
    if settings.database_url is None:
        return EmbeddedServer(settings).url(role=role)
    url = PostgresUrl.parse(settings.database_url.get_secret_value()).set(drivername="postgresql")
    if role is Role.MIGRATOR:
        return url
    return url.set(username=role, password=settings.derived_secret(f"role:{role}"))


def dsn(settings: Settings, role: Role = Role.MIGRATOR) -> str:
    """`database_url` as text for drivers and child processes: it holds the password, so it never goes into a log."""
    return database_url(settings, role).render_as_string(hide_password=False)

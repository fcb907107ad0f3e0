"""Connections to the warehouse, one database role per kind of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from agentmarts.settings import Settings
from agentmarts.warehouse.embedded import EmbeddedServer

Connection = psycopg.Connection[tuple[Any, ...]]


class Role(StrEnum):
    """Who connects. Every role sees and changes only what its work needs (sql_migrations/R__grants.sql)."""

    MIGRATOR = "am_migrator"
    INGEST = "am_ingest"
    TRANSFORM = "am_transform"
    PUBLISH = "am_publish"
    API = "am_api"


LOGIN_ROLES = (Role.INGEST, Role.TRANSFORM, Role.PUBLISH, Role.API)
"""Roles whose password `agentmarts migrate up` sets; the migrator is whoever DATABASE_URL names."""


def database_url(settings: Settings, role: Role = Role.MIGRATOR) -> URL:
    """Address of the warehouse for a role, password included; never print it (`render_as_string()` hides the password).

    With DATABASE_URL the migrator is the role of that address; the other roles have passwords derived from the secret key.
    """
    if settings.database_url is None:
        return EmbeddedServer(settings).url(role=role)
    url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    if role is Role.MIGRATOR:
        return url
    return url.set(username=role, password=settings.derived_secret(f"role:{role}"))


def dsn(settings: Settings, role: Role = Role.MIGRATOR) -> str:
    """`database_url` as text for drivers and child processes: it holds the password, so it never goes into a log."""
    return database_url(settings, role).render_as_string(hide_password=False)


@contextmanager
def connect(settings: Settings, role: Role = Role.MIGRATOR, *, autocommit: bool = False) -> Iterator[Connection]:
    """A connection as `role`: committed at the end of the block, rolled back on an exception, always closed."""
    with psycopg.connect(dsn(settings, role), autocommit=autocommit, application_name=f"agentmarts {role}") as connection:
        yield connection

"""Connections to the warehouse, one database role per kind of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from agentmarts.settings import Settings
from agentmarts.warehouse.addresses import LOGIN_ROLES, Role, database_url, dsn

__all__ = ["LOGIN_ROLES", "Connection", "Role", "connect", "database_url", "dsn"]

Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def connect(settings: Settings, role: Role = Role.MIGRATOR, *, autocommit: bool = False) -> Iterator[Connection]:
    """A connection as `role`: committed at the end of the block, rolled back on an exception, always closed."""
    with psycopg.connect(dsn(settings, role), autocommit=autocommit, application_name=f"agentmarts {role}") as connection:
        yield connection

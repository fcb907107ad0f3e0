"""The database beside the warehouse: Dagster's own storage."""

from __future__ import annotations

from contextlib import closing

import psycopg

from agentmarts.settings import Settings
from agentmarts.warehouse.connection import connect, database_url
from agentmarts.warehouse.postgres_url import PostgresUrl


class DatabaseError(RuntimeError):
    """A database is missing and cannot be made; the message says which command makes it."""


def dagster_database_url(settings: Settings) -> PostgresUrl:
    """Where Dagster keeps runs and events: AGENTMARTS_DAGSTER_DATABASE_URL, else database `dagster` beside the warehouse."""
    if settings.dagster_database_url is not None:
        return PostgresUrl.parse(settings.dagster_database_url.get_secret_value()).set(drivername="postgresql")
    return database_url(settings).set(database="dagster")


def ensure_dagster_database(settings: Settings) -> None:
    """Create Dagster's database on the warehouse's server unless it is there. Raises DatabaseError when the role may not."""
    url = dagster_database_url(settings)
    try:
        with closing(psycopg.connect(url.render_as_string(hide_password=False))):
            return
    except psycopg.OperationalError as error:
        missing = "does not exist" in str(error)
        if not missing or settings.dagster_database_url is not None:
            raise DatabaseError(f"Dagster's database {url.render_as_string(hide_password=True)} cannot be reached") from None
    try:
        with connect(settings, autocommit=True) as connection:
            connection.execute("create database dagster")
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseError(
            "the role of DATABASE_URL may not create Dagster's database: create it (`create database dagster`) or set "
            "AGENTMARTS_DAGSTER_DATABASE_URL"
        ) from None

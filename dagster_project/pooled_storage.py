"""Dagster's storage in PostgreSQL over connections that stay open.

Dagster opens one for every statement outside its web server: for the daemon's polling and for every event of a run, and each costs
PostgreSQL a process and both sides a password check, which is more work than the statements themselves.
"""

from functools import cache
from typing import Any

from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

OPEN_CONNECTIONS = 2
"""What a process keeps; threads that want more at the same moment get more, closed after use."""


@cache
def engine_of(postgres_url: str) -> Engine:
    """The one engine of this process for an address; it notices by itself when PostgreSQL was started anew."""
    return create_engine(postgres_url, isolation_level="AUTOCOMMIT", pool_size=OPEN_CONNECTIONS, max_overflow=-1, pool_pre_ping=True)


class PooledPostgresStorage(DagsterPostgresStorage):
    """As its base, but all instances of a process share an engine: every evaluation of a sensor makes an instance of its own.

    Whether Dagster's tables are there is looked at once per process.
    """

    def __init__(self, postgres_url: str, should_autocreate_tables: bool = True, inst_data: Any = None) -> None:
        is_first = engine_of.cache_info().currsize == 0
        super().__init__(postgres_url, should_autocreate_tables=should_autocreate_tables and is_first, inst_data=inst_data)
        engine = engine_of(postgres_url)
        for storage in (self.run_storage, self.event_log_storage, self.schedule_storage):
            storage._engine = engine  # type: ignore[attr-defined]  # Dagster offers a pool to its web server only.

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "PooledPostgresStorage":
        return cls(pg_url_from_config(config_value), config_value.get("should_autocreate_tables", True), inst_data)

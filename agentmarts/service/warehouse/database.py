"""The only place where the service speaks to the warehouse, and the only one that decides as whom.

A read is one transaction: READ ONLY, REPEATABLE READ, as `api_reader`, for one tenant, with a time limit. BEGIN, the settings, the
statements and COMMIT go out together (libpq pipeline), so a read costs one round trip.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import pq, sql
from psycopg.abc import Buffer
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.settings import Limits, Settings
from agentmarts.warehouse.connection import Role, dsn

Row = tuple[Any, ...]
Connection = psycopg.AsyncConnection[Row]

BEGIN = "begin isolation level repeatable read read only"
# set_config('role', …, true) is SET LOCAL ROLE; together the three cost one statement.
BECOME_READER = (
    "select set_config('role', 'api_reader', true), set_config('app.tenant_id', %s, true), set_config('statement_timeout', %s, true)"
)
POOL_WAIT_SECONDS = 2.0

GONE = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
NOT_MIGRATED = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.InsufficientPrivilege,
)


@dataclass(frozen=True)
class Statement:
    """SQL with its bind parameters."""

    query: LiteralString | sql.Composed
    params: Sequence[Any] | Mapping[str, Any] = field(default=())


class TenantDatabase:
    """A pool of connections as `am_api`. It opens without the database being there and heals when that comes back."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._limits = limits
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            # A function: the embedded server may come back on another port.
            lambda: dsn(settings, Role.API),
            min_size=1,
            max_size=limits.connections,
            open=False,
            timeout=POOL_WAIT_SECONDS,
            # Give up soon: the next request tries anew, instead of waiting for a growing delay to end.
            reconnect_timeout=2.0,
            kwargs={"autocommit": True, "application_name": "agentmarts service", "options": "-c timezone=UTC", "connect_timeout": 5},
            name="service",
        )

    async def open(self) -> None:
        """Begin to connect, in the background."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    async def read(self, tenant_id: UUID | None, *statements: Statement, milliseconds: int | None = None) -> list[list[Row]]:
        """The rows of each statement, all from one snapshot, seen as this tenant; with None only shared marts have rows.

        Raises Problem (database gone, not migrated, too slow) and psycopg.DataError for a value the statement cannot take.
        """
        try:
            return await self._read(tenant_id, statements, milliseconds or self._limits.query_milliseconds)
        except psycopg.errors.QueryCanceled as error:
            raise Problem(ProblemKind.QUERY_TIMEOUT, "The query was stopped at its time limit.") from error
        except NOT_MIGRATED as error:
            raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.") from error
        except GONE as error:
            raise _unavailable() from error

    async def _read(self, tenant_id: UUID | None, statements: Sequence[Statement], milliseconds: int) -> list[list[Row]]:
        try:
            return await self._read_once(tenant_id, statements, milliseconds)
        except PoolTimeout:
            raise
        except GONE as error:
            if isinstance(error, psycopg.errors.QueryCanceled):
                raise
            # Connections of a server that was restarted are dead: replace them and ask once more. Reads can be repeated.
            await self._pool.check()
            return await self._read_once(tenant_id, statements, milliseconds)

    async def _read_once(self, tenant_id: UUID | None, statements: Sequence[Statement], milliseconds: int) -> list[list[Row]]:
        async with self._pool.connection() as connection:
            try:
                async with connection.pipeline():
                    await self._begin(connection, tenant_id, milliseconds)
                    cursors = [await connection.execute(statement.query, statement.params) for statement in statements]
                    await connection.execute("commit")
            except psycopg.Error:
                await _leave_transaction(connection)
                raise
            return [await cursor.fetchall() for cursor in cursors]

    async def own(self, statement: Statement) -> list[Row]:
        """Rows of a statement as `am_api` itself, which sees no marts: keys and state of the warehouse. Raises Problem."""
        try:
            try:
                return await self._own_once(statement)
            except psycopg.OperationalError:
                await self._pool.check()
                return await self._own_once(statement)
        except NOT_MIGRATED as error:
            raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.") from error
        except GONE as error:
            raise _unavailable() from error

    async def _own_once(self, statement: Statement) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(statement.query, statement.params)
            return await cursor.fetchall() if cursor.description else []

    @asynccontextmanager
    async def copy_out(
        self, tenant_id: UUID, before: Sequence[Statement], copy: Statement
    ) -> AsyncIterator[tuple[list[list[Row]], AsyncIterator[Buffer]]]:
        """A COPY … TO STDOUT of this tenant: rows of the statements before it in the same snapshot, and its lines.

        PostgreSQL sends one message per row, so each item is one whole line.

        Raises Problem on entry when the warehouse cannot be reached; a fault later on surfaces as psycopg.Error from the lines.
        """
        try:
            async with self._pool.connection() as connection:
                try:
                    async with connection.pipeline():
                        await self._begin(connection, tenant_id, self._limits.export_milliseconds)
                        cursors = [await connection.execute(statement.query, statement.params) for statement in before]
                    rows = [await cursor.fetchall() for cursor in cursors]
                    async with connection.cursor() as cursor, cursor.copy(copy.query, copy.params) as source:
                        yield rows, aiter(source)
                finally:
                    await _leave_transaction(connection)
        except NOT_MIGRATED as error:
            raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.") from error
        except PoolTimeout as error:
            raise _unavailable() from error

    @staticmethod
    async def _begin(connection: Connection, tenant_id: UUID | None, milliseconds: int) -> None:
        await connection.execute(BEGIN)
        await connection.execute(BECOME_READER, ("" if tenant_id is None else str(tenant_id), str(milliseconds)))


async def _leave_transaction(connection: Connection) -> None:
    """Back to idle, or closed: the pool throws a closed connection away."""
    if connection.closed:
        return
    if connection.info.transaction_status != pq.TransactionStatus.IDLE:
        try:
            await asyncio.wait_for(connection.execute("rollback"), timeout=5)
        except (psycopg.Error, TimeoutError):
            await connection.close()


def _unavailable() -> Problem:
    return Problem(ProblemKind.DATABASE_UNAVAILABLE, "The warehouse does not answer at the moment.", headers={"Retry-After": "5"})

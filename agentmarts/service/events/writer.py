"""Writing the events of one request: a pool of connections as `am_ingest`, one durable transaction, an answer for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout
from starlette.responses import Response

from agentmarts.service.http.idempotency import IdempotentRequest, StoredAnswer
from agentmarts.service.http.problems import MEDIA_TYPE, Problem, ProblemKind
from agentmarts.service.warehouse.auth import Caller
from agentmarts.settings import Settings, now
from agentmarts.streams.store.loader import ItemResult, load_batch
from agentmarts.warehouse.connection import Connection, Role, dsn

WRITERS = 4


@dataclass(frozen=True)
class Delivery:
    """The events of one request and how it is answered."""

    items: Sequence[bytes]
    source: str
    """Method and address, for the quarantine."""
    answer: Callable[[Sequence[ItemResult]], StoredAnswer]
    """Called inside the transaction: when it raises Problem, nothing was written."""
    stream: str | None = None
    """Of events that name none."""
    precondition: Callable[[Connection], None] | None = None
    """Called before anything is written, but not for a repeated request; raises Problem."""


class EventWriter:
    """Few connections, since each writes in bulk."""

    def __init__(self, settings: Settings) -> None:
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            lambda: dsn(settings, Role.INGEST),
            min_size=0,
            max_size=WRITERS,
            open=False,
            timeout=10.0,
            reconnect_timeout=2.0,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True, "application_name": "agentmarts service (events)", "connect_timeout": 5},
            name="events",
        )

    def open(self) -> None:
        """Ready to connect when the first events come."""
        self._pool.open()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def write(self, caller: Caller, delivery: Delivery, repeat: IdempotentRequest | None) -> Response:
        """Load the events in one transaction and answer; blocks until they are durable."""
        try:
            with self._pool.connection() as connection:
                if repeat is None:
                    return _json(_load(connection, caller, delivery, None))
                with repeat.locked(connection) as stored:
                    if stored is not None:
                        return _json(stored, {"Idempotency-Replayed": "true"})
                    return _json(_load(connection, caller, delivery, repeat))
        except psycopg.errors.DiskFull as error:
            raise Problem(ProblemKind.STORAGE_FULL, "The events were not stored. Keep them and send them again later.") from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege) as error:
            raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            detail = "The events may not be stored. Send them again: what is stored already is a duplicate then."
            raise Problem(ProblemKind.DATABASE_UNAVAILABLE, detail, headers={"Retry-After": "5"}) from error


def _load(connection: Connection, caller: Caller, delivery: Delivery, repeat: IdempotentRequest | None) -> StoredAnswer:
    answer: list[StoredAnswer] = []

    def before_commit(inside: Connection, results: list[ItemResult]) -> None:
        answer[:] = [delivery.answer(results)]
        if repeat is not None:
            repeat.store(inside, answer[0])

    if delivery.precondition is not None:
        delivery.precondition(connection)
    load_batch(
        connection,
        tenant_id=caller.tenant_id,
        items=delivery.items,
        default_stream=delivery.stream,
        received_at=now(),
        source=delivery.source,
        before_commit=before_commit,
    )
    return answer[0]


def _json(answer: StoredAnswer, headers: dict[str, str] | None = None) -> Response:
    media = "application/json" if answer.status < 400 else MEDIA_TYPE
    return Response(answer.body, answer.status, {"Cache-Control": "no-store", **(headers or {})}, media)

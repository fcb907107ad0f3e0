"""Writing the events of one request: a pool of connections as `am_ingest`, one durable transaction, an answer for each event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout
from starlette.responses import Response

from agentmarts.service.auth import Caller
from agentmarts.service.idempotency import IdempotentRequest, StoredAnswer
from agentmarts.service.problems import Problem, ProblemKind
from agentmarts.settings import Settings, now
from agentmarts.streams.loader import ItemResult, load_batch
from agentmarts.streams.rejection import Reason
from agentmarts.warehouse.connection import Connection, Role, dsn

WRITERS = 4


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

    def write(
        self, caller: Caller, items: Sequence[bytes], stream: str | None, only_errors: bool, repeat: IdempotentRequest | None
    ) -> Response:
        """Load the items in one transaction and answer for each; blocks until they are durable."""
        try:
            with self._pool.connection() as connection:
                if repeat is None:
                    return _json(_load(connection, caller, items, stream, only_errors, None))
                with repeat.locked(connection) as stored:
                    if stored is not None:
                        return _json(stored, {"Idempotency-Replayed": "true"})
                    return _json(_load(connection, caller, items, stream, only_errors, repeat))
        except psycopg.errors.DiskFull as error:
            raise Problem(ProblemKind.STORAGE_FULL, "The events were not stored. Keep them and send them again later.") from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege) as error:
            raise Problem(ProblemKind.NOT_READY, "A table or right is missing in the warehouse.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            detail = "The events may not be stored. Send them again: what is stored already is a duplicate then."
            raise Problem(ProblemKind.DATABASE_UNAVAILABLE, detail, headers={"Retry-After": "5"}) from error


def _load(
    connection: Connection,
    caller: Caller,
    items: Sequence[bytes],
    stream: str | None,
    only_errors: bool,
    repeat: IdempotentRequest | None,
) -> StoredAnswer:
    answer: list[StoredAnswer] = []

    def before_commit(inside: Connection, results: list[ItemResult]) -> None:
        if results and all(result.reason == Reason.TENANT_MISMATCH for result in results):
            raise Problem(ProblemKind.FORBIDDEN, "All events name a tenant that the key has not.")
        answer[:] = [StoredAnswer(200, _summary(results, only_errors))]
        if repeat is not None:
            repeat.store(inside, answer[0])

    load_batch(
        connection,
        tenant_id=caller.tenant_id,
        items=items,
        default_stream=stream,
        received_at=now(),
        source="POST /v1/events",
        before_commit=before_commit,
    )
    return answer[0]


def _summary(results: Sequence[ItemResult], only_errors: bool) -> str:
    counts = {"accepted": 0, "duplicate": 0, "quarantined": 0}
    listed: list[dict[str, Any]] = []
    for result in results:
        counts[result.status] += 1
        if only_errors and result.status != "quarantined":
            continue
        item: dict[str, Any] = {"index": result.index, "event_id": result.event_id, "status": result.status}
        if result.reason is not None:
            item |= {"reason": result.reason, "detail": result.detail}
        listed.append(item)
    body = {"accepted": counts["accepted"], "duplicates": counts["duplicate"], "quarantined": counts["quarantined"], "results": listed}
    return orjson.dumps(body).decode()


def _json(answer: StoredAnswer, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")

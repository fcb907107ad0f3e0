"""Idempotency-Key: the first answer to a request is kept with its effect and given again to each repetition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Header

from agentmarts.service.http.problems import Problem, ProblemKind
from agentmarts.settings import now
from agentmarts.warehouse.connection import Connection

KEPT = timedelta(hours=24)
MAX_KEY_LENGTH = 255

IdempotencyKey = Annotated[str | None, Header(description="Any text of up to 255 characters; a repetition gets the first answer.")]
"""The parameter of a POST."""


@dataclass(frozen=True)
class StoredAnswer:
    """Status and body of the first answer."""

    status: int
    body: str


@dataclass(frozen=True)
class IdempotentRequest:
    """A request that carries a key, and the hash of all that decides its effect."""

    tenant_id: UUID
    path: str
    key: str
    body_sha256: bytes

    @contextmanager
    def locked(self, connection: Connection) -> Iterator[StoredAnswer | None]:
        """Hold the key for this connection (as am_ingest) alone; yields the answer stored for it, if any.

        Raises Problem 409 while another request holds it, 422 when it was used for another body.
        """
        name = f"idempotency:{self.tenant_id}:{self.path}:{self.key}"
        if connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,)).fetchone() != (True,):
            raise Problem(ProblemKind.STILL_RUNNING, "The first request with this key has not ended yet.", headers={"Retry-After": "1"})
        try:
            yield self._stored(connection)
        finally:
            if not connection.closed:
                connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))

    def _stored(self, connection: Connection) -> StoredAnswer | None:
        row = connection.execute(
            "select body_sha256, status, response from ops.idempotency"
            " where tenant_id = %s and path = %s and idempotency_key = %s and created_at > %s",
            (self.tenant_id, self.path, self.key, now() - KEPT),
        ).fetchone()
        if row is None:
            return None
        if bytes(row[0]) != self.body_sha256:
            raise Problem(ProblemKind.IDEMPOTENCY_MISMATCH, "The first request with this key had another body or other parameters.")
        return StoredAnswer(row[1], row[2])

    def store(self, connection: Connection, answer: StoredAnswer) -> None:
        """Keep the answer, in the transaction of the effect; and forget answers of all tenants that are older than a day."""
        at = now()
        connection.execute("delete from ops.idempotency where created_at <= %s", (at - KEPT,))
        connection.execute(
            "insert into ops.idempotency (tenant_id, path, idempotency_key, body_sha256, status, response, created_at)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            (self.tenant_id, self.path, self.key, self.body_sha256, answer.status, answer.body, at),
        )


def idempotent_request(tenant_id: UUID, path: str, key: str | None, *parts: bytes) -> IdempotentRequest | None:
    """From the header and all that decides the effect; None without the header. Raises Problem 400 for a key of a wrong length."""
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_LENGTH:
        raise Problem(ProblemKind.INVALID_REQUEST, f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return IdempotentRequest(tenant_id, path, key, digest.digest())

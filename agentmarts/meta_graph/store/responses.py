"""Answers of Meta in `raw.graph_responses`: whole, without anything secret, emptied when they are old."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from agentmarts.meta_graph.api.response import GraphResponse
from agentmarts.meta_graph.store.text import names_a_secret, storable_json, storable_text
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect

_INSERT = """
insert into raw.graph_responses
  (tenant_id, account_id, response_id, run_id, plan_key, attempt, batch_index, edge, method, path, params, requested_version,
   served_version, http_status, error_code, error_subcode, usage, body, fetched_at, duration_ms)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s)
"""


_PURGE = "select raw.purge_graph_responses(%s, %s)"


class UnscrubbedResponseError(ValueError):
    """An answer still names a token or proof and is not stored; the message says where, never what."""


def store_response(
    connection: Connection,
    tenant_id: UUID,
    account_id: UUID,
    response: GraphResponse,
    *,
    run_id: str,
    plan_key: str,
    attempt: int,
    edge: str,
) -> UUID:
    """Keep one answer inside the caller's transaction; returns its response_id.

    Characters that PostgreSQL cannot keep become U+FFFD. Raises UnscrubbedResponseError before anything is sent, so that the
    transaction lives on.
    """
    texts = {
        "path": storable_text(response.path),
        "params": storable_json(dict(response.params)),
        "usage": storable_json(response.usage.as_json()),
        "body": storable_json(response.scrubbed_body),
    }
    for place, text in texts.items():
        if names_a_secret(text):
            raise UnscrubbedResponseError(f"the {place} of an answer of {edge} names a token or proof: it must be scrubbed first")
    response_id, fault = uuid4(), response.fault
    connection.execute(
        _INSERT,
        (
            tenant_id, account_id, response_id, run_id, plan_key, attempt, response.batch_index, edge, response.method, texts["path"],
            texts["params"], response.requested_version, response.served_version, response.http_status, fault.code if fault else None,
            fault.subcode if fault else None, texts["usage"], texts["body"], response.fetched_at, response.duration_ms,
        ),
    )  # fmt: skip
    return response_id


def purge_responses(connection: Connection, older_than: datetime, at_most: int) -> int:
    """Empty up to so many answers that were fetched before an instant, the oldest first; returns how many.

    What was asked and answered goes; version, usage and instant stay.
    """
    row = connection.execute(_PURGE, (older_than, at_most)).fetchone()
    assert row is not None
    return int(row[0])


# Old answers of Meta are emptied: they are evidence of what was asked lately, and no fact depends on them.
# When they came, which version gave them and at what usage stays: collection_health tells it of all its days, also after a rebuild.

AT_ONCE = 5_000
"""Rows of one transaction, so that nobody waits for long."""
TURNS = 40
"""Transactions of one purge; what is left goes next time."""


def purge_old_responses(settings: Settings, at: datetime, *, at_once: int = AT_ONCE, turns: int = TURNS) -> int:
    """Empty answers older than `graph_responses_days` at an instant (UTC); returns how many. Safe to repeat, to kill and to run twice."""
    older_than, emptied = at - timedelta(days=settings.graph_responses_days), 0
    with connect(settings, Role.INGEST) as connection:
        for _ in range(turns):
            with connection.transaction():
                some = purge_responses(connection, older_than, at_once)
            emptied += some
            if some < at_once:
                break
    return emptied

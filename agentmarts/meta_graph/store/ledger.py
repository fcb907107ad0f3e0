"""`raw.collection_ledger`: what was asked, what came of it, and what need not be asked again or not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from agentmarts.meta_graph.fault import FOR_EVER, QUARANTINE
from agentmarts.meta_graph.model import FINAL_AFTER, LedgerState
from agentmarts.meta_graph.planning.quarantine import Quarantined
from agentmarts.meta_graph.store.text import storable_rows
from agentmarts.warehouse.connection import Connection

WHOLE: Final = "*"
"""Stands for all metrics of an item."""

_RECORD = """
insert into raw.collection_ledger
  (tenant_id, account_id, run_id, plan_key, attempt, group_name, edge, object_type, metric, period, asked_count, answered_count, state,
   http_calls, counted_calls, finished_at, media_product, object_id, window_start, window_end, sample_slot, error_code, error_subcode,
   retry_after, response_id)
select %(tenant_id)s, %(account_id)s, r.*
from json_to_recordset(%(rows)s::json) as r (
  run_id text, plan_key text, attempt smallint, group_name text, edge text, object_type text, metric text, period text,
  asked_count integer, answered_count integer, state text, http_calls integer, counted_calls integer, finished_at timestamptz,
  media_product text, object_id text, window_start timestamptz, window_end timestamptz, sample_slot text, error_code integer,
  error_subcode integer, retry_after timestamptz, response_id uuid)
on conflict (tenant_id, plan_key, attempt, metric, state, object_id) do nothing
"""

_SETTLED = """
select plan_key, array_agg(distinct metric) from raw.collection_ledger
where tenant_id = %s and account_id = %s and state not in ('throttled', 'error') group by plan_key
"""

_SETTLED_AMONG = """
select distinct plan_key from raw.collection_ledger
where tenant_id = %s and account_id = %s and plan_key = any(%s) and metric = '*' and state not in ('throttled', 'error')
"""

_WINDOWS = """
select distinct group_name, window_start, least(window_end, finished_at - %s) from raw.collection_ledger
where tenant_id = %s and account_id = %s and metric = '*' and state not in ('throttled', 'error') and window_start < finished_at - %s
  and (state <> 'not_permitted' or finished_at > %s)
"""

_ATTEMPTS = """
select plan_key, max(attempt) from raw.collection_ledger
where tenant_id = %s and account_id = %s and plan_key = any(%s) group by plan_key
"""

# An answer since then, if only to a probe, lifts it.
IN_QUARANTINE = """
q.retry_after > %(at)s and q.state <> 'throttled' and q.object_id = ''
  and not exists (
    select from raw.collection_ledger later
    where later.tenant_id = q.tenant_id and later.account_id = q.account_id and later.metric = q.metric and later.ledger_id > q.ledger_id
      and later.object_type = q.object_type and later.media_product is not distinct from q.media_product and later.period = q.period
      and (q.state <> 'not_supported' or later.group_name = q.group_name) and later.answered_count > 0)
"""
"""Condition on a row `q` of the ledger: it keeps a metric from being asked at the instant `at`."""

_QUARANTINED = f"""
select distinct q.object_type, q.media_product, q.metric, q.period, case when q.state = 'not_supported' then q.group_name else '' end
from raw.collection_ledger q
where q.tenant_id = %(tenant_id)s and q.account_id = %(account_id)s and {IN_QUARANTINE}
"""  # noqa: S608 - constants

_RESTING = """
select distinct q.group_name, q.object_id, q.metric from raw.collection_ledger q
where q.tenant_id = %(tenant_id)s and q.account_id = %(account_id)s and q.retry_after > %(at)s and q.state <> 'throttled'
  and q.object_id <> ''
  and not exists (
    select from raw.collection_ledger later
    where later.tenant_id = q.tenant_id and later.account_id = q.account_id and later.metric = q.metric and later.ledger_id > q.ledger_id
      and later.group_name = q.group_name and later.object_id = q.object_id and later.answered_count > 0)
"""


@dataclass(frozen=True)
class LedgerRow:
    """One row of raw.collection_ledger without its account. Instants are UTC; a window is half open."""

    run_id: str
    plan_key: str
    attempt: int
    group_name: str
    edge: str
    object_type: str
    metric: str
    """`*`: all metrics of the request."""
    period: str
    asked_count: int
    answered_count: int
    state: LedgerState
    http_calls: int
    """Round trips, booked on one of a request's rows only."""
    counted_calls: int
    finished_at: datetime
    media_product: str | None = None
    object_id: str = ""
    """Set for age slots and for exceptions of one object."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    sample_slot: str = ""
    error_code: int | None = None
    error_subcode: int | None = None
    retry_after: datetime | None = None
    response_id: UUID | None = None


def record(connection: Connection, tenant_id: UUID, account_id: UUID, rows: Sequence[LedgerRow]) -> int:
    """Enter rows inside the caller's transaction, in one round trip; returns how many were new.

    A row that stands there already (same plan key, attempt, metric, state, object) is left as it is.
    """
    if not rows:
        return 0
    entries = storable_rows({**vars(row), "retry_after": _instant(row.retry_after)} for row in rows)
    return connection.execute(_RECORD, {"tenant_id": tenant_id, "account_id": account_id, "rows": entries}).rowcount


@dataclass(frozen=True)
class Settled:
    """What of an account's work has its final answer."""

    items: frozenset[str]
    """Plan keys that are not sent again."""
    parts: Mapping[str, frozenset[str]]
    """Of plan keys that are: metrics that need no further answer. A crash or a throttle came in the middle of them."""


def settled(connection: Connection, tenant_id: UUID, account_id: UUID) -> Settled:
    """Items of work with a final row: any state but throttled and error. The row `*` settles an item whole, another row its metric."""
    rows = connection.execute(_SETTLED, [tenant_id, account_id]).fetchall()
    return Settled(
        frozenset(key for key, metrics in rows if WHOLE in metrics),
        {key: frozenset(metrics) for key, metrics in rows if WHOLE not in metrics},
    )


def settled_among(connection: Connection, tenant_id: UUID, account_id: UUID, plan_keys: Iterable[str]) -> frozenset[str]:
    """Which of these items of work are settled whole."""
    rows = connection.execute(_SETTLED_AMONG, [tenant_id, account_id, list(plan_keys)]).fetchall()
    return frozenset(key for (key,) in rows)


def settled_windows(connection: Connection, tenant_id: UUID, account_id: UUID, at: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """By call group: asked windows (UTC, half open) that are settled whole at an instant, as far as they were final when they were asked.

    What was asked sooner than 72 hours after its end was provisional: if nobody restates it, it is still missing. So is, a week later,
    what was refused for want of a permission: it may have been granted.
    """
    windows: dict[str, list[tuple[datetime, datetime]]] = {}
    for group, start, end in connection.execute(_WINDOWS, [FINAL_AFTER, tenant_id, account_id, FINAL_AFTER, at - QUARANTINE]):
        windows.setdefault(group, []).append((start, end))
    return windows


def last_attempts(connection: Connection, tenant_id: UUID, account_id: UUID, plan_keys: Iterable[str]) -> dict[str, int]:
    """The highest attempt of each of these plan keys that was ever sent; the next one has the number after it."""
    return dict(connection.execute(_ATTEMPTS, [tenant_id, account_id, list(plan_keys)]).fetchall())


def quarantined(connection: Connection, tenant_id: UUID, account_id: UUID, at: datetime) -> set[Quarantined]:
    """What is not to be asked for at this instant; metric `*` stands for all of the object type.

    A quarantine ends with its `retry_after`, or when the same was answered since. Waiting after a throttle is the budget's business.
    """
    rows = connection.execute(_QUARANTINED, {"tenant_id": tenant_id, "account_id": account_id, "at": at}).fetchall()
    return {Quarantined(*row) for row in rows}


def quarantine_of(row: LedgerRow) -> Quarantined:
    """What a row with `retry_after` about all objects of a kind keeps from being asked."""
    return Quarantined(row.object_type, row.media_product, row.metric, row.period, row.group_name if row.state == "not_supported" else "")


def resting_objects(connection: Connection, tenant_id: UUID, account_id: UUID, at: datetime) -> set[tuple[str, str, str]]:
    """(group_name, object_id, metric) not to be asked for at this instant, tombstones included; metric `*` stands for all of the group."""
    return set(connection.execute(_RESTING, {"tenant_id": tenant_id, "account_id": account_id, "at": at}).fetchall())


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else "infinity" if moment >= FOR_EVER else moment.isoformat()

"""What the tests of the collector's store share: an account, plain values, an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from agentmarts.meta_graph.accounts import Account, add_account
from agentmarts.meta_graph.model import Observation
from agentmarts.meta_graph.store.ledger import LedgerRow
from agentmarts.meta_graph.store.observations import StoredCount, store_observations
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, connect
from tests.support.facts.streams import a_tenant, ingest_connection

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
RESPONSE = UUID("00000000-0000-4000-8000-00000000000a")
TOKEN = "EAAB" + "sEcReT0" * 25


@dataclass(frozen=True)
class Refusal:
    """Why an answer is no answer."""

    code: int | None = None
    subcode: int | None = None


@dataclass(frozen=True)
class UsageHeaders:
    """The headers of usage."""

    told: Mapping[str, Any] | None = None

    def as_json(self) -> Mapping[str, Any] | None:
        return self.told


@dataclass(frozen=True)
class Answer:
    """An answer as the client hands it over."""

    method: str = "GET"
    path: str = "17841/insights"
    params: Mapping[str, Any] = field(default_factory=dict)
    requested_version: str = "v25.0"
    served_version: str | None = "v25.0"
    http_status: int | None = 200
    fault: Refusal | None = None
    usage: UsageHeaders = field(default_factory=UsageHeaders)
    scrubbed_body: Any = None
    fetched_at: datetime = NOW
    duration_ms: int | None = 12
    batch_index: int | None = None


SOMEBODY_WAITS: LiteralString = "select exists (select from pg_locks where not granted and locktype = 'transactionid')"


def wait_until(settings: Settings, question: LiteralString, *parameters: Any) -> None:
    """Ask the server until it says true; what other connections do shows only after a moment."""
    with connect(settings, autocommit=True) as connection:
        for _ in range(100_000):
            if connection.execute(question, parameters).fetchone() == (True,):
                return
    raise AssertionError(f"never true: {question}")


@contextmanager
def collector(settings: Settings) -> Iterator[Connection]:
    """A connection as the collector has it, rolled back at the end."""
    with closing(ingest_connection(settings)) as connection:
        yield connection


def an_account(settings: Settings, slug: str = "acme", **changes: Any) -> Account:
    """An Instagram account of a new tenant, committed."""
    tenant = a_tenant(settings, slug)
    with collector(settings) as connection:
        account = add_account(connection, **{**account_values(tenant.tenant_id), **changes})
        connection.commit()
    return account


def account_values(tenant_id: UUID) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "platform": "instagram",
        "graph_id": "17841",
        "login_kind": "facebook_login",
        "token_ref": "acme_instagram",
        "token_kind": "page",
        "at": NOW,
    }


def window(value: int | None = 5, *, day: int = 0, state: str | None = None, **changes: Any) -> Observation:
    """Reach of one asked day; None is empty."""
    fields: dict[str, Any] = {
        "group_name": "ig_total",
        "platform": "instagram",
        "object_type": "ig_user",
        "object_id": "17841",
        "metric": "reach",
        "period": "day",
        "value": None if value is None else Decimal(value),
        "state": state or ("empty" if value is None else "ok"),
        "is_final": False,
        "observed_at": NOW,
        "window_start": MIDNIGHT + timedelta(days=day),
        "window_end": MIDNIGHT + timedelta(days=day + 1),
    }
    return Observation(**{**fields, **changes})


def sample(value: int | None = 5, slot: str = "day:2026-11-20", **changes: Any) -> Observation:
    """Likes of one medium in one slot; None is empty."""
    fields: dict[str, Any] = {
        "group_name": "ig_media",
        "platform": "instagram",
        "object_type": "ig_media",
        "object_id": "901",
        "media_product": "FEED",
        "metric": "like_count",
        "period": "node",
        "value": None if value is None else Decimal(value),
        "state": "empty" if value is None else "ok",
        "is_final": True,
        "observed_at": NOW,
        "sample_slot": slot,
    }
    return Observation(**{**fields, **changes})


def stored(connection: Connection, account: Account, *observations: Observation) -> StoredCount:
    return store_observations(connection, account.tenant_id, account.account_id, RESPONSE, "0123456789ab", observations)


def revisions(connection: Connection, account: Account) -> list[tuple[Any, ...]]:
    """(sample_slot, window_start, revision, value, state) of everything the account has."""
    return connection.execute(
        "select sample_slot, window_start, revision, value, state from raw.metric_observations where tenant_id = %s and account_id = %s "
        "order by sample_slot, window_start, metric, dim_value, revision",
        [account.tenant_id, account.account_id],
    ).fetchall()


def ledger_row(**changes: Any) -> LedgerRow:
    fields: dict[str, Any] = {
        "run_id": "run-1",
        "plan_key": "k1",
        "attempt": 1,
        "group_name": "ig_total",
        "edge": "insights",
        "object_type": "ig_user",
        "metric": "reach",
        "period": "day",
        "asked_count": 1,
        "answered_count": 1,
        "state": "ok",
        "http_calls": 1,
        "counted_calls": 1,
        "finished_at": NOW,
    }
    return LedgerRow(**{**fields, **changes})

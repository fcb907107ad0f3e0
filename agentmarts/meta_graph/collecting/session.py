"""What one run over one account works with: connection, lock, rate limiter, client, clock, and what went wrong so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg.pq import TransactionStatus
from pydantic import SecretStr

from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.api.client import GraphClient
from agentmarts.meta_graph.api.requests import GraphRequest, Params
from agentmarts.meta_graph.api.response import Exchange
from agentmarts.meta_graph.api.secrets import app_of, token_of
from agentmarts.meta_graph.catalogue import CallGroup, Catalogue
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.model import Call, Item, Parsed
from agentmarts.meta_graph.parsing.insights import DICTIONARY_KEY
from agentmarts.meta_graph.planning.quarantine import DeprecatedMetrics
from agentmarts.meta_graph.rate_limit.limiter import RateLimiter
from agentmarts.meta_graph.store import ledger
from agentmarts.meta_graph.store.observations import known_keys
from agentmarts.meta_graph.store.writer import Writer
from agentmarts.settings import Settings
from agentmarts.warehouse.connection import Connection, Role, connect
from agentmarts.warehouse.locks import key_of

OBJECTS: Mapping[str, str] = {"facebook": "page", "instagram": "ig_user"}
"""What an account is in the ledger, by its platform."""


class StoppedError(Exception):
    """Nothing else of the account makes sense to ask in this run."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass
class Session:
    """`work`: a connection as am_ingest that holds the account's lock; each request is one transaction of it."""

    work: Connection
    client: GraphClient
    account: Account
    token: SecretStr = field(repr=False)
    catalogue: Catalogue
    timezone: str
    """IANA zone of the tenant: its local days."""
    writer: Writer
    clock: Callable[[], datetime]

    def get(self, path: str, params: Params, token: SecretStr | None = None) -> Exchange:
        """Send one GET; its attempts are to be stored in one transaction with what they say."""
        return self.client.get(path, params, token or self.token, self.account.api_version)

    def batch(self, requests: Sequence[GraphRequest]) -> Exchange:
        """Send up to 50 GETs in one POST; as `get`."""
        return self.client.batch(requests, self.token, self.account.api_version)

    def is_settled(self, plan_key: str) -> bool:
        """Whether an item of work needs nothing more."""
        with self.work.transaction():
            return plan_key in ledger.settled_among(self.work, self.account.tenant_id, self.account.account_id, [plan_key])


Check = Callable[[Session], Sequence[str]]
"""Something to ask beside the planned metrics, when it is due; returns what a person should know. Raises StoppedError, RefusedError."""


def check_group(account: Account, name: str, edge: str, metrics: Sequence[str], *, period: str = "") -> CallGroup:
    """A call group that stands in the ledger only: what it asks feeds no mart."""
    return CallGroup(
        name=name,
        platform=account.platform,
        object=OBJECTS[account.platform],
        edge=edge,
        metrics=tuple(metrics),
        period=period,
        metric_type=None,
        breakdown=None,
        media_products=frozenset(),
        cadence="daily",
        restate_days=0,
        max_window_days=None,
        day_shift=None,
        permission="",
    )


# Opening what one run over one account works with.

IN_USE = "another run collects this account"


@contextmanager
def open_session(
    settings: Settings,
    account: Account,
    *,
    timezone: str,
    catalogue: Catalogue,
    run_id: str,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Iterator[Session | None]:
    """A session that holds the account's lock while the block runs; None when somebody else holds it. Raises GraphSecretError."""
    app, token = app_of(settings), token_of(account.token_ref)
    with _connections(settings) as (work, budgets), account_lock(work, account.account_id) as is_mine:
        if not is_mine:
            yield None
            return
        limiter = RateLimiter(budgets, account, app.app_id, clock, sleep)
        with GraphClient.from_settings(
            settings, account.login_kind, before_send=limiter.before_send, on_response=limiter.on_response, clock=clock, sleep=sleep
        ) as client:
            yield Session(
                work=work,
                client=client,
                account=account,
                token=token,
                catalogue=catalogue,
                timezone=timezone,
                writer=Writer(work, account, catalogue, run_id),
                clock=clock,
            )


@contextmanager
def _connections(settings: Settings) -> Iterator[tuple[Connection, Connection]]:
    """One for an account's facts, one for the budgets, which must be committed whatever becomes of the facts."""
    with connect(settings, Role.INGEST) as work, connect(settings, Role.INGEST) as budgets:
        work.commit()
        budgets.commit()
        yield work, budgets


# One collector per account: an advisory lock that dies with its connection.


@contextmanager
def account_lock(connection: Connection, account_id: UUID) -> Iterator[bool]:
    """Hold the account's lock on this connection while the block runs; yields False when somebody else collects it, without waiting.

    The connection must be idle; it may commit and roll back inside the block, the lock stays. What the block left uncommitted when it
    failed is rolled back before the lock is given up, so that the next collector sees all or nothing. Raises RuntimeError when the
    connection is not idle, or when the block ends well with something uncommitted.
    """
    key = key_of(f"meta_graph account {account_id}")
    if not _is_idle(connection):
        raise RuntimeError("the account lock wants a connection without an open transaction")
    with connection.transaction():
        row = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
    is_held = bool(row and row[0])
    try:
        yield is_held
        if not connection.closed and not _is_idle(connection):
            raise RuntimeError("facts of the account are not committed while its lock is given up")
    finally:
        if is_held and not connection.closed:
            connection.rollback()
            with connection.transaction():
                connection.execute("select pg_advisory_unlock(%s)", (key,))


def _is_idle(connection: Connection) -> bool:
    return connection.info.transaction_status == TransactionStatus.IDLE


# What the calls of one run over one account share: the session, and what went wrong so far.


class MissingObject(NamedTuple):
    """A post or medium that Meta says it does not have."""

    call: Call
    item: Item
    fault: Fault

    @property
    def object_id(self) -> str:
        """Its id at Meta."""
        return self.item.question.object_id


@dataclass
class RunState:
    """Grows while the run's calls go out."""

    session: Session
    deprecated: DeprecatedMetrics = field(default_factory=DeprecatedMetrics)
    failures: list[str] = field(default_factory=list)
    """Requests that failed and are due again, as sentences."""
    missing: list[MissingObject] = field(default_factory=list)
    _keys: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def missing_ids(self) -> tuple[str, ...]:
        """The missing objects' ids, in the order they were asked for."""
        return tuple(one.object_id for one in self.missing)

    def known_keys(self, object_ids: Sequence[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """By object and metric: the keys of dictionaries ever observed, at least those of these objects; inside the caller's transaction.

        An object is looked up once in a run: while it holds the account's lock, only its own answers bring others.
        """
        if unread := set(object_ids) - self._keys.keys():
            account = self.session.account
            found = known_keys(self.session.work, account.tenant_id, account.account_id, sorted(unread))
            self._keys.update({object_id: dict(found.get(object_id, {})) for object_id in unread})
        return self._keys

    def note_keys(self, parsed: Parsed) -> None:
        """Keys of an answer that is being kept are known to the answers after it."""
        for one in parsed.observations:
            metrics = self._keys.get(one.object_id)
            if metrics is not None and one.dim_key == DICTIONARY_KEY:
                metrics[one.metric] = metrics.get(one.metric, frozenset()) | {one.dim_value}

"""What one run over one account works with: its connection, its gate, its client, its clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr

from agentmarts.meta_graph import ledger
from agentmarts.meta_graph.accounts import Account
from agentmarts.meta_graph.catalogue import CallGroup, Catalogue
from agentmarts.meta_graph.client import GraphClient
from agentmarts.meta_graph.fault import Fault
from agentmarts.meta_graph.gate import Gate
from agentmarts.meta_graph.keeping import Keeper
from agentmarts.meta_graph.outgoing import Params
from agentmarts.meta_graph.response import GraphResponse
from agentmarts.warehouse.connection import Connection

STOPPING = frozenset({"throttled_app", "throttled_token", "throttled_asset", "token_invalid", "bad_proof"})
"""Faults after which no other request of the account would fare better."""
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
    gate: Gate
    client: GraphClient
    account: Account
    token: SecretStr = field(repr=False)
    catalogue: Catalogue
    timezone: str
    """IANA zone of the tenant: its local days."""
    keeper: Keeper
    clock: Callable[[], datetime]
    asking: tuple[str, str] = ("", "")
    """Plan key and edge of the request that is under way."""

    def get(self, plan_key: str, edge: str, path: str, params: Params, token: SecretStr | None = None) -> GraphResponse:
        """Send one GET for an item of work; `take` its attempts in the transaction that keeps it. Raises RefusedError of the gate."""
        self.asking = (plan_key, edge)
        return self.client.get(path, params, token or self.token, self.account.api_version)

    def is_settled(self, plan_key: str) -> bool:
        """Whether an item of work needs nothing more."""
        with self.work.transaction():
            return plan_key in ledger.settled_among(self.work, self.account.tenant_id, self.account.account_id, [plan_key])


Duty = Callable[[Session], Sequence[str]]
"""Something to ask beside the planned metrics, when it is due; returns what a person should know. Raises StoppedError, RefusedError."""


def duty_group(account: Account, name: str, edge: str, metrics: Sequence[str], *, period: str = "") -> CallGroup:
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
